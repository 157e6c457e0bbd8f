package trial

import (
	"slices"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
	"outcry/sim"
)

// world is what does not depend on a policy: the shops of a city and what is
// asked of them. Once made it never changes, so that many markets may share it.
type world struct {
	Setting
	seed    uint64
	traders []*trader
	by      map[string]*trader // their ids
	late    []*trader          // those that join during the day, in that order
	asked   []*asked           // in the order of time
}

// centre is the middle of the city.
var centre = outcry.Place{Lat: 55.9533, Lon: -3.1883}

// newWorld makes the world of a seed.
func newWorld(seed uint64, s Setting) (*world, error) {
	w := &world{Setting: s, seed: seed, by: map[string]*trader{}}
	everyday := sim.Everyday()
	// A smaller city has fewer kinds, not fewer shops of each.
	everyday = everyday[:max(3, min(len(everyday), len(everyday)*s.Shops/Normal.Shops))]
	for i, l := range sim.City(seed, s.Shops, centre, everyday) {
		t := newTrader(seed, s, i, l)
		w.traders = append(w.traders, t)
		w.by[t.ID] = t
		if !t.joins.IsZero() {
			w.late = append(w.late, t)
		}
	}
	slices.SortStableFunc(w.late, func(a, b *trader) int { return a.joins.Compare(b.joins) })
	w.asked = stream(seed, s, newKinds(w.traders))
	return w, w.askAll()
}

// alone is what a request would bring if it alone called everybody.
type alone struct {
	eligible int   // shops that may be called
	offers   int   // that come in time
	best     int64 // the lowest price of them; 0: there are none
	worth    float64
}

// askAll has every request call everybody, alone and without limits.
func (w *world) askAll() error {
	shops, rules := selection.NewIndex(), Everybody(policy.Default()).Policy
	late := w.late
	for _, t := range w.traders {
		if t.joins.IsZero() {
			if err := enter(shops, t, w.begin()); err != nil {
				return err
			}
		}
	}
	shops.Build()
	tenth := map[*trader]int{}
	var found []selection.Candidate
	for _, a := range w.asked {
		for len(late) > 0 && !late[0].joins.After(a.Created) {
			if err := enter(shops, late[0], late[0].joins); err != nil {
				return err
			}
			late = late[1:]
		}
		q := selection.Query{
			Codes: []outcry.Code{a.Code}, Place: a.Place, RadiusM: a.RadiusM, When: a.Created, Now: a.Created,
			Deadline: a.Deadline, Policy: &rules,
		}
		found, _ = shops.Select(&q, outcry.MaxCalls, found[:0])
		for i := range found {
			t := w.by[found[i].Shop]
			w.askOne(a, t)
			if tenth[t]++; a.measured {
				t.eligible++
			}
			if tenth[t] == 10 {
				t.tenth = a.n
			}
		}
	}
	return nil
}

// askOne has a request call a shop.
func (w *world) askOne(a *asked, t *trader) {
	a.alone.eligible++
	said, ok := t.answer(w.seed, a)
	if !ok || said.Declines || !a.Created.Add(said.After).Before(a.Deadline) {
		return
	}
	a.alone.offers++
	if a.alone.best == 0 || said.price.Amount < a.alone.best {
		a.alone.best = said.price.Amount
	}
	if said.keeps {
		a.alone.worth = max(a.alone.worth, t.worth(said.price, a))
	}
}

// enter has selecting know a shop, with its line open.
func enter(shops *selection.Index, t *trader, at time.Time) error {
	if err := shops.Put(t.Listing); err != nil {
		return err
	}
	shops.Connect(t.ID, 1, at)
	return nil
}
