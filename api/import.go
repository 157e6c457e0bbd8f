package api

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"outcry"
	"outcry/directory"
	"outcry/onboarding"
	"outcry/wire"
)

// fileTypes are the media types in which files come.
var fileTypes = []string{
	"text/csv", "text/plain", "text/tab-separated-values", "application/csv", "application/geo+json", "application/json",
	"application/gzip", "application/x-gzip", "application/octet-stream", "multipart/form-data",
}

func (a *api) importRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/import", name: "import-shops", tag: tagShops, access: operator, raw: fileTypes, slow: true,
		summary: "Bring in shops from a CSV or GeoJSON file, and hear of each row that was not taken and why", audited: true,
	}, a.importShops)
	serve(a, route{
		method: http.MethodPost, path: "/v1/signals/import", name: "import-signals", tag: tagSignals, access: operator, raw: fileTypes, slow: true,
		summary: "Add the codes of a taxonomy: Shopify's or Google's text, as they publish it", audited: true,
	}, a.importSignals)
}

// rawBody describes a body that is a file.
func rawBody(types []string) *huma.RequestBody {
	body := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}, Description: "The file itself; or multipart/form-data " +
		"with the part file and, for each parameter that the query could have, a part of its name; or a JSON object of those " +
		"parameters with the file's text as data."}
	for _, t := range types {
		body.Content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return body
}

// ImportPlan says how a file of shops is to be read.
type ImportPlan struct {
	Format         string   `query:"format" json:"format" enum:"csv,geojson" doc:"looked for in the file unless said"`
	Columns        string   `query:"columns" json:"-" doc:"their column for each of our fields, where the headings do not tell it, as a JSON object"`
	Map            []string `query:"map,explode" json:"-" doc:"the same, one by one: map=name=Shop%20name&map=lat=y"`
	Source         string   `query:"source" json:"source" doc:"where the ids come from; keeps the ids of different files apart"`
	Kind           string   `query:"kind" json:"kind" doc:"the kind of shops of which the file tells none: a signal code, a kind such as bakery, or words"`
	TimeZone       string   `query:"time_zone" json:"time_zone" doc:"an IANA name; without one hours go by each shop's longitude" example:"Europe/London"`
	Languages      []string `query:"languages" json:"languages" doc:"what the shops speak; English unless said"`
	ServiceRadiusM int      `query:"service_radius_m" json:"service_radius_m" minimum:"0" doc:"in metres; 5 km unless said, and 20 km for trades that visit"`
	PriceLevel     int      `query:"price_level" json:"price_level" minimum:"0" maximum:"4" doc:"1 to 4; 2 unless said"`
	Capabilities   []string `query:"capabilities" json:"capabilities" doc:"what all the shops can do; by their kinds unless said"`
	State          string   `query:"state" json:"state" enum:"active,pending" doc:"of new shops; active unless said"`
	DryRun         bool     `query:"dry_run" json:"dry_run" doc:"report only, and change nothing"`
}

func (a *api) importShops(ctx context.Context, in *struct {
	ImportPlan
	ContentType string `header:"Content-Type"`
	RawBody     []byte
}) (*reply[wire.Imported], error) {
	f, err := openUpload(in.ContentType, in.RawBody, in.ImportPlan)
	if err != nil {
		return nil, err
	}
	report, err := a.Onboarding.Import(ctx, actorOf(ctx), f.data, f.plan)
	if err != nil {
		return nil, relocated(err, "plan", f.where)
	}
	return as(imported(report)), nil
}

// imported shows what became of a file.
func imported(r onboarding.Report) wire.Imported {
	out := wire.Imported{
		Rows: r.Rows, Taken: r.Taken, Added: r.Added, Updated: r.Updated, DryRun: r.DryRun,
		Skipped: len(r.Skipped), Skips: make([]wire.Skipped, len(r.Skipped)),
	}
	for i, s := range r.Skipped {
		out.Skips[i] = wire.Skipped(s)
	}
	for _, n := range r.Notes {
		text := n.Text
		if n.Row > 0 {
			text = fmt.Sprintf("row %d, %s: %s", n.Row, cmp.Or(n.Name, "no name"), n.Text)
		}
		out.Notes = append(out.Notes, text)
	}
	return out
}

func (a *api) importSignals(ctx context.Context, in *struct {
	Format      string `query:"format" enum:"shopify,google" doc:"looked for in the file unless said"`
	DryRun      bool   `query:"dry_run" doc:"report only, and change nothing"`
	ContentType string `header:"Content-Type"`
	RawBody     []byte
}) (*reply[wire.Imported], error) {
	f, err := openUpload(in.ContentType, in.RawBody, ImportPlan{DryRun: in.DryRun})
	if err != nil {
		return nil, err
	}
	signals, report, err := loadSignals(f.data, in.Format)
	if err != nil {
		return nil, err
	}
	out := wire.Imported{
		Rows: report.Lines, Taken: report.Taken, Skipped: report.Skipped, Skips: make([]wire.Skipped, len(report.Skips)), DryRun: f.plan.DryRun,
	}
	for i, s := range report.Skips {
		out.Skips[i] = wire.Skipped{Row: s.Line, Name: s.Text, Reason: s.Reason}
	}
	if len(signals) == 0 {
		return nil, outcry.BadField("body", "send lines such as gid://shopify/TaxonomyCategory/aa-8 : Apparel > Shoes, or 187 - Apparel > Shoes")
	}
	if f.plan.DryRun {
		return as(out), nil
	}
	tree := a.Directory.Tree()
	changed, err := a.Directory.Import(ctx, actorOf(ctx), signals)
	for _, code := range changed {
		if _, known := tree.Get(code); known {
			out.Updated++
		} else {
			out.Added++
		}
	}
	return as(out), err
}

// loadSignals reads a taxonomy in its format, or in that which its first line
// has.
func loadSignals(r io.Reader, format string) ([]outcry.Signal, directory.Report, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, directory.Report{}, err
	}
	if format == "shopify" {
		return directory.LoadShopify(bytes.NewReader(data))
	}
	if format == "google" {
		return directory.LoadGoogle(bytes.NewReader(data))
	}
	signals, report, err := directory.LoadShopify(bytes.NewReader(data))
	if err == nil && len(signals) == 0 {
		return directory.LoadGoogle(bytes.NewReader(data))
	}
	return signals, report, err
}
