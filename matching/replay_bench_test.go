package matching_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/learning"
	"outcry/matching/selection"
	"outcry/policy"
)

// BenchmarkReplay replays 1,000 requests of 20 to 60 s for 3 to 5 offers, each
// of which about 70 shops of a city may be called for.
func BenchmarkReplay(b *testing.B) {
	const requests = 1000
	r, p := rand.New(rand.NewPCG(1, 2)), policy.Default()
	shops, log := selection.NewIndex(), newJournal()
	begin := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	near := func() outcry.Place {
		return outcry.Place{Lat: 55.95 + 0.02*r.NormFloat64(), Lon: -3.19 + 0.04*r.NormFloat64()}
	}
	for i := range 5000 {
		id := fmt.Sprintf("shop_%04d", i)
		shop := outcry.Shop{
			ID: id, Place: near(), ServiceRadiusM: 5000, TimeZone: "UTC", PriceLevel: 1 + r.IntN(4), State: outcry.ShopActive,
			Answers: outcry.ByPerson, Hours: "Mo-Su 08:00-20:00",
		}
		if err := shops.Put(outcry.Listing{Shop: shop, Codes: []outcry.Code{outcry.Code(fmt.Sprintf("osm:shop=%d", r.IntN(40)))}}); err != nil {
			b.Fatal(err)
		}
		shops.Connect(id, 1, begin)
	}
	for i := range requests {
		at := begin.Add(time.Duration(i) * 10 * time.Second)
		q := outcry.Request{
			ID: fmt.Sprintf("req_%026d", i), Buyer: "mem_buyer", Accepts: 1, State: outcry.RequestClosed, Reason: outcry.ClosedNobody,
			Created: at, Closed: at.Add(time.Minute),
			Ask: outcry.Ask{
				Code: outcry.Code(fmt.Sprintf("osm:shop=%d", r.IntN(40))), Quantity: 1, Place: near(), RadiusM: 4000,
				Deadline: at.Add(time.Duration(20+r.IntN(41)) * time.Second), Wanted: 3 + r.IntN(3),
			},
		}
		log.requests[q.ID] = q
	}
	m := matching.New(matching.Config{
		Journal: log, Tree: anything{}, Forms: anything{}, Shops: shops, Learning: learning.New(func() *policy.Policy { return &p }),
		Bell: &bell{}, Policies: compiled(p), Clock: func() time.Time { return begin.Add(24 * time.Hour) }, Log: slog.New(slog.DiscardHandler),
	})
	other := rules(func(p *policy.Policy) { p.Waves.Margin = 1 })
	b.ReportAllocs()
	for b.Loop() {
		got, err := m.Replay(b.Context(), operator, other, matching.Span{Past: history{log}, Since: begin, Most: requests})
		if err != nil || got.Requests != requests || got.Present.Calls < 10*requests {
			b.Fatalf("%+v, %v", got, err)
		}
	}
	b.ReportMetric(float64(requests)*float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
