package selection

import (
	"math"
	"sync/atomic"
	"time"

	"outcry"
)

// probe is a query made ready to be held against millions of postings.
type probe struct {
	q      *Query
	vector [3]float32
	at     [3]float64
	now    moment
	when   moment
	asks   abilities
	stars  uint8 // packed: the least mean

	patient bool   // the request may wait for shops that are not there
	since   uint64 // microseconds: shops that spoke before are surely not reachable
	swept   bool   // and have no sign that they did

	limit float64 // the square of the chord to the buyer's radius, a hair above

	// A chance is a sum of two bytes of a curve, each with its weight.
	before, after   int // their places
	beforeW, afterW float64
	seconds         float64

	// A value is base - price - perChord*chord + perStar*packed stars.
	base, perChord, perStar float64
	plain                   bool // the powers are those of the default policy
	calling                 bool

	person, software *outcry.Figures
	classes          [4]class // by the marks of who is without figures
}

// class is what is to be expected at best of shops without figures of their own.
type class struct{ chance, kept float64 }

// hair is by how much bounds are drawn wider than they are, so that rounding
// never leaves out what belongs.
const hair = 1e-9

// shares has what each packed share is.
var shares = func() (s [256]float64) {
	for b := range s {
		s[b] = float64(float32(shareOf(uint8(b))))
	}
	return s
}()

// ready makes the probe that of a query.
func (p *probe) ready(x *Index, q *Query) {
	e := x.expected.Load()
	*p = probe{q: q, vector: vectorOf(q.Place), now: momentOf(q.Now), when: momentOf(q.When), person: &e.person, software: &e.software}
	if p.when.minute != p.now.minute {
		p.when.place = 1 + int(p.when.minute&1)
	}
	for k, v := range p.vector {
		p.at[k] = float64(v)
	}
	// Rounded to float32, two vectors may lie further apart than 2.
	if p.limit = chord2Of(float64(q.RadiusM))*(1+hair) + 1e-18; p.limit >= 4 {
		p.limit = math.Inf(1)
	}
	p.asks = abilities{languages: q.Languages, needs: q.Needs}
	var odd, odder bool
	p.asks.can, odd = abilityBits(q.Needs)
	p.asks.speaks, odder = x.manners.bits(q.Languages, false)
	p.asks.odd = odd || odder
	p.stars = leastStars(q)
	p.readyTimes()
	p.swept = p.since >= x.roster.swept.Load()
	p.readyScore()
}

func (p *probe) readyTimes() {
	rules := &p.q.Policy.Selecting
	p.patient = p.q.Deadline.Sub(p.q.Now).Seconds() >= rules.PatienceS
	p.since = microseconds(p.q.Now.Add(-time.Duration(rules.SeenWithinS*1e9) - 10*time.Microsecond))
	p.seconds = p.q.until()
	i := 0
	for i < len(outcry.Delays) && p.seconds >= outcry.Delays[i] {
		i++
	}
	switch {
	case !(p.seconds > 0):
	case i == len(outcry.Delays):
		p.after, p.afterW = 8*(i-1), 1
	default:
		from := 0.0
		if i > 0 {
			from = outcry.Delays[i-1]
		}
		share := (p.seconds - from) / (outcry.Delays[i] - from)
		p.after, p.afterW = 8*i, share
		if i > 0 {
			p.before, p.beforeW = 8*(i-1), 1-share
		}
	}
}

func (p *probe) readyScore() {
	s := &p.q.Policy.Score
	p.base = s.Base - 3*s.PerStar
	p.perStar = s.PerStar / 63.75
	p.perChord = s.PerKm * sphereM / 1000 * (1 - hair)
	p.plain = s.Answers == 1 && s.Exponent == 4
	p.calling = p.q.Policy.Promises.Calling
	for who := range p.classes {
		c := &p.classes[who]
		if who&freshPerson != 0 {
			*c = class{chance: p.person.Offers.By(p.seconds), kept: p.person.Kept}
		}
		if who&freshSoftware != 0 {
			c.chance = max(c.chance, p.software.Offers.By(p.seconds))
			c.kept = max(c.kept, p.software.Kept)
		}
	}
}

// chance is about the chance of a packed curve: within rounding.
func (p *probe) chance(curve uint64) float64 {
	return p.beforeW*shares[uint8(curve>>p.before)] + p.afterW*shares[uint8(curve>>p.after)]
}

// upper is a bound of the score of whatever is so good, at a chord or further.
func (p *probe) upper(chance, price, kept, stars, chord float64) float64 {
	value := max(least, p.base-price-p.perChord*chord+p.perStar*stars)
	score := chance * (value * value) * (value * value)
	if !p.plain {
		s := &p.q.Policy.Score
		score = power(chance, s.Answers) * power(value, s.Exponent)
	}
	if p.calling {
		score *= p.gate(kept)
	}
	return score * (1 + hair)
}

// gate is a bound of the gate of all who keep as many of their promises, or
// fewer.
func (p *probe) gate(kept float64) float64 {
	g := &p.q.Policy.Promises
	if kept < g.Floor {
		return g.Below
	}
	return max(kept, g.Below)
}

// node is a bound of the scores below a node; below 0 where none can be a
// candidate.
func (p *probe) node(n *node) float64 {
	d2 := p.nearest(n)
	if d2 > p.limit {
		return -1
	}
	chord := math.Sqrt(d2)
	if chord*(sphereM*(1-hair)) > float64(atomic.LoadInt32(&n.radius)) {
		return -1
	}
	t := traits(atomic.LoadUint64(&n.traits))
	if t.stars() < p.stars {
		return -1
	}
	chance, price, kept := p.chance(atomic.LoadUint64(&n.curve)), 0.001*float64(t.price()), shares[t.kept()]
	if who := t >> marksAt; who != 0 {
		c := &p.classes[who&3]
		chance, kept = max(chance, c.chance), max(kept, c.kept)
		price = min(price, levelPrice(t.level(), p.q.Policy.Learning.PerLevel))
	}
	if p.q.MostPrice > 0 && price > p.q.MostPrice*(1+hair) {
		return -1
	}
	return p.upper(chance, price, kept, float64(t.stars()), chord)
}

// chord2 is the square of the chord to a place, as the other chord2 gives it.
func (p *probe) chord2(v *[3]float32) float64 {
	x, y, z := p.at[0]-float64(v[0]), p.at[1]-float64(v[1]), p.at[2]-float64(v[2])
	return float64(x*x) + float64(y*y) + float64(z*z)
}

// nearest is the square of the chord to the nearest place of a box.
func (p *probe) nearest(n *node) float64 {
	var d2 float64
	for k := range p.at {
		d := max(float64(n.low[k])-p.at[k], p.at[k]-float64(n.high[k]), 0)
		d2 += float64(d * d)
	}
	return d2
}

// bound is a bound of the score of a posting at a chord.
func (p *probe) bound(curve uint64, t traits, chord float64) float64 {
	if t.has(learned) {
		return p.upper(p.chance(curve), 0.001*float64(t.price()), shares[t.kept()], float64(t.stars()), chord)
	}
	c := &p.classes[freshPerson]
	if t.has(software) {
		c = &p.classes[freshSoftware]
	}
	return p.upper(c.chance, levelPrice(t.level(), p.q.Policy.Learning.PerLevel), c.kept, float64(t.stars()), chord)
}
