package onboarding

import (
	"context"
	"math"
	"time"

	"outcry"
)

// UntilToldOtherwise is until when a shop is paused that did not say until when,
// and the latest time that may be said: 2100-01-01T00:00:00Z.
var UntilToldOtherwise = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// Pause says for how long a shop takes no calls: until a time, or for so many
// seconds. Neither is until it goes on by itself.
type Pause struct {
	Until *time.Time
	ForS  *float64
}

// Pause stops the calls to a shop, for its staff or the operator, from now on;
// calls that wait for its answer stay open. Another pause replaces it.
func (o *Onboarding) Pause(ctx context.Context, actor outcry.Actor, id string, p Pause) (outcry.Shop, error) {
	if err := mayActFor(actor, id); err != nil {
		return outcry.Shop{}, err
	}
	var bad outcry.Complaints
	until := p.until(&bad, o.now())
	if len(bad) > 0 {
		return outcry.Shop{}, bad.Err()
	}
	return o.pause(ctx, id, until)
}

// Resume ends a pause, for the shop's staff or the operator; one that is not
// paused stays so.
func (o *Onboarding) Resume(ctx context.Context, actor outcry.Actor, id string) (outcry.Shop, error) {
	if err := mayActFor(actor, id); err != nil {
		return outcry.Shop{}, err
	}
	return o.pause(ctx, id, time.Time{})
}

func (o *Onboarding) pause(ctx context.Context, id string, until time.Time) (outcry.Shop, error) {
	return o.change(ctx, id, func(s *outcry.Shop) error {
		s.PausedUntil = until
		return nil
	})
}

// until is the end of a pause that begins now.
func (p Pause) until(bad *outcry.Complaints, now time.Time) time.Time {
	longest := math.Floor(UntilToldOtherwise.Sub(now).Seconds())
	switch {
	case p.Until != nil && p.ForS != nil:
		bad.Add("body.for_s", "write either for_s, for example 7200, or until, a time; or neither, to pause until told otherwise")
	case p.ForS != nil && !(*p.ForS >= 1 && *p.ForS <= longest):
		bad.Add("body.for_s", "write seconds from now, from 1 to %.0f; to go on write POST /v1/shops/{id}/resume", longest)
	case p.ForS != nil:
		return now.Add(time.Duration(math.Round(*p.ForS*1000)) * time.Millisecond)
	case p.Until != nil && p.Until.IsZero():
		bad.Add("body.until", "write a time that is still to come; to go on write POST /v1/shops/{id}/resume")
	case p.Until != nil:
		return checkPause(bad, "body.until", *p.Until, now)
	}
	return UntilToldOtherwise
}

// checkPause gives the end of a pause with the resolution that is kept; the zero
// time, which ends one, stays zero.
func checkPause(bad *outcry.Complaints, location string, until, now time.Time) time.Time {
	if until.IsZero() {
		return time.Time{}
	}
	until = until.UTC().Truncate(time.Millisecond)
	if !until.After(now) || until.After(UntilToldOtherwise) {
		bad.Add(location, "write a time that is still to come, up to %s", UntilToldOtherwise.Format(time.RFC3339))
	}
	return until
}

// current is a shop without a pause that is over.
func current(s outcry.Shop, now time.Time) outcry.Shop {
	if !s.PausedUntil.After(now) {
		s.PausedUntil = time.Time{}
	}
	return s
}
