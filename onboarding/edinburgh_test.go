package onboarding_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/directory"
	"outcry/matching/selection"
	"outcry/onboarding"
	"outcry/policy"
	"outcry/store"
)

var _ onboarding.Kinds = (*directory.Directory)(nil)

// edinburgh is a file of real shops, all of which have a shop kind: (c)
// OpenStreetMap contributors, ODbL.
func edinburgh(t *testing.T) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	const name = "../shared/data/shops/osm-edinburgh-2016.csv.gz"
	text, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the shops of Edinburgh are not here: %s, seen from the root of the tree", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestImport_Edinburgh(t *testing.T) {
	t.Parallel()
	text := edinburgh(t)
	h := newHall(t, func(c *onboarding.Config) {
		kept, ok := c.Shops.(*store.Store)
		if !ok {
			t.Fatal("the hall's shops are in no store")
		}
		d, err := directory.Open(t.Context(), kept)
		if err != nil {
			t.Fatal(err)
		}
		c.Kinds = d
	})
	plan := onboarding.Plan{TimeZone: "Europe/London"}
	start := time.Now()
	report, err := h.Import(t.Context(), h.actor("op"), bytes.NewReader(text), plan)
	if err != nil {
		t.Fatal(err)
	}
	share := float64(report.Taken) / float64(report.Rows)
	t.Logf("%d rows, %d taken (%.1f %%) in %s, %d skipped, %d notes", report.Rows, report.Taken, 100*share,
		time.Since(start).Round(time.Millisecond), len(report.Skipped), len(report.Notes))
	if report.Rows != 3233 || share < 0.95 || report.Taken+len(report.Skipped) != report.Rows {
		t.Errorf("taken are %.1f %% of %d rows, want 95 %% of 3233 at least; skipped %d", 100*share, report.Rows, len(report.Skipped))
	}
	for _, s := range report.Skipped {
		t.Logf("skipped: row %d, %s %q: %s", s.Row, s.Source, s.Name, s.Reason)
	}
	h.checkEdinburgh(report)

	again, err := h.Import(t.Context(), h.actor("op"), bytes.NewReader(text), plan)
	if err != nil || again.Updated != report.Taken || again.Added != 0 {
		t.Errorf("again: %d updated, %d added, %v", again.Updated, again.Added, err)
	}
}

// checkEdinburgh looks whether what was taken can trade.
func (h *hall) checkEdinburgh(report onboarding.Report) {
	h.t.Helper()
	unread := 0
	for _, n := range report.Notes {
		if strings.Contains(n.Text, "opening hours") {
			unread++
			h.t.Logf("hours: row %d %q: %s", n.Row, n.Name, n.Text)
		}
	}
	if unread > 5 { // of the 258 that say any
		h.t.Errorf("the opening hours of %d shops cannot be read", unread)
	}
	bicycles := h.from("node/21306881")
	rules := policy.Default()
	query := &selection.Query{
		Codes: []outcry.Code{"osm:shop=bicycle", "osm:shop"}, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: 3000,
		Policy: &rules,
	}
	for at, open := range map[string]bool{
		// Mo-Fr 09:00-19:00; Sa-Su 10:00-18:00, an hour ahead of UTC in summer.
		"2026-07-06T07:59:00Z": false, "2026-07-06T08:00:00Z": true, "2026-07-06T18:00:00Z": false,
		"2026-12-07T08:59:00Z": false, "2026-12-07T09:00:00Z": true, "2026-12-06T09:30:00Z": false,
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			h.t.Fatal(err)
		}
		query.When, query.Now, query.Deadline = when, when, when.Add(time.Hour)
		if v, ok := h.scan.Why(query, bicycles.ID); !ok || v.OK != open || !open && v.Rule != selection.RuleHours {
			h.t.Errorf("at %s it may be called: %v (%s), want %v", at, v.OK, v.Rule, open)
		}
	}
	if found, _ := h.scan.Select(query, 50, nil); len(found) < 3 {
		h.t.Errorf("%d shops for bicycles can be called in the middle of Edinburgh", len(found))
	}
}

// from is the shop that came from a source.
func (h *hall) from(source string) (found outcry.Shop) {
	h.t.Helper()
	err := h.store.EachListing(h.t.Context(), func(l outcry.Listing) error {
		if l.Source == source {
			found = l.Shop
		}
		return nil
	})
	if err != nil || found.ID == "" {
		h.t.Fatalf("no shop is from %s: %v", source, err)
	}
	return found
}
