package onboarding

import (
	"maps"
	"slices"
	"strings"

	"outcry"
)

// The formats of a file.
const (
	CSV     = "csv"
	GeoJSON = "geojson"
)

// Plan says how a file is to be read, and what holds for shops of which the
// file does not say.
type Plan struct {
	// Format is CSV or GeoJSON; "" looks at the file.
	Format string
	// Columns names their column for each of our fields (see Fields), where
	// their headings do not tell it.
	Columns map[string]string
	// Source names where the ids come from, such as "chamber"; it keeps ids of
	// different files apart. "" takes ids as they are.
	Source string
	// Kind is the kind of shops of which the file tells none: a signal code, a
	// value of OpenStreetMap such as "bakery", or words.
	Kind string
	// TimeZone is an IANA name. "" goes by each shop's longitude, an hour for
	// 15 degrees without summer time, and says so in the report.
	TimeZone string
	// Languages are what the shops speak; none is English.
	Languages []string
	// ServiceRadiusM is in metres; 0 is 5 km, and 20 km for trades that visit.
	ServiceRadiusM int
	// PriceLevel is 1 to 4; 0 is 2.
	PriceLevel int
	// Capabilities are what all the shops can do; none goes by their kinds.
	Capabilities []string
	// State is that of new shops; "" is active, since the operator imports.
	State outcry.ShopState
	// DryRun reads and reports, and changes nothing.
	DryRun bool
}

// maxColumns bounds the columns of a plan and maxSource the name of a source,
// in bytes.
const (
	maxColumns = 100
	maxSource  = 40
)

// ready is the plan with its defaults, or everything that is wrong with it.
func (p Plan) ready() (Plan, error) {
	var bad outcry.Complaints
	if p.Format = strings.ToLower(p.Format); !slices.Contains([]string{"", CSV, GeoJSON}, p.Format) {
		bad.Add("plan.format", "write csv or geojson, or leave it out")
	}
	p.checkColumns(&bad)
	if len(p.Source) > maxSource || !plain(p.Source) {
		bad.Add("plan.source", "write a name of at most %d bytes, for example chamber-2026", maxSource)
	}
	if len(p.Kind) > maxValue || !plain(p.Kind) {
		bad.Add("plan.kind", "write a signal code, a kind such as bakery, or words")
	}
	if p.TimeZone != "" {
		checkTimeZone(&bad, "plan.time_zone", p.TimeZone)
	}
	p.Languages = checkLanguages(&bad, "plan.languages", p.Languages)
	if p.ServiceRadiusM != 0 {
		outcry.CheckRadius(&bad, "plan.service_radius_m", p.ServiceRadiusM)
	}
	if p.PriceLevel == 0 {
		p.PriceLevel = defaultPriceLevel
	}
	checkPriceLevel(&bad, "plan.price_level", p.PriceLevel)
	checkCapabilities(&bad, "plan.capabilities", p.Capabilities)
	if p.State == "" {
		p.State = outcry.ShopActive
	}
	if p.State != outcry.ShopActive && p.State != outcry.ShopPending {
		bad.Add("plan.state", "write %s or %s", outcry.ShopActive, outcry.ShopPending)
	}
	return p, bad.Err()
}

// checkColumns makes the plan's columns keys as those of a row.
func (p *Plan) checkColumns(c *outcry.Complaints) {
	if len(p.Columns) > maxColumns {
		c.Add("plan.columns", "write at most %d columns", maxColumns)
		return
	}
	columns := map[string]string{}
	for _, ours := range slices.Sorted(maps.Keys(p.Columns)) {
		theirs := keyOf(p.Columns[ours])
		switch {
		case headings[ours] == nil:
			c.Add("plan.columns."+clip(ours), "there is no such field; write one of %s", strings.Join(Fields, ", "))
		case theirs == "":
			c.Add("plan.columns."+ours, "write the heading of their column")
		default:
			columns[ours] = theirs
		}
	}
	p.Columns = columns
}
