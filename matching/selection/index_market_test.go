package selection_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

// market is made-up shops and queries that meet every rule, at places where
// geometry is hard, with figures that often tie. Its codes are a tree of three
// levels.
type market struct {
	*rand.Rand
	middles []outcry.Place
	codes   []outcry.Code
	parent  map[outcry.Code]outcry.Code
}

// now is a Monday.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newMarket(seed uint64) *market {
	m := &market{Rand: rand.New(rand.NewPCG(seed, 1)), parent: map[outcry.Code]outcry.Code{}}
	m.middles = []outcry.Place{
		{Lat: 55.95, Lon: -3.19}, {Lat: 55.99, Lon: -3.1}, {Lat: -17, Lon: 179.99}, {Lat: 90}, {Lat: -89.99, Lon: 10}, {Lat: 0, Lon: -180},
	}
	for i := range 5 {
		top := outcry.Code(fmt.Sprintf("test:%d", i))
		m.codes = append(m.codes, top)
		for j := range 8 {
			middle := outcry.Code(fmt.Sprintf("%s.%d", top, j))
			m.codes, m.parent[middle] = append(m.codes, middle), top
			for k := range 6 {
				leaf := outcry.Code(fmt.Sprintf("%s.%d", middle, k))
				m.codes, m.parent[leaf] = append(m.codes, leaf), middle
			}
		}
	}
	return m
}

// family is a code and all above and below it.
func (m *market) family(code outcry.Code) []outcry.Code {
	list := []outcry.Code{code}
	for c := m.parent[code]; c != ""; c = m.parent[c] {
		list = append(list, c)
	}
	for _, c := range m.codes {
		if m.parent[c] == code || m.parent[m.parent[c]] == code {
			list = append(list, c)
		}
	}
	return list
}

func pick[T any](m *market, list ...T) T { return list[m.IntN(len(list))] }

func (m *market) place() outcry.Place {
	middle := pick(m, m.middles...)
	spread := pick(m, 0, 0.001, 0.02, 0.1, 0.5)
	lat := middle.Lat + spread*m.NormFloat64()
	lon := middle.Lon + spread*m.NormFloat64()/max(0.02, math.Cos(middle.Lat*math.Pi/180))
	return outcry.Place{Lat: max(-90, min(90, lat)), Lon: math.Remainder(lon, 360)}
}

// code is one of few popular ones or of many others.
func (m *market) code() outcry.Code {
	if m.IntN(2) == 0 {
		return m.codes[3+17*m.IntN(12)]
	}
	return pick(m, m.codes...)
}

func (m *market) shop(id string) outcry.Listing {
	l := outcry.Listing{Shop: outcry.Shop{
		ID: id, Name: "Shop " + id, Place: m.place(), ServiceRadiusM: pick(m, 300, 2000, 8000, 8000, 50_000, outcry.MaxRadiusM),
		Hours:      pick(m, "", "", "Mo-Fr 09:00-18:00", "18:00-02:00", "Mo-Su 08:00-12:00", "Sa off; Mo-Fr 10:00-20:00", "off"),
		TimeZone:   pick(m, "UTC", "Europe/London", "Asia/Seoul", "Pacific/Fiji"),
		Languages:  pick(m, nil, []string{"en"}, []string{"en-GB", "ko"}, []string{"fr", "de"}, []string{"KO-kr"}),
		PriceLevel: 1 + m.IntN(4), Answers: pick(m, outcry.ByPerson, outcry.ByPerson, outcry.BySoftware),
		Capabilities: pick(m, nil, []outcry.Capability{outcry.Pickup}, []outcry.Capability{outcry.Pickup, outcry.Deliver}, outcry.Capabilities),
		QuietHours:   pick(m, "", "", "", "22:00-07:00", "11:00-14:00", " "),
		State:        pick(m, outcry.ShopActive, outcry.ShopActive, outcry.ShopActive, outcry.ShopActive, outcry.ShopPending, outcry.ShopSuspended),
		MostOpen:     pick(m, 0, 0, 0, 2), MostHourly: pick(m, 0, 0, 3),
	}}
	if m.IntN(8) == 0 {
		l.PausedUntil = now.Add(time.Duration(m.IntN(120)-60) * time.Minute)
	}
	if m.IntN(3) > 0 {
		n := m.IntN(30)
		l.Rating = outcry.Rating{Stars: n + m.IntN(4*n+1), Count: n}
	}
	for range pick(m, 0, 1, 2, 3, 3, 6) {
		l.Codes = append(l.Codes, m.code())
	}
	return l
}

