package matching

import (
	"context"
	"time"

	"outcry"
)

// Withdraw closes an open request for its buyer. One that is closed stays as it
// is.
func (m *Market) Withdraw(ctx context.Context, actor outcry.Actor, request string) (outcry.Request, error) {
	return m.change(ctx, actor, request, func(t *turn) error {
		if !t.board.Closed() {
			t.add(outcry.Event{
				Kind: outcry.EventClosed, Closing: &outcry.Closing{Reason: outcry.ClosedWithdrawn},
			})
		}
		return nil
	})
}

// Extend gives an open request a later deadline. It is never an earlier one:
// shops were told until when they may answer.
func (m *Market) Extend(ctx context.Context, actor outcry.Actor, request string, deadline time.Time) (outcry.Request, error) {
	return m.change(ctx, actor, request, func(t *turn) error {
		asked := t.board.Request
		if err := t.mustBeOpen(); err != nil {
			return err
		}
		if !deadline.After(t.now) || deadline.Before(asked.Deadline) || deadline.After(asked.Created.Add(outcry.MaxDeadline)) {
			return outcry.BadField("body.deadline_s", "let it end no earlier than it does now, %s, and at most %d days after it was asked",
				asked.Deadline.UTC().Format(time.RFC3339), int(outcry.MaxDeadline.Hours()/24))
		}
		t.add(changed(asked, func(c *outcry.Change) { c.Deadline = deadline.UTC().Truncate(time.Millisecond) }))
		return nil
	})
}

// Widening is what a buyer lets go further; zero values leave it as it is.
type Widening struct {
	RadiusM int
	Code    outcry.Code
	Wanted  int
}

// Widen lets further shops be called: a larger radius, an ancestor of the code,
// more offers wanted. Offers so far stay.
func (m *Market) Widen(ctx context.Context, actor outcry.Actor, request string, w Widening) (outcry.Request, error) {
	return m.change(ctx, actor, request, func(t *turn) error {
		if err := t.mustBeOpen(); err != nil {
			return err
		}
		if err := m.checkWidening(t.board.Request, w); err != nil {
			return err
		}
		t.add(changed(t.board.Request, func(c *outcry.Change) {
			c.RadiusM, c.Wanted = max(c.RadiusM, w.RadiusM), max(c.Wanted, w.Wanted)
			if w.Code != "" {
				c.Code = w.Code
			}
		}))
		t.until = t.now
		t.selecting() // those who can be called now need not wait for the next look
		return nil
	})
}

// checkWidening says which value of a widening would not widen the request.
func (m *Market) checkWidening(asked outcry.Request, w Widening) error {
	var bad outcry.Complaints
	if w.RadiusM != 0 && (w.RadiusM < asked.RadiusM || w.RadiusM > outcry.MaxRadiusM) {
		bad.Add("body.radius_m", "write a whole number of metres from %d to %d", asked.RadiusM, outcry.MaxRadiusM)
	}
	if w.Wanted != 0 && (w.Wanted < asked.Wanted || w.Wanted > outcry.MaxWanted) {
		bad.Add("body.wanted_offers", "write a whole number from %d to %d", asked.Wanted, outcry.MaxWanted)
	}
	if w.Code != "" {
		above := false
		for _, a := range m.Tree.Ancestors(asked.Code) {
			above = above || a == w.Code
		}
		if !above {
			bad.Add("body.code", "write a code above %s; GET /v1/signals/%s shows its path", asked.Code, asked.Code)
		}
	}
	if w == (Widening{}) {
		bad.Add("body", "write radius_m, code or wanted_offers")
	}
	return bad.Err()
}

// change has the buyer of a request change it, and gives the request as it is
// then.
func (m *Market) change(ctx context.Context, actor outcry.Actor, request string, decide func(*turn) error) (outcry.Request, error) {
	var after outcry.Request
	if err := actor.MayWrite(); err != nil {
		return after, err
	}
	err := m.do(ctx, request, func(t *turn) error {
		if !actor.Buys(t.board.Request.Buyer) {
			return outcry.Missing("request")
		}
		err := decide(t)
		after = t.board.Request
		return err
	})
	return after, err
}

// mustBeOpen says why a closed request cannot be changed.
func (t *turn) mustBeOpen() error {
	if !t.board.Closed() {
		return nil
	}
	return &outcry.Error{Op: "change request", Kind: outcry.Closed, Code: "request_closed",
		Msg: "the request closed at " + t.board.Request.Closed.UTC().Format(time.RFC3339) +
			" (" + string(t.board.Request.Reason) + "); ask again"}
}

// changed is the event of a request whose values become what set makes of them.
func changed(asked outcry.Request, set func(*outcry.Change)) outcry.Event {
	c := outcry.Change{
		Deadline: asked.Deadline, RadiusM: asked.RadiusM, Code: asked.Code, Wanted: asked.Wanted,
	}
	set(&c)
	return outcry.Event{Kind: outcry.EventChanged, Change: &c}
}
