package matching

import (
	"context"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/policy"
)

// operate runs one request, turn by turn, until it is closed and nobody has
// asked for anything for a while.
func (r *run) operate(ctx context.Context) {
	defer r.m.disown(r)
	var commands []*command
	for on := true; on; commands, on = r.wait(ctx, r.due()) {
		if r.turn(ctx, commands); r.failure != nil {
			return
		}
	}
}

// turn selects shops, calls them, collects what they answer and provides it to
// the buyer. Where somebody else wrote meanwhile, the same commands are decided
// again.
func (r *run) turn(ctx context.Context, commands []*command) {
	for {
		t, err := r.newTurn(ctx)
		if err == nil {
			t.selecting()          // step 6: which shops are called now
			t.collecting(commands) // step 7: which answers are taken
			t.closing()            // step 7: is it enough, or is time up
			err = t.providing(ctx) // step 8: durable first, then told to all
		}
		if r.stale(err) {
			continue
		}
		if err == nil {
			t.utilizing() // step 9: what the turn teaches of the shops
		}
		reply(commands, t, err)
		r.failure = r.hopeless(err)
		return
	}
}

// selecting is step 6: where more answers are needed than are to be expected,
// the best shops that may be called and were not yet make the next wave. It is
// looked at when it is time to, not whenever somebody reads the board.
func (t *turn) selecting() {
	if t.board.Closed() || t.now.Before(t.until) {
		return
	}
	plan := t.look()
	t.until = plan.Next
	if plan.Answers <= 0 {
		return
	}
	if wave := t.pick(plan); wave != nil {
		t.add(outcry.Event{Kind: outcry.EventCalled, Wave: wave})
	}
}

// collecting is step 7: each command is decided on what the ones before it
// have left.
func (t *turn) collecting(commands []*command) {
	for _, c := range commands {
		t.answers = append(t.answers, c.run(t))
	}
}

// closing ends the collecting when enough offers are in, all that may be
// accepted is, or time is up.
func (t *turn) closing() {
	rules := &t.rules.Policy.Waves
	if reason, due := calling.Due(t.board, t.now, rules, t.m.outlook); due {
		t.add(outcry.Event{Kind: outcry.EventClosed, Closing: &outcry.Closing{Reason: reason}})
	}
	switch soon := t.now.Add(policy.Seconds(rules.TickS)); {
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
	t.board.Seq, t.kept = events[len(events)-1].Seq, events
	t.ring(t.board, events)
	return nil
}

// utilizing is where step 9 feeds step 6: closings, orders and what became of
// the calls are learned from, and calls that wait no more are no longer open.
func (t *turn) utilizing() {
	for i := range t.kept {
		e := &t.kept[i]
		if e.Closing != nil {
			t.settle()
		} else {
			t.settleOne(e.Shop)
		}
		t.m.learn(t.board, e)
	}
}

// due is when to look again, by the market's clock, which goes in milliseconds.
func (r *run) due() time.Time {
	return r.until.Add(time.Millisecond - 1).Truncate(time.Millisecond)
}

// wait ends a turn: until a command comes, the time to look again, or the
// server stops. All commands that are there come at once. on is false when the
// run is over.
func (r *run) wait(ctx context.Context, until time.Time) (commands []*command, on bool) {
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
