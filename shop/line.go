package shop

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strconv"

	"outcry"
	"outcry/wire"
	"outcry/wire/dial"
)

// Line is a shop's live line to its market: calls come down, answers go up. It
// has the answers of a Client, which are several times less work for the market
// than over HTTP. Where the connection breaks it comes back by itself; the events go on
// behind the last one, and answers that were under way are given again, until
// their context ends. Many may answer at once, while one reads Events or nobody
// does.
type Line struct {
	client *Client
	line   *dial.Line
}

// Open opens the shop's line behind the cursor after: 0 is from now, with a
// hello and the calls that wait. It returns at once and lives until Close, until
// ctx ends or until the market refuses it for good, which Events tells. Where no
// WebSocket can be had the events come as server-sent events, with SSE set, and
// answers go over HTTP.
func (c *Client) Open(ctx context.Context, after int64) *Line {
	stream := dial.Stream{Path: c.path("events")}
	if after > 0 {
		stream.After = strconv.FormatInt(after, 10)
	}
	return &Line{client: c, line: c.caller.Open(ctx, c.path("line"), stream)}
}

// Close ends the line and waits until nothing of it runs. Answers that are under
// way end with dial.ErrClosed.
func (l *Line) Close() { l.line.Close() }

// Cursor is the one behind all that Events has given, and behind what was no
// business of the shop. Keep it, and Open behind it after a restart: nothing is
// missed. It is 0 before the first event that has one.
func (l *Line) Cursor() int64 { return l.line.Cursor() }

// Events gives what the shop hears, each once and in order; one at a time may
// read it. Where the line breaks it says dial.Lost, and dial.Back when it stands.
// After wire.EventReset what came in between is no longer kept: the calls that
// wait follow it, even such as were told before. Without an event that has a Seq,
// a line that broke says hello again. It ends with ctx, with the line, with the
// caller's break, or with the error that trying again does not mend, such as a
// key that was removed.
func (l *Line) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		told := told{}
		for raw, err := range l.line.Events(ctx) {
			var e Event
			if err == nil {
				e, err = event(raw)
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
			if told.has(e) {
				continue
			}
			if e.Kind == wire.EventReset {
				clear(told)
			}
			if !yield(e, nil) || e.Kind == wire.EventReset && !l.waiting(ctx, e, func(e Event, err error) bool {
				told.note(e)
				return yield(e, err)
			}) {
				return
			}
		}
	}
}

// waiting tells the calls that wait, trying again until the market lists them;
// false ends the events.
func (l *Line) waiting(ctx context.Context, reset Event, tell func(Event, error) bool) bool {
	for wait := (dial.Backoff{}); ; {
		calls, err := l.client.list(ctx)
		if err == nil {
			return !slices.ContainsFunc(calls, func(c wire.Call) bool {
				return !tell(Event{Kind: wire.EventCall, Seq: reset.Seq, SSE: reset.SSE, Call: &c}, nil)
			})
		}
		if dial.Final(err) {
			tell(Event{}, err)
			return false
		}
		if l.line.Ended() || wait.Wait(ctx, 0) != nil {
			return false
		}
	}
}

// list is all calls that wait.
func (c *Client) list(ctx context.Context) (calls []wire.Call, err error) {
	for call, err := range c.Calls(ctx, outcry.CallWaiting) {
		if err != nil {
			return nil, err
		}
		calls = append(calls, call)
	}
	return calls, nil
}

// told are calls that came in a list, as they stood then: the line may bring the
// same ones.
type told map[string]string

// note remembers a call of a list.
func (t told) note(e Event) {
	if e.Call != nil {
		t[e.Call.ID] = text(*e.Call)
	}
}

// has says whether an event is a call that was told as it stands, and forgets
// calls that the line has brought or closed.
func (t told) has(e Event) bool {
	switch {
	case len(t) == 0:
		return false
	case e.Closed != nil:
		delete(t, e.Closed.ID)
	case e.Call != nil:
		known, ok := t[e.Call.ID]
		delete(t, e.Call.ID)
		return ok && known == text(*e.Call)
	}
	return false
}

// text is a call in a form that compares.
func text(c wire.Call) string {
	data, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	return string(data)
}
