package selection

import (
	"math"
	"sync/atomic"
	"time"

	"outcry"
)

// standing is whether a shop may be called.
type standing int

const (
	refused standing = iota
	atLimit
	free
)

// take ranks a posting that may be among the best, if the rules hold.
func (s *search) take(h *hit) {
	var c Candidate
	switch s.judge(h, &c) {
	case atLimit:
		if s.seen.add(h.shop) {
			s.tally.AtLimit++
		}
	case free:
		fresh := s.seen.add(h.shop)
		if fresh {
			s.tally.Free++
		}
		s.ranking.add(&c, h.shop, !fresh)
	case refused:
	}
}

// hit is a posting that is not dead and lies about within the buyer's radius.
type hit struct {
	*posting
	d2     float64 // the square of the chord to it
	curve  uint64
	traits traits
	signs  uint64
}

// judge goes through the rules that scan has not, for a posting, and says what
// its score is made of where they all hold.
func (s *search) judge(h *hit, c *Candidate) standing {
	w := s.manner(h.posting)
	if w == nil || h.traits.stars() < s.stars {
		return refused
	}
	s.describe(h, c)
	switch q := s.probe.q; {
	case q.MostPrice > 0 && c.Price > q.MostPrice,
		c.DistanceM > float64(q.RadiusM),
		c.DistanceM > float64(atomic.LoadInt32(&h.radius)),
		h.signs&connected == 0 && !s.patient && !s.lately(h.shop):
		return refused
	}
	return s.callable(h, w, c)
}

// manner is how the posting's shop works; nil where that does not meet the
// query.
func (s *search) manner(p *posting) *ways {
	w, sure := s.manners.at(atomic.LoadUint32(&p.manner)).meets(&s.probe, s.start)
	if sure {
		return w
	}
	// The posting may be one of a tree that is no longer kept up to date. The
	// card is, and while it has the number nobody else is given it.
	for number := &s.roster.cards.at(p.shop).manner; ; {
		is := atomic.LoadUint32(number)
		w, sure = s.manners.at(is).meets(&s.probe, math.MaxUint64)
		if sure && atomic.LoadUint32(number) == is {
			return w
		}
	}
}

// lately says whether a shop was seen so lately that a call would reach it.
func (s *search) lately(shop uint32) bool {
	at := s.roster.spoke(shop)
	return at > 0 && s.now.Sub(time.UnixMicro(int64(at))).Seconds() <= s.probe.q.Policy.Selecting.SeenWithinS
}

// unread stands for the calls of a candidate until they are read.
const unread = -1

// read reads the calls of a candidate whose figures are its own: only of those
// that are given away, since it takes a look at a far place in memory.
func (r *roster) read(c *Candidate, shop uint32) {
	if c.Calls == unread {
		c.Calls = float64(math.Float32frombits(r.calls.at(shop).Load()))
	}
}

// describe fills in what the posting says of a candidate.
func (s *search) describe(h *hit, c *Candidate) {
	t := h.traits
	c.Software = t.has(software)
	c.DistanceM = metres(h.d2)
	c.Rating = starsOf(t.stars())
	if t.has(learned) {
		c.Chance, c.Price, c.Kept = s.probe.exactly(h.curve), priceOf(t.price()), shareOf(t.kept())
		c.Calls = unread
		return
	}
	who, class := s.person, &s.classes[freshPerson]
	if c.Software {
		who, class = s.software, &s.classes[freshSoftware]
	}
	c.Chance, c.Kept, c.Calls = class.chance, class.kept, who.Calls
	c.Price = levelPrice(t.level(), s.probe.q.Policy.Learning.PerLevel)
}

// exactly is curveOf(w).whole().By(p.seconds), to the last bit.
func (p *probe) exactly(w uint64) float64 {
	if !(p.seconds > 0) {
		return 0
	}
	last := len(outcry.Delays) - 1
	if p.seconds >= outcry.Delays[last] {
		return shares[uint8(w>>(8*last))]
	}
	before, at := 0.0, 0.0
	if p.beforeW > 0 {
		before, at = shares[uint8(w>>p.before)], outcry.Delays[p.before/8]
	}
	chance, d := shares[uint8(w>>p.after)], outcry.Delays[p.after/8]
	return before + (chance-before)*(p.seconds-at)/(d-at)
}

// callable looks at what is a shop's alone: whether it is paused, left out by
// the query, or at a limit. It weighs the candidate.
func (s *search) callable(h *hit, w *ways, c *Candidate) standing {
	q := s.probe.q
	var d *desk
	if h.traits.has(pausing) || h.signs&working != 0 {
		d = s.roster.desks.at(h.shop).Load()
	}
	if d != nil && d.pausedAt(q.Now) {
		return refused
	}
	if q.Skip != nil && q.Skip(s.roster.ids.text(h.shop)) {
		return refused
	}
	if d != nil && !q.Idle {
		if rule, _ := d.load.over(q.Now, w.limits(&q.Policy.Limits)); rule != "" {
			return atLimit
		}
		c.Hour = d.load.hour(q.Now)
	}
	c.Weigh(q.Policy)
	return free
}
