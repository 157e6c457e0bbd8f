package dial

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"outcry"
	"outcry/wire"
)

// maxAsks is how many asks of a line wait for their answers; the others wait for
// their turn.
const maxAsks = 1024

// ErrNoLine ends an Ask that should go another way: the events come as
// server-sent events, since no WebSocket can be had.
var ErrNoLine = errors.New("the line is heard over HTTP only")

// Ask is one thing that goes up a line and is answered.
type Ask struct {
	Type string // one of wire.UpAck and its like
	Data any
	// Once says that it must not be said twice: where the line breaks before its
	// answer came, it is not asked again but ends with the code "maybe".
	Once bool
}

// asked is an Ask on its way.
type asked struct {
	n       int64 // the order in which they were asked
	ref     string
	frame   []byte
	once    bool
	struck  int // how often the server closed the line over what it was in
	answers chan reply
}

// reply is what an ask ends with.
type reply struct {
	data json.RawMessage
	err  error
}

// asks are those that wait for their answers.
type asks struct {
	slots chan struct{} // has an item for each
	wake  chan struct{} // has an item when there may be something to send

	mu       sync.Mutex
	prefix   string // of all refs
	n        int64
	window   int      // how many may be sent and not answered
	unsent   []*asked // in the order in which they were asked
	sent     map[string]*asked
	diverted error // why nothing is taken
}

func newAsks() *asks {
	return &asks{
		slots: make(chan struct{}, maxAsks), wake: make(chan struct{}, 1),
		prefix: rand.Text()[:12] + "-", window: maxAsks, sent: map[string]*asked{},
	}
}

// do asks and waits for the answer.
func (q *asks) do(ctx context.Context, a Ask) (json.RawMessage, error) {
	select {
	case q.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-q.slots }()
	one, err := q.add(a)
	if err != nil {
		return nil, err
	}
	select {
	case r := <-one.answers:
		return r.data, r.err
	case <-ctx.Done():
		q.drop(one)
		return nil, ctx.Err()
	}
}

// add puts an ask behind those that wait to be sent.
func (q *asks) add(a Ask) (*asked, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.diverted != nil {
		return nil, q.diverted
	}
	q.n++
	one := &asked{n: q.n, ref: q.prefix + strconv.FormatInt(q.n, 36), once: a.Once, answers: make(chan reply, 1)}
	frame, err := json.Marshal(wire.UpFrame{Type: a.Type, Ref: one.ref, Data: a.Data})
	switch {
	case err != nil:
		return nil, fmt.Errorf("write %s: %w", a.Type, err)
	case len(frame)+len("[]") > wire.MaxUp:
		return nil, outcry.BadField("body", "write less: it has %d bytes, and may have %d with its attributes and its message", len(frame), wire.MaxUp)
	}
	one.frame = frame
	q.unsent = append(q.unsent, one)
	signal(q.wake)
	return one, nil
}

// drop forgets an ask that nobody waits for any more.
func (q *asks) drop(one *asked) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.sent, one.ref)
	signal(q.wake) // there may be room for another
	q.unsent = slices.DeleteFunc(q.unsent, func(o *asked) bool { return o == one })
}

// next appends to buf the next frame to send, as many asks as one may hold;
// nothing where there is none.
func (q *asks) next(buf []byte) []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, between, size := 0, byte('['), len("]")
	for n < len(q.unsent) && n < wire.MaxUps && len(q.sent) < q.window {
		one := q.unsent[n]
		if size += 1 + len(one.frame); size > wire.MaxUp {
			break
		}
		buf = append(append(buf, between), one.frame...)
		q.sent[one.ref] = one
		n, between = n+1, ','
	}
	if n == 0 {
		return buf
	}
	clear(q.unsent[:n])
	q.unsent = q.unsent[n:]
	return append(buf, ']')
}

// answer brings an answer to who asked, where somebody still waits.
func (q *asks) answer(ref string, r reply) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if one, ok := q.sent[ref]; ok {
		delete(q.sent, ref)
		one.answers <- r
		q.window = min(q.window+1, maxAsks)
		if len(q.unsent) > 0 {
			signal(q.wake)
		}
	}
}

// again has what was sent and not answered sent once more, since the line broke.
// blame is why the server closed it over what it was sent, else nil: what it was
// closed over twice is not tried a third time. A line that broke is sent half as
// much at once, and from then on one more with each answer, so that what waits
// gets through a bad one bit by bit.
func (q *asks) again(blame error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.sent) > 0 {
		q.window = max(1, min(q.window, len(q.sent))/2)
	}
	back := slices.SortedFunc(maps.Values(q.sent), func(a, b *asked) int { return cmp.Compare(a.n, b.n) })
	clear(q.sent)
	back = slices.DeleteFunc(back, func(one *asked) bool {
		if blame != nil {
			one.struck++
		}
		switch {
		case one.struck > 1:
			one.answers <- reply{err: &outcry.Error{Kind: outcry.Invalid, Code: "invalid",
				Msg: "the server closes the line over it", Err: blame}}
		case one.once:
			one.answers <- reply{err: &outcry.Error{Kind: outcry.Unavailable, Code: "maybe",
				Msg: "the line broke before the answer came: it may have been taken or not"}}
		}
		return one.struck > 1 || one.once
	})
	q.unsent = append(back, q.unsent...)
	if len(q.unsent) > 0 {
		signal(q.wake)
	}
}

// divert ends with why all asks that wait, and those to come; nil takes asks
// again.
func (q *asks) divert(why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.diverted = why
	if why == nil {
		return
	}
	for _, one := range q.unsent {
		one.answers <- reply{err: why}
	}
	q.unsent = nil
	for _, one := range q.sent {
		one.answers <- reply{err: why}
	}
	clear(q.sent)
}
