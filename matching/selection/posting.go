package selection

import (
	"sync/atomic"
)

// posting is one shop under one code: all that is looked at before a shop
// becomes a candidate, in 40 bytes. Place and shop never change; the rest is
// changed in place by whoever holds the index's lock, and read by anybody.
type posting struct {
	vector [3]float32
	shop   uint32
	radius int32  // the service radius in metres
	manner uint32 // its number
	curve  uint64 // chances of an offer, a byte for each of outcry.Delays
	traits uint64
}

// facts are the changeable part of a posting.
type facts struct {
	radius int32
	manner uint32
	curve  uint64
	traits traits
}

func (p *posting) facts() facts {
	return facts{
		radius: atomic.LoadInt32(&p.radius), manner: atomic.LoadUint32(&p.manner),
		curve: atomic.LoadUint64(&p.curve), traits: traits(atomic.LoadUint64(&p.traits)),
	}
}

func (p *posting) set(f facts) {
	atomic.StoreInt32(&p.radius, f.radius)
	atomic.StoreUint32(&p.manner, f.manner)
	atomic.StoreUint64(&p.curve, f.curve)
	atomic.StoreUint64(&p.traits, uint64(f.traits))
}

func (p *posting) dead() bool { return traits(atomic.LoadUint64(&p.traits)).has(dead) }

// copied is the posting as it is at the moment.
func (p *posting) copied() posting {
	c := posting{vector: p.vector, shop: p.shop}
	c.set(p.facts())
	return c
}

// traits are the small figures of a posting in one word, or the best of many:
//
//	bits 0-15   price against the others, packed
//	bits 16-23  share of promises kept, packed
//	bits 24-31  mean of the stars, packed
//	bits 32-39  calls that the figures were learned from, at most 255
//	bits 40-47  price level, counted from -128
//	bits 48-55  marks
type traits uint64

const (
	keptAt  = 16
	starsAt = 24
	callsAt = 32
	levelAt = 40
	marksAt = 48
)

// The marks of a posting.
const (
	dead     = 1 << iota // no longer the shop's; dropped at the next merge
	software             // software answers
	learned              // price, kept, calls and curve are the shop's own
	pausing              // the shop may be paused: its desk knows until when
)

// The marks of many postings: of whom some are without figures of their own.
const (
	freshPerson   = 1 << iota // answered by people
	freshSoftware             // answered by software
)

func (t traits) price() uint16      { return uint16(t) }
func (t traits) kept() uint8        { return uint8(t >> keptAt) }
func (t traits) stars() uint8       { return uint8(t >> starsAt) }
func (t traits) calls() uint8       { return uint8(t >> callsAt) }
func (t traits) level() int         { return int(uint8(t>>levelAt)) - 128 }
func (t traits) has(mark uint) bool { return t>>marksAt&traits(mark) != 0 }

func (t traits) with(mark uint) traits { return t | traits(mark)<<marksAt }

// packTraits puts figures of their own and marks together; a level beyond a
// byte is taken for the nearest in it.
func packTraits(price uint16, kept, stars uint8, calls float32) traits {
	few := uint8(min(calls, 255))
	return traits(price) | traits(kept)<<keptAt | traits(stars)<<starsAt | traits(few)<<callsAt
}

// own are the figures that a shop has learned of itself, without the rest.
func (t traits) own() traits {
	return t & (0xffff | 0xff<<keptAt | 0xff<<callsAt | learned<<marksAt)
}

// unlearned is all but that.
func (t traits) unlearned() traits {
	return t &^ (0xffff | 0xff<<keptAt | 0xff<<callsAt | learned<<marksAt)
}

// rated has another mean of stars.
func (t traits) rated(stars uint8) traits { return t&^(0xff<<starsAt) | traits(stars)<<starsAt }

func packLevel(level int) traits { return traits(uint8(max(-128, min(127, level))+128)) << levelAt }

// best is the best that any of several postings has to offer: the highest of
// what is good, the lowest of what is dear.
type best struct {
	curve  uint64
	traits traits
	radius int32
}

// worst is the best of no postings.
var worst = best{traits: traits(0xffff) | traits(0xff)<<callsAt | traits(0xff)<<levelAt, radius: -1 << 31}

// best is what the posting has to offer. Where it has no figures of its own,
// who answers and its price level say what is to be expected.
func (f *facts) best() best {
	stars := f.traits & (0xff << starsAt)
	switch {
	case f.traits.has(dead):
		return worst
	case f.traits.has(learned):
		own := f.traits & (0xffff | 0xff<<keptAt | 0xff<<callsAt)
		return best{curve: f.curve, radius: f.radius, traits: own | stars | 0xff<<levelAt}
	}
	mark := uint(freshPerson)
	if f.traits.has(software) {
		mark = freshSoftware
	}
	level := f.traits & (0xff << levelAt)
	return best{radius: f.radius, traits: (0xffff | stars | level).with(mark)}
}

// and is the best of both.
func (a best) and(b best) best {
	return best{curve: highest(a.curve, b.curve), traits: a.traits.and(b.traits), radius: max(a.radius, b.radius)}
}

func (t traits) and(u traits) traits {
	if t == u {
		return t
	}
	const lows = callsAt
	return min(t&0xffff, u&0xffff) |
		max(t&(0xff<<keptAt), u&(0xff<<keptAt)) |
		max(t&(0xff<<starsAt), u&(0xff<<starsAt)) |
		min(t&(0xff<<lows), u&(0xff<<lows)) |
		min(t&(0xff<<levelAt), u&(0xff<<levelAt)) |
		(t|u)&^(1<<marksAt-1)
}

// highest takes the higher one of each byte.
func highest(a, b uint64) uint64 {
	if a == b {
		return a
	}
	var most uint64
	for shift := 0; shift < 64; shift += 8 {
		most |= max(a&(0xff<<shift), b&(0xff<<shift))
	}
	return most
}

// word is a curve in one word, the earliest delay lowest.
func (c curve) word() uint64 {
	var w uint64
	for i, b := range c {
		w |= uint64(b) << (8 * i)
	}
	return w
}

// curveOf is the curve of a word.
func curveOf(w uint64) curve {
	var c curve
	for i := range c {
		c[i] = uint8(w >> (8 * i))
	}
	return c
}
