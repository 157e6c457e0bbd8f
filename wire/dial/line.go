package dial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/gobwas/ws"

	"outcry"
)

// ErrClosed ends what waits for a Line that was closed.
var ErrClosed = errors.New("the line was closed here")

const (
	// socketAgain is how long events are heard over SSE before a WebSocket is
	// tried again.
	socketAgain = 10 * time.Minute
	// triesBefore is how many handshakes break off before SSE is tried, since
	// something between may not let them through.
	triesBefore = 3
	// fromProblem is how long to wait at least before asking what was refused for
	// now: a problem on a line does not say.
	fromProblem = time.Second
	// framePast moves the cursor and says nothing else.
	framePast = "past"
)

// Line is live both ways: events come down, each once and in order, and what is
// asked goes up and is answered. Where the connection breaks it is made again by
// itself; events go on behind the last one, and what was not answered is asked
// again. It is safe for use by many at once, but for Events, which one reads.
type Line struct {
	in   *inbox
	asks *asks
	stop context.CancelFunc
	done chan struct{} // closed when nothing runs any more
	err  error         // why it ended, once done; nil where it was closed
}

// Open opens a line: a WebSocket of wire.LineProtocol at path, and where none
// can be had the server-sent events of s, which are the same. It lives until
// Close, until ctx ends, or until the server refuses it for good.
func (c Caller) Open(ctx context.Context, path string, s Stream) *Line {
	after, _ := strconv.ParseInt(s.After, 10, 64)
	ctx, stop := context.WithCancel(ctx)
	l := &Line{in: newInbox(after), asks: newAsks(), stop: stop, done: make(chan struct{})}
	go l.run(ctx, &follower{Caller: c, stream: s}, path)
	return l
}

// Close ends the line and waits until nothing of it runs. What waits for an
// answer ends with ErrClosed.
func (l *Line) Close() {
	l.stop()
	<-l.done
}

// Events gives what comes down, each once and in order, with Lost and Back as
// Follow has them, from where the last reader of them broke off. It ends with ctx
// and with the line: without an error where the line was closed.
func (l *Line) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			if ctx.Err() != nil || l.Ended() && l.err == nil {
				return
			}
			ended := l.Ended()
			e, ok := l.in.take()
			switch {
			case !ok && ended:
				yield(Event{}, l.err)
				return
			case !ok:
				select {
				case <-l.in.more:
				case <-l.done:
				case <-ctx.Done():
				}
			case e.Kind != framePast && !yield(e, nil):
				return
			}
		}
	}
}

// Ended says whether the line has ended.
func (l *Line) Ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// Cursor is the one behind all events that were handed on, and behind what was
// nobody's to hear: a Line opened behind it misses nothing and repeats nothing.
// It is 0 before the first event that has one.
func (l *Line) Cursor() int64 { return l.in.cursor() }

// Ask sends a and reads its answer into the value that into points at; nil drops
// it. What the server refuses is an *outcry.Error, as Do has it, and as in Do
// what it is too busy for is asked again a few times. Without a connection it
// waits for the next one, until ctx ends; ErrNoLine says that none takes it.
func (l *Line) Ask(ctx context.Context, a Ask, into any) error {
	wait := Backoff{}
	for try := 1; ; try++ {
		data, err := l.asks.do(ctx, a)
		if err == nil && into != nil {
			if err := json.Unmarshal(data, into); err != nil {
				return &outcry.Error{Op: a.Type, Kind: outcry.Internal, Code: "foreign_answer",
					Msg: "the answer is not the JSON that was expected", Err: err}
			}
		}
		var e *outcry.Error
		busy := errors.As(err, &e) && (e.Kind == outcry.Limited || e.Kind == outcry.Unavailable) && e.Code != "maybe"
		if !busy || try == tries || wait.Wait(ctx, fromProblem) != nil {
			return err
		}
	}
}

