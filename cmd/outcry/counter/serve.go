package counter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/cmd/outcry/live"
	"outcry/wire"
	"outcry/wire/dial"
)

const (
	// atLeast and atMost are for how long a call is answered that waits, though by
	// this machine's clock its time is up: the clock is wrong then, and the market
	// says whether it is too late.
	atLeast = 2 * time.Second
	atMost  = 30 * time.Second
	// remember is for how long after its deadline a call is known that was never
	// told to be closed.
	remember = time.Hour
)

// serve answers a call beside the others; done is called when that is over. A
// call is served once; one whose answer failed is served again when it is told
// again.
func (s *Server) serve(ctx context.Context, call wire.Call, done func()) {
	if call.State != outcry.CallWaiting || !s.first(call) {
		done()
		return
	}
	s.Counter.traffic.note(s.Counter.Clock())
	s.work(ctx, func() {
		within, cancel := context.WithTimeout(ctx, left(call, s.Counter.Clock()))
		defer cancel()
		if s.busy(call.ID, cancel) {
			s.answer(within, call)
			s.busy(call.ID, nil)
		}
		if ctx.Err() == nil { // else it is heard again at the next start
			done()
		}
	})
}

// first says whether a call was not heard before, and notes that it was.
func (s *Server) first(call wire.Call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.served[call.ID] != nil {
		return false
	}
	s.served[call.ID] = &serving{goods: goods(call), until: time.Time(call.Deadline).Add(remember)}
	return true
}

// busy notes how the service of a call is cut short, and with nil that it is
// over. It is false where the call was closed.
func (s *Server) busy(id string, cancel context.CancelFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.served[id]
	if at != nil {
		at.cancel = cancel
	}
	return at != nil
}

// left is how long a call may still be answered.
func left(call wire.Call, now time.Time) time.Duration {
	d := time.Time(call.Deadline).Sub(now)
	if d < atLeast {
		d = max(atLeast, min(time.Time(call.Deadline).Sub(time.Time(call.CalledAt)), atMost))
	}
	return d
}

// answer decides on a call and says so to the market.
func (s *Server) answer(ctx context.Context, call wire.Call) {
	s.Say("call", need(call, s.Counter.Clock()))
	a, err := s.decide(ctx, call)
	if err == nil && a.By == BySoftware && a.Bid == nil && a.Decline == nil {
		err = s.ask(ctx, call, &a)
	}
	if ctx.Err() != nil && a.Bid == nil {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			s.Say("missed", "no answer in time to the call for "+column.Clean(call.Request.Code)+because(err))
		}
		return
	}
	if err != nil {
		s.Say("problem", Problem(err)+"; left to a person")
		return
	}
	release, ok := s.take(ctx)
	if !ok {
		return
	}
	defer release()
	switch {
	case a.Bid != nil:
		s.offer(ctx, call, a)
	case a.Decline != nil:
		s.decline(ctx, call, a)
	default:
		s.Say("person", "left to a person"+why(a))
	}
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return ": " + Problem(err)
}

// take waits for a hand.
func (s *Server) take(ctx context.Context) (release func(), ok bool) {
	select {
	case s.hands <- struct{}{}:
		return func() { <-s.hands }, true
	case <-ctx.Done():
		return nil, false
	}
}

func (s *Server) decide(ctx context.Context, call wire.Call) (Answer, error) {
	release, ok := s.take(ctx)
	if !ok {
		return Answer{By: ByPerson}, ctx.Err()
	}
	defer release()
	return s.Counter.Decide(ctx, call)
}

// ask has the software answer; a call that it has nothing to say to is a
// person's.
func (s *Server) ask(ctx context.Context, call wire.Call, a *Answer) error {
	select {
	case s.asked <- struct{}{}:
		defer func() { <-s.asked }()
	case <-ctx.Done():
		return ctx.Err()
	}
	r, err := s.software.ask(ctx, call)
	if err != nil {
		return fmt.Errorf("ask the software: %w", err)
	}
	if !r.into(a) {
		a.By = ByPerson
		a.because("the software answers nothing")
	}
	return nil
}

