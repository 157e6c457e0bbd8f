package selection

import (
	"sync/atomic"
	"time"
)

// door is whether a shop is there to hear a call: its live lines in the lowest
// bits, then whether the door has moved, and from lineBits on when the shop last
// spoke to the server, in microseconds since 1970; 0 for never. Nobody changes a
// door that has moved.
type door struct{ state atomic.Uint64 }

const (
	lineBits  = 12
	mostLines = 1<<(lineBits-1) - 1
	moved     = mostLines + 1
)

// stateOf is the state of a door.
func stateOf(lines int, seen uint64) uint64 {
	return seen<<lineBits | uint64(max(0, min(mostLines, lines)))
}

// The signs of a shop, in signBits: what most shops are left out by or need not
// be asked for, where it costs least to look.
const (
	connected = 1 << iota // it has a live line
	heard                 // it may have spoken to the server lately
	working               // it has a desk

	signBits   = 4
	shopsASign = 64 / signBits // that share a word
)

// signs is what the signs of a shop show; none for one that came after chunks
// were taken.
func signs(chunks []*[inChunk]atomic.Uint64, shop uint32) uint64 {
	word := shop / shopsASign
	if int(word/inChunk) >= len(chunks) {
		return 0
	}
	return chunks[word/inChunk][word%inChunk].Load() >> (shop % shopsASign * signBits)
}

// sign sets signs, and takes others away.
func (r *roster) sign(n uint32, on, off uint64) {
	word, at := r.signs.at(n/shopsASign), n%shopsASign*signBits
	is := word.Load() >> at
	if on&^is != 0 {
		word.Or(on << at)
	}
	if off&is != 0 {
		word.And(^(off << at))
	}
}

// connect counts the live lines of a shop up or down at its door, never below
// 0; it spoke to the server then. ok is false where the door has moved.
func (r *roster) connect(n uint32, d *door, by int, at uint64) (ok bool) {
	for {
		was := d.state.Load()
		if was&moved != 0 {
			return false
		}
		if is := stateOf(int(was&mostLines)+by, at); d.state.CompareAndSwap(was, is) {
			r.show(n, d, is)
			return true
		}
	}
}

// show makes a shop's signs what the state of its door says, and looks again,
// since others may have come or gone meanwhile.
func (r *roster) show(n uint32, d *door, state uint64) {
	word, at := r.signs.at(n/shopsASign), n%shopsASign*signBits
	for {
		lined := state&mostLines > 0
		is, on := word.Load()>>at, uint64(heard)
		if lined {
			on |= connected
		}
		if is&on != on {
			word.Or(on << at)
		}
		if !lined && is&connected != 0 {
			word.And(^(uint64(connected) << at))
		}
		if state = d.state.Load(); state&moved != 0 {
			state = r.ids.door(n).state.Load()
		}
		if state&mostLines > 0 == lined {
			return
		}
	}
}

// hear notes at its door that a shop spoke to the server. ok is false where the
// door has moved.
func (r *roster) hear(n uint32, d *door, at uint64) (ok bool) {
	for {
		was := d.state.Load()
		if was&moved != 0 {
			return false
		}
		is := stateOf(int(was&mostLines), at)
		if is <= was || d.state.CompareAndSwap(was, is) {
			r.sign(n, heard, 0)
			return true
		}
	}
}

// spoke is when a shop last spoke to the server, in microseconds; 0 for never.
func (r *roster) spoke(n uint32) uint64 {
	if d := r.ids.door(n); d != nil {
		return d.state.Load() >> lineBits
	}
	return 0
}

// silence is after how long a shop that was not heard loses the sign: no policy
// lets a shop count as reachable for so long. Shops are swept a day later, all
// that are silent then.
const (
	silence = 2 * 24 * time.Hour
	sweeps  = 24 * time.Hour
)

// due says whether shops are to be swept, since one was heard so late, in
// microseconds. It is told once.
func (r *roster) due(late uint64) bool {
	was := r.latest.Load()
	return late >= was+uint64(sweeps.Microseconds()) && r.latest.CompareAndSwap(was, late)
}

// sweep takes the sign away from shops that have been silent for long, by the
// time at which it was last due. Who was heard meanwhile gets it back.
func (r *roster) sweep() {
	since := r.latest.Load() - uint64(silence.Microseconds())
	if was := r.swept.Load(); int64(since) < 0 || since <= was || !r.swept.CompareAndSwap(was, since) {
		return
	}
	for n := range r.size() {
		if r.signs.at(n/shopsASign).Load()>>(n%shopsASign*signBits)&heard == 0 || r.spoke(n) >= since {
			continue
		}
		if r.sign(n, 0, heard); r.spoke(n) >= since {
			r.sign(n, heard, 0)
		}
	}
}

// microseconds since 1970; 1 for whatever is before, the zero time too.
func microseconds(at time.Time) uint64 {
	s := at.Unix()
	if s <= 0 {
		return 1
	}
	return min(1_000_000*uint64(s)+uint64(at.Nanosecond())/1000, 1<<(64-lineBits)-1)
}

// desk is what a shop has that is called, or was paused.
type desk struct {
	load   load
	paused atomic.Pointer[time.Time]
}

// desk is a shop's desk; it is made where there is none.
func (r *roster) desk(n uint32) *desk {
	at := r.desks.at(n)
	if d := at.Load(); d != nil {
		return d
	}
	r.sign(n, working, 0) // before anybody finds the desk
	at.CompareAndSwap(nil, &desk{})
	return at.Load()
}

// pausedAt says whether a shop that has a desk is paused.
func (d *desk) pausedAt(t time.Time) bool {
	until := d.paused.Load()
	return until != nil && until.After(t)
}
