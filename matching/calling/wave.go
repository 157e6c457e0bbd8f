// Package calling is step 7 of 9: response collecting. It decides how many
// shops to call and when, which answers to take, and when a request has
// collected enough. Its functions are pure: they look at a board and give the
// events that follow; matching/operate.go makes those durable and sends them.
package calling

import (
	"time"

	"outcry"
	"outcry/policy"
)

// Plan says how to go on calling.
type Plan struct {
	// Expected is how many offers the board may count on by Until.
	Expected float64
	// Answers is how many expected offers the next wave should add; 0 or less
	// means that nobody is called now.
	Answers float64
	// Most is how many shops may still be called.
	Most int
	// Until is the end of the wave: offers should be in by then.
	Until time.Time
	// Next is when to look again.
	Next time.Time
}

// Outlook is a shop's chance of an offer, by the time after its call.
type Outlook func(shop string) outcry.Curve

// Look decides, at that moment, whether more shops are to be called. A wave is
// filled at the start and at each end of a wave before it; between them offers
// are refilled when those expected fall below the trigger. At the deadline nobody
// is called, not even first. load is the share of the shops in question that
// are at their limits: with it margin and trigger fall.
func Look(b *outcry.Board, now time.Time, rules *policy.Waves, load float64, outlook Outlook) Plan {
	plan := Plan{
		Next: next(b, now, rules), Until: end(b, now, rules),
		Most: min(rules.MostCalls, outcry.MaxCalls) - len(b.Calls),
	}
	stop := b.Request.Deadline.Add(-policy.Seconds(rules.StopS))
	started := b.Waves > 0
	if plan.Most <= 0 || b.Closed() || started && !now.Before(stop) || !now.Before(b.Request.Deadline) {
		return plan
	}
	margin, trigger := loaded(rules, load)
	wanted := float64(b.Request.Wanted)
	plan.Expected = Expected(b, now, plan.Until, outlook)
	if !started || plan.Expected < trigger*wanted || waveEnded(b, now, rules) {
		plan.Answers = margin*wanted - plan.Expected
	}
	return plan
}

// loaded are the margin and the trigger under a load.
func loaded(rules *policy.Waves, load float64) (margin, trigger float64) {
	margin, trigger = rules.Margin, rules.Trigger
	if load <= rules.LoadFrom || rules.LoadMargin >= margin {
		return margin, trigger
	}
	part := 1.0
	if load < rules.LoadFull {
		part = (load - rules.LoadFrom) / (rules.LoadFull - rules.LoadFrom)
	}
	margin += part * (rules.LoadMargin - margin)
	return margin, min(trigger, margin)
}

// Under is the plan for a load that has changed since it was made.
func (p Plan) Under(load float64, wanted int, rules *policy.Waves) Plan {
	if p.Answers > 0 {
		margin, _ := loaded(rules, load)
		p.Answers = margin*float64(wanted) - p.Expected
	}
	return p
}

// Expected is how many offers a board may count on by a moment: those that
// stand now, and for each call without an answer the chance that one still comes
// by then, which falls with silence.
func Expected(b *outcry.Board, now, until time.Time, outlook Outlook) float64 {
	sum := float64(b.Live(now))
	for _, c := range b.Calls {
		if b.CallState(c) == outcry.CallWaiting {
			curve := outlook(c.Shop)
			sum += curve.Later(now.Sub(c.At).Seconds(), until.Sub(c.At).Seconds())
		}
	}
	return sum
}

// waveEnded says whether a wave has ended that was not followed by another
// one, less than a tick ago.
func waveEnded(b *outcry.Board, now time.Time, rules *policy.Waves) bool {
	if len(b.Calls) == 0 {
		return true
	}
	last := b.Calls[len(b.Calls)-1].At
	for _, share := range rules.Ends[:len(rules.Ends)-1] {
		if at := moment(b, share); last.Before(at) && !now.Before(at) && now.Sub(at) < tick(b, rules) {
			return true
		}
	}
	return false
}

// end is when the wave ends in which that moment lies.
func end(b *outcry.Board, now time.Time, rules *policy.Waves) time.Time {
	for _, share := range rules.Ends {
		if at := moment(b, share); now.Before(at) {
			return at
		}
	}
	return b.Request.Deadline
}

// moment is the time at a share of the way from request to deadline, with the
// resolution of the market's clock.
func moment(b *outcry.Board, share float64) time.Time {
	whole := b.Request.Deadline.Sub(b.Request.Created)
	return b.Request.Created.Add(time.Duration(share * float64(whole))).Round(time.Millisecond)
}

// tick is how often a board is looked at: long requests a thousand times at
// most.
func tick(b *outcry.Board, rules *policy.Waves) time.Duration {
	return max(policy.Seconds(rules.TickS), b.Request.Deadline.Sub(b.Request.Created)/1000)
}

// next is when to look again: a tick from now, or at the end of the wave where
// that is sooner.
func next(b *outcry.Board, now time.Time, rules *policy.Waves) time.Time {
	at, ends := now.Add(tick(b, rules)), end(b, now, rules)
	if ends.After(now) && ends.Before(at) {
		return ends
	}
	return at
}

// Due says whether a request is to close at that moment, and why.
func Due(b *outcry.Board, now time.Time, rules *policy.Waves, outlook Outlook) (outcry.ClosedReason, bool) {
	switch {
	case b.Closed():
		return "", false
	case b.Taken():
		return outcry.ClosedAccepted, true
	case rules.StopAtEnough && b.Live(now)+b.Orders >= b.Request.Wanted && resting(b, now, rules, outlook):
		return outcry.ClosedEnough, true
	case now.Before(b.Request.Deadline):
		return "", false
	case b.Counts().Offered > 0:
		return outcry.ClosedDeadline, true
	}
	return outcry.ClosedNobody, true
}

// resting says whether hardly another offer is to be expected of the calls that
// wait.
func resting(b *outcry.Board, now time.Time, rules *policy.Waves, outlook Outlook) bool {
	return rules.Rest == 0 || Expected(b, now, b.Request.Deadline, outlook)-float64(b.Live(now)) < rules.Rest
}
