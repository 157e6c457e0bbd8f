package selection

import (
	"slices"
	"sync/atomic"

	"outcry"
)

// Put takes in a shop and its book, or a change of either. Hours or a time zone
// that cannot be read are an error of kind invalid, and the shop stays as it
// was.
func (x *Index) Put(l outcry.Listing) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	manner, err := x.manners.take(&l.Shop)
	if err != nil {
		return err
	}
	n, known := x.roster.ids.find(l.ID)
	if !known {
		n = x.roster.add(l.ID)
	}
	p := x.change(n, &l, manner, known)
	p.postings()
	x.roster.note(p.card, l.Name, p.codes, !known)
	p.write()
	if known {
		x.manners.drop(p.was.manner)
	} else {
		x.roster.publish(n, x.early[l.ID])
		delete(x.early, l.ID)
	}
	return nil
}

// change is one shop's Put.
type change struct {
	*Index
	shop     uint32
	listing  *outcry.Listing
	card     *card
	was      card // as it was before
	manner   uint32
	software bool
	vector   [3]float32
	old      [3]float32 // where it was before
	held     []uint32   // codes that it held, ascending
	codes    []uint32   // codes that it holds now, ascending
	figures  *outcry.Figures
}

// change reads what is there before a shop changes.
func (x *Index) change(n uint32, l *outcry.Listing, manner uint32, known bool) *change {
	p := &change{Index: x, shop: n, listing: l, manner: manner, card: x.roster.cards.at(n), vector: vectorOf(l.Place)}
	p.software = l.Answers == outcry.BySoftware
	for _, code := range l.Codes {
		p.codes = append(p.codes, x.number(code))
	}
	slices.Sort(p.codes)
	p.codes = slices.Compact(p.codes)
	if known {
		p.was = *p.card
		p.old = vectorOf(p.was.place)
		p.held = x.roster.codes(p.card, nil)
		if p.old != p.vector || !slices.Equal(p.held, p.codes) {
			p.figures = x.learned(n)
		}
	}
	return p
}

// postings brings the shop's postings to what they are to be, code by code.
func (p *change) postings() {
	held, codes := p.held, p.codes
	for len(held) > 0 || len(codes) > 0 {
		switch {
		case len(held) == 0 || len(codes) > 0 && codes[0] < held[0]:
			p.add(codes[0])
			codes = codes[1:]
		case len(codes) == 0 || held[0] < codes[0]:
			p.drop(held[0])
			held = held[1:]
		default:
			p.keep(codes[0])
			held, codes = held[1:], codes[1:]
		}
	}
	if p.figures != nil {
		p.spareFigures(p.shop, p.figures, p.codes)
	}
}

// add puts the shop under a code.
func (p *change) add(code uint32) {
	s := p.shelves.at(code).Load()
	post := posting{vector: p.vector, shop: p.shop}
	f := facts{radius: radiusOf(p.listing), manner: p.manner, traits: p.marks()}
	f.learn(p.figures, s.code)
	post.set(f)
	s.push(&post)
	p.ask(s)
}

// drop takes the shop away from a code.
func (p *change) drop(code uint32) {
	s := p.shelves.at(code).Load()
	s.drop(p.spot(s, p.old, p.shop))
	p.ask(s)
}

// keep changes the shop's posting under a code; where the shop has moved, by a
// new one.
func (p *change) keep(code uint32) {
	if p.old != p.vector {
		p.add(code)
		s := p.shelves.at(code).Load()
		s.drop(p.spot(s, p.old, p.shop))
		return
	}
	s := p.shelves.at(code).Load()
	at := p.spot(s, p.vector, p.shop)
	f := at.posting.facts()
	f.radius, f.manner = radiusOf(p.listing), p.manner
	f.traits = f.traits.own() | p.marks()
	s.set(at, f)
}

// marks are the traits that follow from the listing.
func (p *change) marks() traits {
	l := p.listing
	t := packTraits(0, 0, packStars(l.Rating.Mean()), 0) | packLevel(l.PriceLevel)
	if p.software {
		t = t.with(software)
	}
	if !l.PausedUntil.IsZero() {
		t = t.with(pausing)
	}
	return t
}

// write keeps the shop's card, and until when it is paused.
func (p *change) write() {
	l := p.listing
	p.card.place = l.Place
	p.card.radius = radiusOf(l)
	p.card.stars, p.card.rated = uint32(l.Rating.Stars), uint32(l.Rating.Count)
	p.card.level = int16(max(-1<<15, min(1<<15-1, l.PriceLevel)))
	atomic.StoreUint32(&p.card.manner, p.manner)
	switch {
	case !l.PausedUntil.IsZero():
		until := l.PausedUntil
		p.roster.desk(p.shop).paused.Store(&until)
	case p.roster.desks.at(p.shop).Load() != nil:
		p.roster.desk(p.shop).paused.Store(nil)
	}
}

func radiusOf(l *outcry.Listing) int32 {
	return int32(max(-1<<31, min(1<<31-1, l.ServiceRadiusM)))
}
