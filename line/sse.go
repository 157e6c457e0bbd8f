package line

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"outcry"
)

const (
	// beatEvery is how often an idle connection is shown to be alive.
	beatEvery = 15 * time.Second
	// writeWithin is for how long a receiver may block a write.
	writeWithin = 10 * time.Second
	// retryMS is when a browser tries again, in milliseconds.
	retryMS = 2000
	// longestWait bounds a long poll.
	longestWait = 60 * time.Second
)

// Data is what receivers see of an event: its name and its JSON. ok is false
// for events that are not theirs to see.
type Data func(ctx context.Context, e outcry.Event) (name string, data any, ok bool)

// stream writes server-sent events to one receiver.
type stream struct {
	w    http.ResponseWriter
	out  *http.ResponseController
	data Data
	ctx  context.Context //nolint:containedctx // a stream lives as long as its HTTP request
	buf  bytes.Buffer
}

// openStream answers with the head of an event stream.
func openStream(w http.ResponseWriter, r *http.Request, data Data) (*stream, error) {
	s := &stream{w: w, out: http.NewResponseController(w), data: data, ctx: r.Context()}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	fmt.Fprintf(&s.buf, "retry: %d\n\n", retryMS)
	return s, s.flush()
}

// send writes events, all that there are in one go.
func (s *stream) send(events []outcry.Event) error {
	for _, e := range events {
		name, data, ok := s.data(s.ctx, e)
		if !ok {
			continue
		}
		if err := s.put(e.Seq, name, data); err != nil {
			return err
		}
	}
	return s.flush()
}

// greet writes what a receiver hears first.
func (s *stream) greet(items []item) error {
	for _, first := range items {
		if err := s.put(first.Seq, first.Type, first.Data); err != nil {
			return err
		}
	}
	return s.flush()
}

// put writes one event into the buffer; one with the number 0 leaves the
// receiver's cursor where it is.
func (s *stream) put(seq int64, name string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", name, err)
	}
	if seq > 0 {
		fmt.Fprintf(&s.buf, "id: %d\n", seq)
	}
	fmt.Fprintf(&s.buf, "event: %s\ndata: %s\n\n", name, body)
	return nil
}

// beat writes a comment and the cursor; receivers take it without an event.
func (s *stream) beat(past int64) error {
	fmt.Fprintf(&s.buf, ": still here\nid: %d\n\n", past)
	return s.flush()
}

// reset says that the past is gone.
func (s *stream) reset(from int64) error {
	if err := s.put(from, "reset", map[string]any{"seq": from}); err != nil {
		return err
	}
	return s.flush()
}

// flush sends what the buffer holds; a receiver that does not take it in time
// is given up.
func (s *stream) flush() error {
	if s.buf.Len() == 0 {
		return nil
	}
	_ = s.out.SetWriteDeadline(time.Now().Add(writeWithin)) // not every writer has one
	if _, err := s.w.Write(s.buf.Bytes()); err != nil {     //nolint:gosec // an event stream is no page
		return fmt.Errorf("write to receiver: %w", err)
	}
	s.buf.Reset()
	if err := s.out.Flush(); err != nil {
		return fmt.Errorf("flush to receiver: %w", err)
	}
	return nil
}

// cursor is where a receiver wants to go on: Last-Event-ID, else ?after=. ok is
// false where it gave neither.
func cursor(r *http.Request) (after int64, ok bool, err error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	if text == "" {
		return 0, false, nil
	}
	after, err = strconv.ParseInt(text, 10, 64)
	if err != nil || after < 0 {
		return 0, false, outcry.BadField("query.after", "write the id of the last event that you have, for example 1042")
	}
	return after, true, nil
}

// waiting is for how long a long poll may wait; ok is false where none is asked
// for.
func waiting(r *http.Request) (wait time.Duration, ok bool, err error) {
	text := r.URL.Query().Get("wait")
	if text == "" {
		return 0, false, nil
	}
	wait, err = time.ParseDuration(text)
	if err != nil || wait < 0 || wait > longestWait {
		return 0, false, outcry.BadField("query.wait", "write a duration from 0s to %s, for example 25s", longestWait)
	}
	return wait, true, nil
}