// offer offers; goods that are counted are held before, and given back where the
// market says that there is no offer.
func (s *Server) offer(ctx context.Context, call wire.Call, a Answer) {
	if a.line != nil {
		left, ok, err := s.Counter.Shelf.Hold(call.ID, *a.line, a.count, s.Counter.Clock())
		if err != nil {
			s.Say("problem", err.Error()+"; left to a person")
			return
		}
		if !ok {
			a.soldOut(left, a.count)
			s.decline(ctx, call, a)
			return
		}
	}
	var offer wire.Offer
	err := patiently(ctx, func() (err error) {
		offer, err = s.line.Offer(ctx, call.ID, *a.Bid)
		return err
	})
	switch kind := outcry.KindOf(err); {
	case errors.Is(ctx.Err(), context.Canceled) && err != nil: // whether it was taken is not known, and the stock is held until it is
	case err == nil:
		s.tell("offered", offer)
		s.Say("offer", fmt.Sprintf("%s for %s, can be had %s%s", offer.Price, goods(call), live.When(offer.AvailableAt, s.Counter.Clock()), why(a)))
	case kind == outcry.Closed:
		s.Counter.Shelf.Release(call.ID)
		s.Say("late", fmt.Sprintf("%s for %s: %s", a.Bid.Price, goods(call), Problem(err)))
	case kind == outcry.Conflict: // somebody has offered, perhaps this shop server before it was stopped
		s.Say("answered", fmt.Sprintf("the call for %s: %s", goods(call), Problem(err)))
	case kind == outcry.Unavailable || kind == outcry.Internal: // whether it was taken is not known: the stock is held until it is
		s.Say("problem", fmt.Sprintf("offer %s for %s: %s", a.Bid.Price, goods(call), Problem(err)))
	default:
		s.Counter.Shelf.Release(call.ID)
		s.Say("problem", fmt.Sprintf("offer %s for %s: %s", a.Bid.Price, goods(call), Problem(err)))
	}
}

func (s *Server) decline(ctx context.Context, call wire.Call, a Answer) {
	err := patiently(ctx, func() error { return s.line.Decline(ctx, call.ID, a.Decline.Reason) })
	if errors.Is(ctx.Err(), context.Canceled) && err != nil {
		return
	}
	if err != nil {
		s.Say("problem", fmt.Sprintf("decline the call for %s: %s", goods(call), Problem(err)))
		return
	}
	s.tell("declined", map[string]string{"call_id": call.ID, "reason": a.Decline.Reason})
	s.Say("decline", fmt.Sprintf("%s: %q%s", goods(call), column.Clean(a.Decline.Reason), why(a)))
}

// patiently does again what the market has no time for now, or what cannot reach
// it, until ctx ends. The same answer again is taken as said before.
func patiently(ctx context.Context, do func() error) error {
	var wait dial.Backoff
	for {
		err := do()
		if kind := outcry.KindOf(err); kind != outcry.Unavailable && kind != outcry.Limited || wait.Wait(ctx, 0) != nil {
			return err
		}
	}
}

func (s *Server) tell(event string, data any) {
	if s.Tell != nil {
		s.Tell(event, 0, data)
	}
}

// closed ends what is under way for a call.
func (s *Server) closed(c wire.ClosedCall) {
	s.mu.Lock()
	at := s.served[c.ID]
	delete(s.served, c.ID)
	s.mu.Unlock()
	if at != nil && at.cancel != nil && c.State != outcry.CallOffered && c.State != outcry.CallDeclined {
		at.cancel() // else the market's word about the answer is on its way
	}
	what := "the call " + c.ID
	if at != nil {
		what = at.goods
	}
	s.Say("closed", fmt.Sprintf("%s, %s: %s", what, c.State, c.Reason))
	s.look()
}

// forget forgets calls that should have been closed long ago.
func (s *Server) forget(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, at := range s.served {
		if at.cancel == nil && now.After(at.until) {
			delete(s.served, id)
		}
	}
}

// goods are the code of a call, and how many.
func goods(call wire.Call) string {
	if call.Request.Quantity > 1 {
		return column.Clean(fmt.Sprintf("%d of %s", call.Request.Quantity, call.Request.Code))
	}
	return column.Clean(call.Request.Code)
}

// why are the reasons of an answer, in brackets.
func why(a Answer) string {
	if len(a.Why) == 0 {
		return ""
	}
	return " (" + column.Clean(strings.Join(a.Why, "; ")) + ")"
}

// need says a call for people.
func need(call wire.Call, now time.Time) string {
	r := call.Request
	words := []string{r.Code}
	if r.Quantity > 1 {
		words = append(words, fmt.Sprintf("quantity %d", r.Quantity))
	}
	if len(r.Attributes) > 0 {
		words = append(words, string(r.Attributes))
	}
	if r.Budget != nil {
		words = append(words, "up to "+r.Budget.Max.String())
	}
	words = append(words, input.Distance(max(1, r.DistanceM)).String()+" away",
		live.Clock(time.Time(call.Deadline).Sub(now))+" to answer")
	if r.Note != "" {
		words = append(words, `"`+r.Note+`"`)
	}
	return column.Clean(strings.Join(words, ", "))
}