func (m *market) figures(l *outcry.Listing) outcry.Figures {
	f := outcry.Figures{Calls: float64(m.IntN(12)) / 2, Kept: pick(m, 0, 0.5, 0.9, 0.9, 1), Price: pick(m, 0.8, 1, 1, 1.25, 3)}
	chance := pick(m, 0, 0.1, 0.5, 0.9, 1, m.Float64())
	for i := range f.Offers {
		f.Offers[i] = float32(chance * float64(i+1) / float64(len(f.Offers)))
	}
	for _, c := range append(slices.Clone(l.Codes), m.code()) {
		if m.IntN(3) == 0 {
			f.Prices = append(f.Prices, outcry.CodePrice{Code: c, Price: 0.7 + 0.6*m.Float64()})
		}
	}
	return f
}

func (m *market) query() (*selection.Query, int) {
	p := policy.Default()
	p.Score.PerKm = pick(m, 0.02, 0.02, 0, 0.3)
	p.Score.Answers = pick(m, 1.0, 1, 0, 0.5, 2)
	p.Score.Exponent = pick(m, 4.0, 4, 0, 1, 2.5)
	p.Score.PerStar = pick(m, 0.03, 0, 0.2)
	p.Score.Spread = pick(m, 60.0, 60, 0)
	p.Promises.Calling = m.IntN(5) > 0
	p.Promises.Below = pick(m, 0.05, 0.05, 0.8)
	p.Selecting.LeastRating = pick(m, 0, 0, 0, 3.5)
	p.Learning.PerLevel = pick(m, 0.1, 0)
	q := &selection.Query{
		Codes: m.family(m.code()), Place: m.place(), RadiusM: pick(m, 1, 100, 1000, 3000, 10_000, 100_000, 5_000_000, outcry.MaxRadiusM),
		When: now, Now: now, Deadline: now.Add(pick(m, 300*time.Millisecond, 10*time.Second, 30*time.Second, 10*time.Second, 10*time.Minute)),
		Languages: pick(m, nil, nil, nil, []string{"en"}, []string{"ko", "fr"}, []string{"xx"}),
		Needs:     pick(m, nil, nil, nil, []outcry.Capability{outcry.Deliver}, []outcry.Capability{outcry.Visit, outcry.Pickup}),
		Policy:    &p,
	}
	switch m.IntN(6) {
	case 0:
		q.When = now.Add(time.Duration(m.IntN(10_000)) * time.Minute)
	case 1:
		q.Until = q.Now.Add(time.Duration(m.IntN(70_000)) * time.Millisecond)
	case 2:
		q.LeastRating = pick(m, 4, 4.2, 4.5)
	case 3:
		q.MostPrice = pick(m, 0.8, 1, 1.1)
	case 4:
		odd := uint64(m.IntN(100))
		q.Skip = func(shop string) bool { return (uint64(shop[len(shop)-1])+odd)%3 == 0 }
	}
	if m.IntN(50) == 0 {
		q.Codes = nil
	}
	return q, pick(m, 1, 2, 20, 20, 20, 50, 200)
}

// both is a Scan and an Index that are told the same.
type both struct {
	scan  *selection.Scan
	index *selection.Index
}

func (b both) Put(l outcry.Listing) error {
	return errsJoined(b.scan.Put(l), b.index.Put(l))
}

func errsJoined(a, b error) error {
	if (a == nil) != (b == nil) || a != nil && a.Error() != b.Error() {
		return fmt.Errorf("Scan says %w, Index %w", a, b)
	}
	return a
}

