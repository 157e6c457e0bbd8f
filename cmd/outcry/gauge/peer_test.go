package gauge_test

import (
	"context"
	"math"
	"os"
	"slices"
	"testing"

	"outcry"
	"outcry/cmd/outcry/gauge"
	"outcry/policy"
	"outcry/sim/crowd"
)

// TestPeers_FindWhatIsNearest runs where OUTCRY_POSTGIS or OUTCRY_REDIS name
// servers: scripts/peers go test ./cmd/outcry/gauge.
func TestPeers_FindWhatIsNearest(t *testing.T) {
	t.Parallel()
	for _, plan := range []gauge.PeerPlan{
		{Name: "PostGIS", Address: os.Getenv("OUTCRY_POSTGIS"), Open: gauge.PostGIS},
		{Name: "Redis", Address: os.Getenv("OUTCRY_REDIS"), Open: gauge.Redis},
	} {
		t.Run(plan.Name, func(t *testing.T) {
			t.Parallel()
			if plan.Address == "" {
				t.Skip("no server is named: scripts/peers go test ./cmd/outcry/gauge")
			}
			finder, version, err := plan.Open(t.Context(), plan.Address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := finder.Close(context.WithoutCancel(t.Context())); err != nil {
					t.Error(err)
				}
			}()
			if version == "" {
				t.Error("it tells no version")
			}
			c, p := crowd.New(5, 20_000), policy.Default()
			if err := finder.Load(t.Context(), c, t.Logf); err != nil {
				t.Fatal(err)
			}
			shops := make([]outcry.Listing, c.Len())
			for i := range shops {
				shops[i] = c.Listing(i)
			}
			found := 0
			for i := range 200 {
				q := c.Query(i, &p)
				got, err := finder.Nearest(t.Context(), gauge.Nearby{Codes: q.Codes, Place: q.Place, RadiusM: q.RadiusM}, crowd.Wanted)
				if err != nil {
					t.Fatal(err)
				}
				found += len(got)
				all, err := finder.Nearest(t.Context(), gauge.Nearby{Codes: q.Codes, Place: q.Place, RadiusM: q.RadiusM}, 0)
				if err != nil {
					t.Fatal(err)
				}
				checkAll(t, got, all)
				checkNearest(t, shops, gauge.Nearby{Codes: q.Codes, Place: q.Place, RadiusM: q.RadiusM}, got)
			}
			if found < 200 {
				t.Errorf("only %d shops found by 200 queries", found)
			}
		})
	}
}

// checkAll checks that all shops are the nearest and others, each once.
func checkAll(t *testing.T, near, all []string) {
	t.Helper()
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) || len(near) != min(len(all), crowd.Wanted) {
		t.Errorf("%d shops of which %d are the nearest, or one is there twice", len(all), len(near))
	}
	for _, id := range near {
		if _, ok := slices.BinarySearch(all, id); !ok {
			t.Errorf("%s is near, and not among all", id)
		}
	}
}

// checkNearest compares with looking at every shop. Peers measure on another
// globe or with rounded places, so a few metres more or less are as near.
func checkNearest(t *testing.T, shops []outcry.Listing, n gauge.Nearby, got []string) {
	t.Helper()
	const slack = 0.002
	var metres []float64
	byID := map[string]float64{}
	for i := range shops {
		l := &shops[i]
		away := l.Place.DistanceM(n.Place)
		holds := slices.ContainsFunc(l.Codes, func(code outcry.Code) bool { return slices.Contains(n.Codes, code) })
		if l.State == outcry.ShopActive && holds && away <= float64(n.RadiusM) {
			metres = append(metres, away)
			byID[l.ID] = away
		}
	}
	slices.Sort(metres)
	want := metres[:min(len(metres), crowd.Wanted)]
	if len(got) != len(want) && math.Abs(metres[len(metres)-1]-float64(n.RadiusM)) > slack*float64(n.RadiusM) {
		t.Errorf("%d shops within %d m of %v, not %d", len(got), n.RadiusM, n.Place, len(want))
		return
	}
	for i, id := range got[:min(len(got), len(want))] {
		if away, ok := byID[id]; ok && math.Abs(away-want[i]) > slack*want[i]+2 {
			t.Errorf("at place %d a shop %.0f m away, not %.0f m", i+1, away, want[i])
		}
	}
}

func TestCompare_APeerThatIsMissingSaysSo(t *testing.T) {
	t.Parallel()
	dead := gauge.PeerPlan{Name: "Redis", Address: t.TempDir() + "/none.sock", Open: gauge.Redis}
	got, err := plan(t, 500, newFake()).Compare(t.Context(), []gauge.PeerPlan{dead, {Name: "PostGIS"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Missing == "" || got[1].Missing == "" || got[0].Name != "Redis" {
		t.Errorf("%+v", got)
	}
}