// run keeps the line up.
func (l *Line) run(ctx context.Context, f *follower, path string) {
	defer close(l.done)
	defer l.stop()
	broken := 0
	f.once = func(ctx context.Context) error {
		f.stream.After = l.after()
		err := l.socket(ctx, f, path)
		switch {
		case errors.Is(err, errNoSocket):
			broken = 0
		case outcry.CodeOf(err) == "unreachable":
			broken++
		default:
			broken = 0
			return err
		}
		if broken%triesBefore != 0 || f.stream.Path == "" {
			return err
		}
		return l.stream(ctx, f)
	}
	f.opened = func() { l.asks.divert(ErrNoLine) }
	f.yield = func(e Event, err error) bool {
		switch {
		case err != nil:
			l.err = err
		case e.Kind == Lost || e.Kind == Back:
			l.in.note(e)
		default:
			return l.in.put(e)
		}
		return true
	}
	f.run(ctx)
	if l.err != nil {
		l.asks.divert(l.err)
	} else {
		l.asks.divert(ErrClosed)
	}
}

// after hears a new connection; it is the cursor to open it behind.
func (l *Line) after() string {
	if after := l.in.reopen(); after > 0 {
		return strconv.FormatInt(after, 10)
	}
	return ""
}

// stream hears the events over SSE until that breaks, or until it is time to try
// a WebSocket again.
func (l *Line) stream(ctx context.Context, f *follower) error {
	ctx, cancel := context.WithTimeoutCause(ctx, socketAgain, errAgain)
	defer cancel()
	err := f.line(ctx)
	l.asks.divert(nil)
	if !errors.Is(err, errDone) {
		l.in.put(Event{Kind: framePast, ID: f.stream.After})
		return err
	}
	select { // the inbox is full
	case <-l.in.drained:
	case <-ctx.Done():
	}
	return errAgain
}

// socket hears and speaks over a WebSocket until it breaks.
func (l *Line) socket(ctx context.Context, f *follower, path string) error {
	conn, err := f.upgrade(ctx, Stream{Path: path, Query: f.stream.Query, After: f.stream.After})
	if err != nil {
		return err
	}
	s, alive := newSocket(ctx, conn)
	defer s.end()
	f.back()
	signal(l.asks.wake)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		l.speak(ctx, alive, s)
	}()
	l.hear(s, f)
	<-alive.Done()
	<-gone
	err = fmt.Errorf("line %s: %w", path, context.Cause(alive))
	if s.complaint != "" {
		err = fmt.Errorf("%w (%s)", err, s.complaint)
	}
	var over *closing
	if errors.As(err, &over) && over.theirs && over.code == ws.StatusPolicyViolation {
		l.asks.again(err)
	} else {
		l.asks.again(nil)
	}
	return err
}

// hear reads a socket until it breaks.
func (l *Line) hear(s *socket, f *follower) {
	var frames jsontext.Decoder
	for {
		m, err := s.next()
		if err == nil {
			frames.Reset(m)
			if err = l.down(&frames, s, f); err != nil && m.broken() != nil {
				err = m.broken()
			}
		}
		if err == nil {
			continue
		}
		if why := blame(err); why != nil {
			s.close(why)
		} else {
			s.cut(err)
		}
		return
	}
}

// speak writes a socket until it ends: what is asked, the answers to pings, and
// why it is closed.
func (l *Line) speak(ctx, alive context.Context, s *socket) {
	hurry := context.AfterFunc(ctx, func() { s.late.Reset(byeWithin) })
	defer hurry()
	var buf []byte
	for {
		var err error
		select {
		case <-alive.Done():
			return
		case <-ctx.Done():
			l.part(s, &closing{code: ws.StatusNormalClosure, cause: ctx.Err()})
			return
		case why := <-s.leave:
			l.part(s, why)
			return
		case <-l.in.drained:
			l.part(s, &closing{code: ws.StatusNormalClosure, cause: errAgain})
			return
		case p := <-s.pongs:
			err = s.write(ws.OpPong, p, writeWithin)
		case <-s.beat.C:
			s.beat.Reset(pingEvery)
			err = s.write(ws.OpPing, nil, writeWithin)
		case <-l.asks.wake:
			if buf = l.asks.next(buf[:0]); len(buf) > 0 {
				err = s.write(ws.OpText, buf, writeWithin)
				signal(l.asks.wake) // there may be more than a frame holds
			}
		}
		if err != nil {
			s.cut(err)
			return
		}
	}
}

// part says why the socket is closed, and ends it.
func (l *Line) part(s *socket, why *closing) {
	code := why.code
	if code == ws.StatusNoStatusRcvd {
		code = ws.StatusNormalClosure
	}
	_ = s.write(ws.OpClose, ws.NewCloseFrameBody(code, ""), byeWithin) // it ends all the same
	s.cut(why)
}
