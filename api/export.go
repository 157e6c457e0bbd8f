package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"outcry"
)

func (a *api) exportRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/export/{file}", name: "export", tag: tagOperating, access: operator, streams: true,
		summary: "Get all requests, offers or orders as a file",
	}, a.export)
}

// exportPage is how many things are read at once, and written in one go.
const exportPage = 200

// row is one line of an export.
type row interface {
	// cells are the values in the order of the export's columns.
	cells() []string
}

// table is what an export has: its columns and, lazily, its rows.
type table struct {
	columns []string
	rows    func(ctx context.Context) iter.Seq2[row, error]
}

func (a *api) export(ctx context.Context, in *struct {
	File string `path:"file" enum:"requests.csv,requests.jsonl,offers.csv,offers.jsonl,orders.csv,orders.jsonl"`
}) (*huma.StreamResponse, error) {
	what, format, _ := strings.Cut(in.File, ".")
	t := map[string]table{
		"requests": {requestColumns, a.requestRows}, "offers": {offerColumns, a.offerRows}, "orders": {orderColumns, a.orderRows},
	}[what]
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		_, w := humago.Unwrap(hc)
		w.Header().Set("Content-Type", map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}[format])
		w.Header().Set("Content-Disposition", `attachment; filename="`+in.File+`"`)
		if err := writeTable(ctx, w, t, format); err != nil {
			a.Log.WarnContext(ctx, "an export broke off", "request_id", visitOf(ctx).id, "error", err)
			panic(http.ErrAbortHandler) // so that the reader sees that it is not whole
		}
	}}, nil
}

// writeTable writes rows as they are read. A reader that takes nothing for a
// while is given up.
func writeTable(ctx context.Context, w http.ResponseWriter, t table, format string) error {
	clock := http.NewResponseController(w)
	buffer := bufio.NewWriter(w)
	put := jsonLines(buffer)
	if format == "csv" {
		put = csvLines(buffer, t.columns)
	}
	n := 0
	for r, err := range t.rows(ctx) {
		if err == nil {
			err = put(r)
		}
		if err != nil {
			return err
		}
		if n++; n%exportPage == 0 {
			_ = clock.SetWriteDeadline(time.Now().Add(takeTime)) // not every writer has one
		}
	}
	if err := put(nil); err != nil {
		return err
	}
	return buffer.Flush()
}

// jsonLines writes a JSON object a line; nil ends it.
func jsonLines(w io.Writer) func(row) error {
	return func(r row) error {
		if r == nil {
			return nil
		}
		if err := encode(w, r); err != nil {
			return err
		}
		_, err := io.WriteString(w, "\n")
		return err
	}
}

// csvLines writes a line of headings, then a line each; nil ends it.
func csvLines(w io.Writer, columns []string) func(row) error {
	out := csv.NewWriter(w)
	begun := false
	return func(r row) error {
		if !begun {
			begun = true
			if err := out.Write(columns); err != nil {
				return err
			}
		}
		if r == nil {
			out.Flush()
			return out.Error()
		}
		return out.Write(r.cells())
	}
}

// pages gives all items of a list that is read page by page.
func pages[T any](read func(outcry.Page) ([]T, string, error), show func(T) row) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for p := (outcry.Page{Limit: exportPage}); ; {
			items, next, err := read(p)
			if err != nil {
				yield(nil, fmt.Errorf("read a page of the export: %w", err))
				return
			}
			for _, x := range items {
				if !yield(show(x), nil) {
					return
				}
			}
			if next == "" {
				return
			}
			p.After = next
		}
	}
}

func (a *api) requestRows(ctx context.Context) iter.Seq2[row, error] {
	return pages(func(p outcry.Page) ([]outcry.Request, string, error) { return a.Requests.Requests(ctx, "", p) }, requestRowOf)
}

func (a *api) orderRows(ctx context.Context) iter.Seq2[row, error] {
	return pages(func(p outcry.Page) ([]outcry.Order, string, error) { return a.Orders(ctx, OrdersOf{}, p) }, orderRowOf)
}

// offerRows are all versions of all offers, from the log as it is now.
func (a *api) offerRows(ctx context.Context) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		last, err := a.Events.LastSeq(ctx)
		for after := int64(0); err == nil && after < last; {
			var events []outcry.Event
			if events, err = a.Events.Tail(ctx, after, exportPage); err != nil || len(events) == 0 {
				break
			}
			after = events[len(events)-1].Seq
			for _, e := range events {
				if e.Offer != nil && e.Seq <= last && !yield(offerRowOf(e), nil) {
					return
				}
			}
		}
		if err != nil {
			yield(nil, fmt.Errorf("read the log for the export: %w", err))
		}
	}
}