// happens is one change of a shop, the same to both.
func (b both) happens(m *market, l *outcry.Listing) error {
	at := now.Add(-time.Duration(m.IntN(1200)) * time.Second)
	limits := policy.Default().Limits
	id := l.ID
	switch m.IntN(9) {
	case 0, 1, 2:
		by := pick(m, 1, 1, -1, 2)
		b.scan.Connect(id, by, at)
		b.index.Connect(id, by, at)
	case 3:
		b.scan.Seen(id, at)
		b.index.Seen(id, at)
	case 4, 5:
		f := m.figures(l)
		b.scan.Figure(id, f)
		b.index.Figure(id, f)
	case 6:
		stars := 1 + m.IntN(5)
		b.scan.Rated(id, stars)
		b.index.Rated(id, stars)
	case 7:
		for range m.IntN(7) {
			if one, two := b.scan.Hold(id, now, &limits), b.index.Hold(id, now, &limits); one != two {
				return fmt.Errorf("hold of %s: Scan says %v, Index %v", id, one, two)
			}
		}
		if m.IntN(2) == 0 {
			b.scan.Release(id)
			b.index.Release(id)
		}
	case 8:
		if m.IntN(4) == 0 {
			b.scan.Undo(id, now)
			b.index.Undo(id, now)
		}
		b.scan.Note(id, at)
		b.index.Note(id, at)
	}
	return nil
}

// differ says how the answers to a query differ; "" where they do not.
func (b both) differ(q *selection.Query, most int) string {
	want, tally := b.scan.Select(q, most, nil)
	got, found := b.index.Select(q, most, nil)
	if len(got) != len(want) {
		return fmt.Sprintf("%d candidates, want %d", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			return fmt.Sprintf("candidate %d is\n%+v, want\n%+v", i, got[i], want[i])
		}
	}
	if found.Free > tally.Free || found.AtLimit > tally.AtLimit || found.Free < len(got) {
		return fmt.Sprintf("tally %+v of %+v", found, tally)
	}
	return ""
}

// filled is a market of n shops with a past, of whom some were put more than
// once and part were there before Build.
func (m *market) filled(t testing.TB, n, events int) (both, []outcry.Listing) {
	t.Helper()
	b := both{selection.NewScan(), selection.NewIndex()}
	shops := make([]outcry.Listing, n)
	for i := range shops {
		shops[i] = m.shop(fmt.Sprintf("shop_%026d", i))
		if m.IntN(9) == 0 {
			b.scan.Connect(shops[i].ID, 1, now)
			b.index.Connect(shops[i].ID, 1, now)
		}
		m.tell(t, b, &shops[i], events)
		if i == n/2 {
			b.index.Build()
		}
		if i == n/3 {
			person, software := m.figures(&shops[0]), m.figures(&shops[0])
			b.scan.Expect(person, software)
			b.index.Expect(person, software)
		}
	}
	for range n / 4 {
		i := m.IntN(n)
		shops[i] = m.changed(&shops[i])
		m.tell(t, b, &shops[i], events)
	}
	return b, shops
}

// changed is a shop after a change of everything, of its book, or of the way in
// which it works.
func (m *market) changed(l *outcry.Listing) outcry.Listing {
	next := m.shop(l.ID)
	switch m.IntN(4) {
	case 0:
		next.Place, next.Codes = l.Place, l.Codes
	case 1:
		next.Place = l.Place
		if n := len(l.Codes); n > 0 {
			next.Codes = append(slices.Clone(l.Codes[:m.IntN(n)]), m.code())
		}
	case 2:
		next.Codes = l.Codes
	}
	return next
}

// tell puts a shop, and lets so much happen to it.
func (m *market) tell(t testing.TB, b both, l *outcry.Listing, events int) {
	t.Helper()
	if err := b.Put(*l); err != nil {
		t.Fatal(err)
	}
	for range events {
		if err := b.happens(m, l); err != nil {
			t.Fatal(err)
		}
	}
}
