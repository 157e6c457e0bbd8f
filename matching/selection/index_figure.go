package selection

import (
	"math"
	"slices"

	"outcry"
)

// Figure sets what was learned of a shop. The figures are rounded, and copied.
func (x *Index) Figure(id string, f outcry.Figures) {
	n, ok := x.roster.ids.find(id)
	if !ok {
		return
	}
	f = rounded(f)
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.roster.cards.at(n)
	c.price = packPrice(f.Price)
	x.roster.calls.at(n).Store(math.Float32bits(packCalls(f.Calls)))
	codes := x.roster.codes(c, nil)
	for _, code := range codes {
		s := x.shelves.at(code).Load()
		at := x.spot(s, vectorOf(c.place), n)
		now := at.posting.facts()
		now.learn(&f, s.code)
		s.set(at, now)
		x.ask(s)
	}
	x.spareFigures(n, &f, codes)
}

// learn makes the figures those of a shop for a code; nil are none.
func (f *facts) learn(of *outcry.Figures, code outcry.Code) {
	if of == nil {
		return
	}
	f.curve = packCurve(of.Offers).word()
	f.traits = f.traits.unlearned() | packTraits(packPrice(of.For(code)), packShare(of.Kept), 0, packCalls(of.Calls)).with(learned)
}

// spareFigures keeps figures aside that the postings of these codes, ascending,
// do not tell.
// The lock is held.
func (x *Index) spareFigures(n uint32, f *outcry.Figures, codes []uint32) {
	held := func(p outcry.CodePrice) bool {
		number, ok := x.codes.find(string(p.Code))
		_, is := slices.BinarySearch(codes, number)
		return ok && is
	}
	all := len(codes) > 0
	for _, p := range f.Prices {
		all = all && held(p)
	}
	if all {
		delete(x.spare, n)
		return
	}
	x.spare[n] = f
}

// learned are a shop's own figures; nil for none. The lock is held.
func (x *Index) learned(n uint32) *outcry.Figures {
	if f := x.spare[n]; f != nil {
		return f
	}
	c := x.roster.cards.at(n)
	var f *outcry.Figures
	for _, code := range x.roster.codes(c, nil) {
		s := x.shelves.at(code).Load()
		facts := x.spot(s, vectorOf(c.place), n).posting.facts()
		t := facts.traits
		if !t.has(learned) {
			return nil
		}
		if f == nil {
			f = &outcry.Figures{
				Offers: curveOf(facts.curve).whole(), Kept: shareOf(t.kept()), Price: priceOf(c.price),
				Calls: float64(math.Float32frombits(x.roster.calls.at(n).Load())),
			}
		}
		if t.price() != c.price {
			f.Prices = append(f.Prices, outcry.CodePrice{Code: s.code, Price: priceOf(t.price())})
		}
	}
	return f
}

// Expect sets the figures of shops that Figure was not called for, by who
// answers. Their prices follow from the shop's price level alone.
func (x *Index) Expect(person, software outcry.Figures) {
	x.expected.Store(&expected{person: rounded(person), software: rounded(software)})
}

// Rated adds a buyer's stars to a shop's rating.
func (x *Index) Rated(id string, stars int) {
	n, ok := x.roster.ids.find(id)
	if !ok {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.roster.cards.at(n)
	c.stars += uint32(stars)
	c.rated++
	mean := packStars(outcry.Rating{Stars: int(c.stars), Count: int(c.rated)}.Mean())
	for _, code := range x.roster.codes(c, nil) {
		s := x.shelves.at(code).Load()
		at := x.spot(s, vectorOf(c.place), n)
		f := at.posting.facts()
		f.traits = f.traits.rated(mean)
		s.set(at, f)
		x.ask(s)
	}
}
