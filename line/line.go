package line

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"outcry"
	"outcry/wire"
)

// Presence knows which shops have a live line.
type Presence interface {
	Connect(shop string, by int, at time.Time)
	Seen(shop string, at time.Time)
}

// Config is what a Line works with. All fields are needed.
type Config struct {
	Tail     *Tail
	Presence Presence
	Clock    func() time.Time
	// Board and Shop say what buyers and shops see of an event.
	Board Data
	Shop  func(shop string) Data
	// Past are the events of a request behind a cursor, where they are in memory.
	Past func(ctx context.Context, request string, after int64) (events []outcry.Event, ok bool)
	// Hello is the first thing that a shop hears on a new connection without a
	// cursor: where it stands and the calls that wait for it.
	Hello func(ctx context.Context, shop string) (hello any, calls []any, err error)
	// Up does what a shop says on its line, and gives what came of it once that
	// is durable.
	Up func(ctx context.Context, actor outcry.Actor, shop string, said *wire.Up) (result any, err error)
	// Problem shows an error to who caused it.
	Problem func(err error) wire.Problem
	Bounds  Bounds
}

// Line serves live events over HTTP. Whoever calls it has checked that the
// caller may hear them.
type Line struct {
	Config
	mu       sync.Mutex
	open     map[*receiver]place
	taken    map[place]int // by address alone, and by shop alone
	draining chan struct{} // closed when the server stops
	crew     crew
	empty    *sync.Cond // the last receiver has left
}

// New makes a Line.
func New(c Config) *Line {
	c.Bounds = c.Bounds.withDefaults()
	l := &Line{Config: c, open: map[*receiver]place{}, taken: map[place]int{}, draining: make(chan struct{})}
	l.crew = crew{idle: make(chan func()), stop: l.draining}
	l.empty = sync.NewCond(&l.mu)
	return l
}

// ServeBoard streams the events of a request as server-sent events, or answers
// a long poll (?after=&wait=).
func (l *Line) ServeBoard(w http.ResponseWriter, r *http.Request, request string) error {
	after, _, err := cursor(r)
	if err != nil {
		return err
	}
	return l.serve(w, r, session{topic: RequestTopic(request), read: l.requestLog(request), data: l.Board, after: after})
}

// requestLog reads the events of a request.
func (l *Line) requestLog(request string) read {
	return func(ctx context.Context, after int64, limit int) ([]outcry.Event, bool, error) {
		if events, ok := l.Past(ctx, request, after); ok && (len(events) > 0 || after == 0) && len(events) < limit {
			return events, false, nil
		}
		events, err := l.Tail.log.RequestLog(ctx, request, after, limit)
		if err == nil && len(events) == 0 {
			last, err := l.Tail.log.LastSeq(ctx)
			return nil, after > last, err
		}
		return events, false, err
	}
}

// shopLog reads the events that concern a shop.
func (l *Line) shopLog(shop string) read {
	return func(ctx context.Context, after int64, limit int) ([]outcry.Event, bool, error) {
		return l.Tail.log.ShopLog(ctx, shop, after, limit)
	}
}

// ServeShop streams the events that concern a shop, or answers a long poll.
// While a stream is open the shop counts as connected.
func (l *Line) ServeShop(w http.ResponseWriter, r *http.Request, shop string) error {
	s, err := l.shopSession(r, shop)
	if err != nil {
		return err
	}
	return l.serve(w, r, s)
}

// shopSession is what a shop asks for that comes without a cursor, or with one.
func (l *Line) shopSession(r *http.Request, shop string) (session, error) {
	after, resumes, err := cursor(r)
	if err != nil {
		return session{}, err
	}
	s := session{topic: ShopTopic(shop), read: l.shopLog(shop), data: l.Shop(shop), after: after, shop: shop}
	if !resumes {
		if s.after, err = l.Tail.log.LastSeq(r.Context()); err != nil {
			return s, err
		}
		s.greeting, err = l.greeting(r.Context(), shop, s.after)
	}
	return s, err
}

// greeting is a shop's hello and the calls that wait for it. Only the last item
// has the cursor: who is cut off before is greeted again.
func (l *Line) greeting(ctx context.Context, shop string, seq int64) ([]wire.Frame, error) {
	hello, calls, err := l.Hello(ctx, shop)
	if err != nil {
		return nil, err
	}
	items := []wire.Frame{{Type: wire.EventHello, Data: hello}}
	for _, call := range calls {
		items = append(items, wire.Frame{Type: wire.EventCall, Data: call})
	}
	items[len(items)-1].Seq = seq
	return items, nil
}

// session is one receiver's wish.
type session struct {
	topic    Topic
	read     read
	data     Data
	after    int64
	greeting []wire.Frame // what it hears first
	shop     string       // "" for a board
}

// serve follows the log for one receiver by server-sent events, or for one poll.
func (l *Line) serve(w http.ResponseWriter, r *http.Request, s session) error {
	wait, polls, err := waiting(r)
	if err != nil {
		return err
	}
	at := place{address: address(r), shop: s.shop}
	rec, err := l.enter(at)
	if err != nil {
		return err
	}
	if polls {
		defer l.leave(rec)
		return l.poll(w, r, s, wait)
	}
	out, err := openStream(w, r, s.data)
	if err == nil {
		for _, first := range s.greeting {
			body, _ := json.Marshal(first.Data) // the wire's own shapes can be written
			out.add(first.Seq, first.Type, body)
		}
		err = out.flush()
	}
	if err != nil {
		out.close(err)
		l.leave(rec)
		return nil // the receiver is gone; it comes back with its cursor
	}
	conn, hijacked := out.to.(*taken)
	if hijacked {
		l.begin(context.Background(), rec, s, out) //nolint:contextcheck // the connection outlives the call
		go func() { rec.end(conn.hangUp()) }()
		return nil
	}
	l.begin(r.Context(), rec, s, out)
	select {
	case <-r.Context().Done():
		rec.end(errLeft)
		<-rec.gone
	case <-rec.gone:
	}
	return nil
}

// begin lets a receiver hear. The ear is opened before the log is read, so that
// nothing falls between.
func (l *Line) begin(ctx context.Context, r *receiver, s session, out sink) {
	r.read, r.out, r.ctx, r.after = s.read, out, ctx, s.after
	if s.shop != "" {
		l.Presence.Connect(s.shop, 1, l.Clock())
	}
	r.ear = l.Tail.Listen(s.topic, queueSize, r.wake)
	r.timer = time.AfterFunc(firstBeat(), r.beat)
	r.ready()
}

// Drain ends all that is open, so that the receivers come back elsewhere or later
// with their cursors, and waits until they have been told, but no longer than
// within.
func (l *Line) Drain(within time.Duration) {
	over := false
	timer := time.AfterFunc(within, func() {
		l.mu.Lock()
		over = true
		l.mu.Unlock()
		l.empty.Broadcast()
	})
	defer timer.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.draining:
	default:
		close(l.draining)
	}
	for r := range l.open {
		go r.end(errDraining)
	}
	for len(l.open) > 0 && !over {
		l.empty.Wait()
	}
}
