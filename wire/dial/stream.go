package dial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"outcry"
)

// Silence is how long a stream may say nothing before it counts as broken: a
// server sends a comment every 15 s.
const Silence = 40 * time.Second

// The kinds of event that a Follow makes itself, beside those of the server.
const (
	// Lost: the line to the server is broken; Err says why. The follower tries
	// again by itself.
	Lost = "line_lost"
	// Back: the line stands again, and nothing was missed.
	Back = "line_back"
)

// Event is one event of a stream.
type Event struct {
	Kind string
	// ID is the cursor behind this event; "" where the server gave none.
	ID   string
	Data []byte
	// SSE says that it came as a server-sent event, and not over a Line's
	// WebSocket.
	SSE bool
	// Err is why the line was lost, with Lost.
	Err error
}

// Stream says what to follow.
type Stream struct {
	Path  string
	Query url.Values
	// After is the cursor behind which the events begin; "" from the start.
	After string
}

// Follow gives the events of a stream, for ever: where the line breaks it waits
// a little, longer each time, and goes on behind the last event. It ends when ctx
// ends or the caller breaks off, or with the one error that cannot mend itself:
// the server refuses the stream (wrong token, no such thing).
func (c Caller) Follow(ctx context.Context, s Stream) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		f := follower{Caller: c, stream: s, yield: yield}
		f.once = f.line
		f.run(ctx)
	}
}

// follower is one Follow, or one Line, on its way.
type follower struct {
	Caller
	stream Stream
	yield  func(Event, error) bool
	once   func(context.Context) error // follows until the connection breaks
	opened func()                      // called where line stands; nil is not
	wait   Backoff
	lost   bool
	least  time.Duration // the wait that the server asks for
}

// What ends a connection without a fault.
var (
	// errDone says that nobody takes more events.
	errDone = errors.New("done")
	// errAgain says that the next connection is to be opened at once.
	errAgain = errors.New("again")
)

func (f *follower) run(ctx context.Context) {
	for {
		err := f.once(ctx)
		switch {
		case errors.Is(err, errDone) || ctx.Err() != nil:
			return
		case errors.Is(err, errAgain):
			continue
		case Final(err):
			f.yield(Event{}, err)
			return
		}
		if !f.lost {
			f.lost = true
			if !f.yield(Event{Kind: Lost, Err: err}, nil) {
				return
			}
		}
		if f.wait.Wait(ctx, f.pause(err)) != nil {
			return
		}
	}
}

// pause is how long to wait at least after a connection broke so.
func (f *follower) pause(err error) time.Duration {
	if e := (*outcry.Error)(nil); errors.As(err, &e) {
		return max(f.least, time.Duration(e.Retry)*time.Second)
	}
	if c := (*closing)(nil); errors.As(err, &c) {
		return max(f.least, c.pause())
	}
	return f.least
}

// back says that the connection stands again, where it was lost.
func (f *follower) back() bool {
	if !f.lost {
		return true
	}
	f.lost = false
	return f.yield(Event{Kind: Back}, nil)
}

// Final says whether trying again is of no use: the server refuses what was
// asked, or who asks.
func Final(err error) bool {
	switch outcry.KindOf(err) {
	case outcry.Unauthorized, outcry.Forbidden, outcry.NotFound, outcry.Invalid:
		return true
	default:
		return false
	}
}

// line follows until the line breaks and says how it broke.
func (f *follower) line(ctx context.Context) error {
	ctx, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	quiet := time.AfterFunc(Silence, func() {
		cut(fmt.Errorf("the server said nothing for %s", Silence))
	})
	defer quiet.Stop()
	res, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if f.opened != nil {
		f.opened()
	}
	if !f.back() {
		return errDone
	}
	r := newReader(res.Body)
	r.heard = func() { quiet.Reset(Silence) }
	for {
		e, err := r.next()
		if r.retry > 0 {
			f.least = r.retry
		}
		if err != nil {
			if r.past != "" {
				f.stream.After = r.past // behind the last event, or behind a heartbeat that moved the cursor on
			}
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return fmt.Errorf("follow %s: %w", f.stream.Path, err)
		}
		f.wait.Reset()
		e.SSE = true
		if !f.yield(e, nil) {
			return errDone
		}
	}
}

// open asks for the stream behind the last event.
func (f *follower) open(ctx context.Context) (*http.Response, error) {
	call := Call{Method: http.MethodGet, Path: f.stream.Path, Query: f.stream.Query}
	req, err := f.request(ctx, call, sending{})
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	if f.stream.After != "" {
		req.Header.Set("Last-Event-ID", f.stream.After)
	}
	res, err := f.streaming().Do(req)
	if err != nil {
		return nil, unreachable(ctx, f.Server, err)
	}
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case res.StatusCode >= http.StatusBadRequest:
		err = refusal(call, res) //nolint:contextcheck // the answer has its own
	case !strings.EqualFold(media, "text/event-stream"):
		err = foreign(call, res, "its answer is no event stream")
	}
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return res, nil
}

// streaming is the caller's client without a bound on the time of an answer: a
// stream has no end, and Silence finds the dead ones.
func (c Caller) streaming() *http.Client {
	client := *c.client()
	client.Timeout = 0
	return &client
}

// Read reads the data of an event that has the shape T.
func Read[T any](e Event) (*T, error) {
	v := new(T)
	if err := json.Unmarshal(e.Data, v); err != nil {
		return nil, fmt.Errorf("read event %s %s: %w", e.Kind, e.ID, err)
	}
	return v, nil
}

// Seq is the number of the event that the cursor names; 0 where there is none.
func (e Event) Seq() int64 {
	n, err := strconv.ParseInt(e.ID, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
