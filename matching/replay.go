package matching

import (
	"context"
	"fmt"
	"time"

	"outcry"
	"outcry/policy"
)

// Past lists the requests that were made.
type Past interface {
	// Requests lists those of a buyer, or of all where buyer is "", the newest
	// first.
	Requests(ctx context.Context, buyer string, p outcry.Page) (items []outcry.Request, next string, err error)
}

const (
	// ReplayDefault is how many requests are replayed where nothing is said.
	ReplayDefault = 1000
	// ReplayMost is how many may be.
	ReplayMost = 10_000
	// ReplayBiggest is how many differences are told one by one.
	ReplayBiggest = 20
)

// Span says which requests are replayed.
type Span struct {
	Past  Past
	Since time.Time // those that were made then or later
	Most  int       // the newest ones; 0: ReplayDefault
	// Progress is told how many requests were replayed, after each; nil: nobody.
	Progress func(done int)
}

// Replay is what past requests came to, and what they would have come to under
// the policy in force and under another.
type Replay struct {
	Since    time.Time
	Requests int  // replayed
	Open     int  // left out, because they still take answers
	More     bool // there were more than were asked for; the older ones are left out
	// Was is how they ran, Present how they run again by the policy in force, and
	// Proposed by the other one.
	Was, Present, Proposed Outcome
	// Changed counts the requests that run differently by the two policies, and
	// Biggest are those that differ most, the biggest difference first.
	Changed int
	Biggest []Difference
}

// Replay runs past requests again in virtual time, through the same code that
// runs open ones: once by the policy in force, whatever version ran them then,
// and once by the proposed one, so that only the policy differs. Nobody is called,
// nothing is written or learned, no shop's limit is touched. The error is Forbidden
// for all but the operator, Invalid for a Span that cannot be, and Conflict while
// another replay runs. It stops when ctx ends.
//
// A shop that was called answers as it did then: as long after its call, at its
// last price, with its decline, or not at all where time was up. For a shop that
// was not called, or whose request had closed before it answered, chance decides
// by its learned figures, always in the same way for the same request and shop;
// its price is the request's base price times its learned one. The base price is
// the geometric mean of what the real offers ask, each against its shop's learned
// price; without any, what the code usually costs; where that is not known
// either, the offer has no price. Offers above the budget are not made.
//
// The buyer does as it did: it withdraws when it withdrew, and where it had
// accepted so much that the request closed, it leaves at that moment, or with the
// next offer where there is none. A request that was extended or widened runs from the start as it
// was in the end.
//
// Not replayed is what shops had on their hands: limits of calls and the spread of
// calls play no part in either. Settings, connections and learned figures of shops
// are those of now, learned by the policy in force.
func (m *Market) Replay(ctx context.Context, actor outcry.Actor, proposed *policy.Rules, span Span) (Replay, error) {
	if err := actor.MayOperate(); err != nil {
		return Replay{}, err
	}
	if err := span.check(m.now()); err != nil {
		return Replay{}, err
	}
	if !m.replaying.TryLock() {
		return Replay{}, &outcry.Error{Op: "replay requests", Kind: outcry.Conflict, Code: "replay_running",
			Msg: "other requests are being replayed just now; try again when that is done"}
	}
	defer m.replaying.Unlock()
	r := replaying{
		m: m, span: span, present: m.Policies.Now(), proposed: proposed, shadow: newShadow(m), result: Replay{Since: span.Since},
	}
	if err := r.run(ctx); err != nil {
		return Replay{}, err
	}
	return r.told(), nil
}

// check says what is wrong with a span, and sets what it leaves open.
func (s *Span) check(now time.Time) error {
	var bad outcry.Complaints
	if s.Since.IsZero() || s.Since.After(now) {
		bad.Add("body.since", "write a time that is over, for example that of yesterday")
	}
	if s.Most < 0 || s.Most > ReplayMost {
		bad.Add("body.most", "write how many requests to replay, from 1 to %d", ReplayMost)
	}
	if s.Most == 0 {
		s.Most = ReplayDefault
	}
	return bad.Err()
}

// replaying is a replay under way.
type replaying struct {
	m                 *Market
	span              Span
	present, proposed *policy.Rules
	shadow            *shadow
	result            Replay
	was, now, then    tally
}

// run replays the requests of the span, page by page.
func (r *replaying) run(ctx context.Context) error {
	for page := (outcry.Page{Limit: outcry.MaxPage}); ; {
		requests, next, err := r.span.Past.Requests(ctx, "", page)
		if err != nil {
			return fmt.Errorf("list past requests: %w", err)
		}
		for _, request := range requests {
			switch {
			case request.Created.Before(r.span.Since):
				return nil
			case request.State != outcry.RequestClosed:
				r.result.Open++
				continue
			case r.result.Requests == r.span.Most:
				r.result.More = true
				return nil
			}
			if err := r.one(ctx, request); err != nil {
				return err
			}
		}
		if page.After = next; next == "" {
			return nil
		}
	}
}

// one replays a request twice and takes down what came of it.
func (r *replaying) one(ctx context.Context, request outcry.Request) error {
	p, err := r.m.past(ctx, request)
	if err != nil {
		return err
	}
	path := r.m.Tree.Ancestors(p.request.Code)
	d := Difference{Request: p.request.ID, Code: p.request.Code, Created: p.request.Created, Wanted: p.request.Wanted, Was: p.was}
	if d.Present, err = r.shadow.run(ctx, p, r.present.For(path)); err != nil {
		return err
	}
	if d.Proposed, err = r.shadow.run(ctx, p, r.proposed.For(path)); err != nil {
		return err
	}
	r.take(d)
	if r.result.Requests++; r.span.Progress != nil {
		r.span.Progress(r.result.Requests)
	}
	return nil
}
