package onboarding_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"testing"
	"time"
	"unicode/utf8"

	"outcry"
	"outcry/onboarding"
)

// heap takes in what is imported, without a store.
type heap struct {
	onboarding.Shops
	taken []outcry.Listing
}

func (h *heap) ImportShops(_ context.Context, _ string, listings []outcry.Listing) (int, error) {
	h.taken = append(h.taken, listings...)
	return len(listings), nil
}

func (h *heap) Book(context.Context, string) (outcry.Book, error) { return outcry.Book{}, nil }

func (h *heap) EachListing(_ context.Context, do func(outcry.Listing) error) error {
	for _, l := range h.taken {
		if err := do(l); err != nil {
			return err
		}
	}
	return nil
}

func (h *heap) Put(outcry.Listing) error { return nil }

// FuzzImport sees to it that whatever file comes, what is taken is a shop as
// Register would take it, and all else is told.
func FuzzImport(f *testing.F) {
	for _, text := range []string{
		osmFile, "title;lat;lng;category\nA;1;2;bakery\n", "\ufeffname\tlat\tlon\tkind\nA\t1\t2\tbakery", "\x1f\x8b", "sep=|\nname|lat|lon|kind\n",
		feature(`{"name":"A","shop":"bakery"}`, `{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2]]]}`), `{"features":[{}]}`,
		"name,place,kind,hours,radius\n\"A\nB\",POINT(1 2),bakery,Mo 9,3km\n\x80,\"1,2\",bakery,,\n", "name,lat,lon,kind\nA,1e308,-1e-308,bakery",
	} {
		f.Add([]byte(text))
	}
	operator := outcry.NewActor(outcry.Member{ID: "mem_op", Operator: true}, outcry.Token{}, nil)
	f.Fuzz(func(t *testing.T, text []byte) {
		into := &heap{}
		o := onboarding.New(onboarding.Config{
			Shops: into, Books: into, Listings: into, Actors: &actors{}, Kinds: kinds{}, Clock: time.Now, Random: rand.Reader,
		})
		report, err := o.Import(t.Context(), operator, bytes.NewReader(text), onboarding.Plan{TimeZone: "Europe/London"})
		if err != nil && outcry.KindOf(err) != outcry.Invalid {
			t.Fatalf("the file is told to be %v", err)
		}
		if err == nil && report.Rows != report.Taken+len(report.Skipped) || report.Taken != len(into.taken) {
			t.Fatalf("of %d rows %d were taken (%d) and %d skipped", report.Rows, report.Taken, len(into.taken), len(report.Skipped))
		}
		for _, l := range into.taken {
			checkShop(t, l)
		}
		for _, s := range report.Skipped {
			if s.Reason == "" || !utf8.ValidString(s.Reason) || s.Row < 1 {
				t.Fatalf("skipped as %+v", s)
			}
		}
	})
}

// checkShop says what Register would not have taken.
func checkShop(t *testing.T, l outcry.Listing) {
	t.Helper()
	var bad outcry.Complaints
	l.Place.Check(&bad, "place")
	outcry.CheckRadius(&bad, "service_radius_m", l.ServiceRadiusM)
	if _, err := outcry.ParseHours(l.Hours); err != nil {
		t.Errorf("hours: %v", err)
	}
	if n := utf8.RuneCountInString(l.Name); n < 1 || n > 120 || !utf8.ValidString(l.Name) || utf8.RuneCountInString(l.Contact) > 300 {
		t.Errorf("named %q, contact %q", l.Name, l.Contact)
	}
	if err := bad.Err(); err != nil || len(l.Codes) == 0 || len(l.Languages) == 0 || len(l.Capabilities) == 0 || l.PriceLevel < 1 || l.PriceLevel > 4 || l.Source == "" {
		t.Errorf("taken as %+v: %v", l, err)
	}
}
