// Package calling is step 7 of 9: response collecting. It decides how many
// shops to call and when, which answers to take, and when a request has
// collected enough. Its functions are pure: they look at a board and give the
// events that follow; matching/operate.go makes those durable and sends them.
package calling

import (
	"math"
	"time"

	"outcry"
	"outcry/policy"
)

// Plan says how to go on calling.
type Plan struct {
	// Answers is how many expected answers the next wave should add; 0 or less
	// means that nobody is called now.
	Answers float64
	// Most is how many shops may still be called.
	Most int
	// Next is when to look again.
	Next time.Time
}

// Look decides, at that moment, whether more shops are to be called. A new wave
// is due at the start and at each end of a wave; between them expected answers
// are filled up when they fall below the trigger. At the deadline nobody is called,
// not even first.
func Look(b *outcry.Board, now time.Time, rules policy.Waves, chance Chance) Plan {
	plan := Plan{Next: next(b, now, rules), Most: min(rules.MostCalls, outcry.MaxCalls) - len(b.Calls)}
	stop := b.Request.Deadline.Add(-policy.Seconds(rules.StopS))
	started := b.Waves > 0
	if plan.Most <= 0 || b.Closed() || started && !now.Before(stop) || !now.Before(b.Request.Deadline) {
		return plan
	}
	wanted := float64(b.Request.Wanted)
	expected := Expected(b, now, rules, chance)
	if !started || expected < rules.Trigger*wanted || waveEnded(b, now, rules) {
		plan.Answers = rules.Margin*wanted - expected
	}
	return plan
}

// Chance is how likely a shop is to answer a call at all.
type Chance func(shop string) float64

// Expected is how many offers a board may count on: those that stand, and for
// each call without an answer the chance that one still comes, which falls with
// silence: by Bayes' rule c*r / (c*r + 1-c), where c is the chance at the call
// and r = 2^(-silence/half-life) the share of answers that come later.
func Expected(b *outcry.Board, now time.Time, rules policy.Waves, chance Chance) float64 {
	sum := float64(b.Live(now))
	for _, c := range b.Calls {
		if b.CallState(c) != outcry.CallWaiting {
			continue
		}
		at := chance(c.Shop)
		late := math.Exp2(-now.Sub(c.At).Seconds() / rules.HalfLifeS)
		sum += at * late / (at*late + 1 - at + 1e-9)
	}
	return sum
}

// waveEnded says whether an end of a wave has passed since the last call.
func waveEnded(b *outcry.Board, now time.Time, rules policy.Waves) bool {
	if len(b.Calls) == 0 {
		return true
	}
	last := b.Calls[len(b.Calls)-1].At
	for _, end := range rules.Ends[:len(rules.Ends)-1] {
		if at := moment(b, end); last.Before(at) && !now.Before(at) {
			return true
		}
	}
	return false
}

// moment is the time at a share of the way from request to deadline.
func moment(b *outcry.Board, share float64) time.Time {
	whole := b.Request.Deadline.Sub(b.Request.Created)
	return b.Request.Created.Add(time.Duration(share * float64(whole)))
}

// next is when to look again: a tick from now, at the latest at the deadline.
// Long requests are looked at a thousand times at most.
func next(b *outcry.Board, now time.Time, rules policy.Waves) time.Time {
	tick := max(policy.Seconds(rules.TickS), b.Request.Deadline.Sub(b.Request.Created)/1000)
	at := now.Add(tick)
	if at.After(b.Request.Deadline) {
		return b.Request.Deadline
	}
	return at
}

// Fill takes candidates, best first, until their chances add up to the expected
// answers that the plan asks for, and makes a wave of them; nil where there are
// no candidates or nobody is to be called.
func Fill(b *outcry.Board, plan Plan, candidates []outcry.Candidate) *outcry.Wave {
	wave := &outcry.Wave{N: b.Waves + 1}
	sum := 0.0
	for _, c := range candidates {
		if sum >= plan.Answers || len(wave.Calls) >= plan.Most {
			break
		}
		sum += c.Chance
		wave.Calls = append(wave.Calls, outcry.Called{
			N: len(b.Calls) + len(wave.Calls), Shop: c.Shop,
			DistanceM: int(math.Round(c.DistanceM)), Score: c.Score, Parts: c.Parts,
		})
	}
	if len(wave.Calls) == 0 {
		return nil
	}
	return wave
}

// Due says whether a request is to close at that moment, and why.
func Due(b *outcry.Board, now time.Time) (outcry.ClosedReason, bool) {
	switch {
	case b.Closed():
		return "", false
	case b.Taken():
		return outcry.ClosedAccepted, true
	case b.Live(now)+b.Orders >= b.Request.Wanted:
		return outcry.ClosedEnough, true
	case now.Before(b.Request.Deadline):
		return "", false
	case b.Counts().Offered > 0:
		return outcry.ClosedDeadline, true
	}
	return outcry.ClosedNobody, true
}
