package matching

import (
	"context"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/policy"
)

// operate runs one request: it selects shops, calls them, collects what they
// answer and provides it to the buyer, turn by turn, until the request is closed
// and nobody has asked for anything for a while.
func (r *run) operate(ctx context.Context) {
	defer r.m.disown(r)
	var commands []command
	for on := true; on; {
		t, err := r.newTurn(ctx)
		if err == nil {
			t.selecting()          // step 6: which shops are called now
			t.collecting(commands) // step 7: which answers are taken
			t.closing()            // step 7: is it enough, or is time up
			err = t.providing(ctx) // step 8: durable first, then told to all
		}
		if r.stale(err) {
			continue // somebody else wrote: decide the same commands again
		}
		reply(commands, t, err)
		if r.failure = r.hopeless(err); r.failure != nil {
			return
		}
		commands, on = r.wait(ctx, r.until)
	}
}

// selecting is step 6: where more answers are needed than are to be expected,
// the best shops that may be called and were not yet make the next wave. It is
// looked at when it is time to, not whenever somebody reads the board.
func (t *turn) selecting() {
	if t.board.Closed() || t.now.Before(t.until) {
		return
	}
	rules := t.m.Policy()
	plan := calling.Look(t.board, t.now, rules.Waves, t.m.chance(rules.Selecting))
	t.until = plan.Next
	if plan.Answers <= 0 {
		return
	}
	called := func(shop string) bool { return t.board.Called(shop) != nil }
	candidates := t.m.Shops.Select(t.m.query(t.board.Request, t.now), plan.Most, called)
	if wave := calling.Fill(t.board, plan, candidates); wave != nil {
		t.add(outcry.Event{Kind: outcry.EventCalled, Wave: wave})
	}
}

// collecting is step 7: each command is decided on what the ones before it
// have left.
func (t *turn) collecting(commands []command) {
	for _, c := range commands {
		t.answers = append(t.answers, c.decide(t))
	}
}

// closing ends the collecting when enough offers are in, all that may be
// accepted is, or time is up.
func (t *turn) closing() {
	if reason, due := calling.Due(t.board, t.now); due {
		t.add(outcry.Event{Kind: outcry.EventClosed, Closing: &outcry.Closing{Reason: reason}})
	}
	switch soon := t.now.Add(policy.Seconds(t.m.Policy().Waves.TickS)); {
	case t.board.Closed():
		t.until = t.now.Add(lingering)
	case len(t.batch.Events) > 0 && soon.Before(t.until):
		t.until = soon // what was answered may call for more
	}
}

// providing is step 8: what the turn has decided is made durable; then the
// buyer's board and the shops are told. Where it was not made durable, the board
// is no longer true and must be taken anew from the log.
func (t *turn) providing(ctx context.Context) error {
	if len(t.batch.Events) == 0 {
		return nil
	}
	events, err := t.m.Journal.Commit(context.WithoutCancel(ctx), t.batch)
	if err != nil {
		t.run.board = nil
		return err
	}
	t.board.Seq = events[len(events)-1].Seq
	t.m.ring(t.board, events)
	return nil
}

// wait ends a turn: until a command comes, the time to look again, or the
// server stops. All commands that are there come at once. on is false when the
// run is over.
func (r *run) wait(ctx context.Context, until time.Time) (commands []command, on bool) {
	timer := time.NewTimer(max(0, until.Sub(r.m.Clock())))
	defer timer.Stop()
	select {
	case c := <-r.inbox:
		commands = append(commands, c)
	case <-timer.C:
		return nil, r.board == nil || !r.board.Closed()
	case <-ctx.Done():
		return nil, false
	}
	for len(commands) < maxCommands {
		select {
		case c := <-r.inbox:
			commands = append(commands, c)
		default:
			return commands, true
		}
	}
	return commands, true
}
