package learning

import (
	"math"

	"outcry"
)

// stretches is into how many parts outcry.Delays divide the time after a call.
// The last one has no end: who offers later than the last delay counts as
// having offered by then.
const stretches = len(outcry.Delays)

// waits is a life table of calls: how many were still waiting for an offer when
// each stretch began, and how many were offered to in it. Older calls count
// less.
//
// The chance of an offer by the end of a stretch follows from the shares of
// those that did not offer in it or before, multiplied. For calls that all came
// to their end that is the plain share, (offers by then) / (calls). It stays
// right where calls were cut short, since a call counts just for the time that
// it was waiting: that is the estimator of Kaplan and Meier (1958), of which
// Efron (1967) showed that it is the one that agrees with itself, for it is
// what comes of filling in each cut call by the very estimate sought.
type waits struct {
	reached, offered [stretches]float32
}

// fate is what became of a call: an offer so many seconds after it, or silence
// that long. Who declines stays silent for ever.
type fate struct {
	after   float64
	offered bool
}

// declined is the fate of a call that was refused.
var declined = fate{after: math.Inf(1)}

// prior is what is believed before anything is known, and as how many calls it
// counts.
type prior struct {
	curve  outcry.Curve
	weight float64 // calls
	// adapts says that it goes by the shop where too little was seen: see hazards.
	adapts bool
}

// calls is how many calls the table knows of.
func (w *waits) calls() float64 { return float64(w.reached[0]) }

// offers is how many of them were offered to.
func (w *waits) offers() (n float64) {
	for _, o := range w.offered {
		n += float64(o)
	}
	return n
}

// book adds a call that counts as share calls; what was there counts half after
// halfLife calls.
//
// Within the stretch in which a call was cut it counts in part. Taking offers to
// come evenly in a stretch, filling the call in by the chance h that the
// stretch brings an offer adds one call and its expected offers; of that all
// but part*(1-h)/(1-part*h) calls without an offer says again what is believed
// already, part being how much of the stretch it has waited. Only the rest is
// booked, and no more than that fades, so that calls which are cut at once, how
// ever many, neither wash out what is known nor make it look surer.
func (w *waits) book(f fate, share, halfLife float64, p prior) {
	fade := float32(math.Exp2(-share / halfLife))
	begin, waiting := 0.0, true
	for i, end := range outcry.Delays {
		if waiting && !f.offered && f.after < end {
			part, h := (f.after-begin)/(end-begin), w.hazards(p)[i]
			share *= part * (1 - h) / (1 - part*h)
			fade = float32(math.Exp2(-share / halfLife))
			w.fade(i, fade)
			w.reached[i] += float32(share)
			return
		}
		w.fade(i, fade)
		if waiting {
			w.reached[i] += float32(share)
		}
		if waiting && f.offered && (f.after <= end || i == stretches-1) {
			w.offered[i] += float32(share)
			waiting = false
		}
		begin = end
	}
}

func (w *waits) fade(i int, by float32) {
	w.reached[i] *= by
	w.offered[i] *= by
}

// hazards are the chances that a call still waiting when a stretch begins is
// offered to in it: what was seen, mixed with what is believed before.
//
// What is believed is what weight calls to the class would do. Where fewer calls
// were seen in a stretch than would have outlasted those before, because requests
// closed, the missing ones have a say in it: they do what the class would if it
// offered to as many calls as this shop does, by all that was seen of it. Else a
// shop that never answers would for ever be expected to a little later, where
// requests have enough offers within a second.
func (w *waits) hazards(p prior) (h [stretches]float64) {
	times := w.against(p)
	before, waiting, outlasted := 0.0, p.weight, w.calls()
	for i := range h {
		now, reached, offered := float64(p.curve[i]), float64(w.reached[i]), float64(w.offered[i])
		at := hazard(before, now, 1)
		believed := at
		if missing := outlasted - reached; missing > 0 {
			believed += missing / (missing + waiting) * (hazard(before, now, times) - at)
		}
		if calls := reached + waiting; calls > 0 {
			h[i] = min(1, max(0, (offered+waiting*believed)/calls))
		}
		if reached > 0 {
			outlasted *= 1 - offered/reached
		}
		waiting *= 1 - at
		before = now
	}
	return h
}

// hazard is the chance of an offer in a stretch, where the chances of one before
// it and by its end are times those given.
func hazard(before, now, times float64) float64 {
	if left := 1 - times*before; left > 0 {
		return min(1, max(0, times*(now-before)/left))
	}
	return 1
}

// against is how many times as many calls as its class the shop offers to, if
// its offers take as long as those of the class do: so many that as many offers
// are expected of the calls, for as long as they were waiting, as there were.
// The class counts as weight calls, and no shop as more than one that offered to
// every call. Each step brings the expected offers nearer to those made; after
// four of them the rest does not matter.
func (w *waits) against(p prior) float64 {
	whole := float64(p.curve[stretches-1])
	if !p.adapts || whole <= 0 {
		return 1
	}
	believed, offers, times := p.weight*whole, w.offers(), 1.0
	most := (w.calls()/whole + p.weight) / (w.calls() + p.weight)
	for range 4 {
		expected, before := believed*times, 0.0
		for i, reached := range w.reached {
			now := float64(p.curve[i])
			expected += float64(reached) * hazard(before, now, times)
			before = now
		}
		if expected <= 0 {
			return times
		}
		times = min(most, times*(offers+believed)/expected)
	}
	return times
}

// curve is the chance of an offer by each of the delays: for calls that were
// not cut short, (offers by then + weight * prior) / (calls + weight).
func (w *waits) curve(p prior) (c outcry.Curve) {
	silent := 1.0
	for i, h := range w.hazards(p) {
		silent *= 1 - h
		c[i] = float32(1 - silent)
	}
	return c
}
