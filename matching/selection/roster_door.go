package selection

import (
	"sync/atomic"
	"time"
)

// door is whether a shop is there to hear a call: its live lines in the lower
// lineBits, and above when it last spoke to the server, in microseconds since
// 1970; 0 for never.
type door struct{ state atomic.Uint64 }

const (
	lineBits  = 12
	mostLines = 1<<lineBits - 1
)

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

// sign sets a sign, or takes it away.
func (r *roster) sign(n uint32, what uint64, on bool) {
	word, bit := r.signs.at(n/shopsASign), what<<(n%shopsASign*signBits)
	switch is := word.Load()&bit != 0; {
	case on && !is:
		word.Or(bit)
	case !on && is:
		word.And(^bit)
	}
}

// connect counts a shop's live lines up or down, never below 0; it spoke to the
// server then.
func (r *roster) connect(n uint32, by int, at time.Time) {
	d := &r.doors.at(n).state
	for {
		was := d.Load()
		lines := max(0, min(mostLines, int(was&mostLines)+by))
		if !d.CompareAndSwap(was, microseconds(at)<<lineBits|uint64(lines)) {
			continue
		}
		if (lines > 0) != (was&mostLines > 0) {
			r.show(n)
		}
		r.sign(n, heard, true)
		return
	}
}

// show makes the shop's sign what its door says, and looks again, since others
// may have come or gone meanwhile.
func (r *roster) show(n uint32) {
	d := &r.doors.at(n).state
	for {
		open := d.Load()&mostLines > 0
		r.sign(n, connected, open)
		if (d.Load()&mostLines > 0) == open {
			return
		}
	}
}

// hear notes that a shop spoke to the server.
func (r *roster) hear(n uint32, at time.Time) {
	d := &r.doors.at(n).state
	for {
		was := d.Load()
		now := microseconds(at)<<lineBits | was&mostLines
		if now <= was || d.CompareAndSwap(was, now) {
			r.sign(n, heard, true)
			return
		}
	}
}

// spoke is when a shop last spoke to the server, in microseconds; 0 for never.
func (r *roster) spoke(n uint32) uint64 { return r.doors.at(n).state.Load() >> lineBits }

// silence is after how long a shop that was not heard loses the sign: no policy
// lets a shop count as reachable for so long. Shops are swept a day later, all
// that are silent then.
const (
	silence = 2 * 24 * time.Hour
	sweeps  = 24 * time.Hour
)

// due says whether shops are to be swept, since one was heard so late. It is
// told once.
func (r *roster) due(at time.Time) bool {
	late, was := microseconds(at), r.latest.Load()
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
		if r.spoke(n) < since {
			r.sign(n, heard, false)
			if r.spoke(n) >= since {
				r.sign(n, heard, true)
			}
		}
	}
}

// microseconds since 1970; 1 for whatever is before, the zero time too.
func microseconds(at time.Time) uint64 {
	if at.Unix() <= 0 {
		return 1
	}
	return min(uint64(at.UnixMicro()), 1<<(64-lineBits)-1)
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
	r.sign(n, working, true) // before anybody finds the desk
	at.CompareAndSwap(nil, &desk{})
	return at.Load()
}

// pausedAt says whether a shop that has a desk is paused.
func (d *desk) pausedAt(t time.Time) bool {
	until := d.paused.Load()
	return until != nil && until.After(t)
}
