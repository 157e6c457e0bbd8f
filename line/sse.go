package line

import (
	"context"
	"errors"
	"fmt"
	"net"
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

// Data is what receivers see of an event: its name and its JSON, which nobody
// changes. ok is false for events that are not theirs to see.
type Data func(ctx context.Context, n *News) (name string, data []byte, ok bool)

// stream writes server-sent events to one receiver.
type stream struct {
	to   writer
	data Data
	buf  []byte // what waits to be sent; nil while there is nothing
}

// writer takes what is sent in one piece.
type writer interface {
	write(b []byte) error
	close(why error)
}

const streamHead = "Content-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n"

// openStream answers with the head of an event stream. Where it can, it takes the
// connection over from the HTTP server, which keeps far more of an idle one than
// is needed.
func openStream(w http.ResponseWriter, r *http.Request, data Data) (*stream, error) {
	s := &stream{data: data}
	retry := fmt.Sprintf("retry: %d\n\n", retryMS)
	if conn := takeOver(w, r); conn != nil {
		s.to = conn
		head := []byte("HTTP/1.1 200 OK\r\n" + streamHead)
		for _, name := range []string{"X-Request-Id", "X-Content-Type-Options"} {
			if v := w.Header().Get(name); v != "" {
				head = append(head, name+": "+v+"\r\n"...)
			}
		}
		return s, conn.write(append(head, "Connection: close\r\n\r\n"+retry...))
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	to := &answer{w: w, out: http.NewResponseController(w)}
	s.to = to
	return s, to.write([]byte(retry))
}

func (s *stream) put(ctx context.Context, n *News) error {
	if name, data, ok := s.data(ctx, n); ok {
		s.add(n.Seq, name, data)
	}
	return nil
}

// add writes one event into the buffer; one with the number 0 leaves the
// receiver's cursor where it is.
func (s *stream) add(seq int64, name string, data []byte) {
	if s.buf == nil {
		s.buf = buffer()
	}
	if seq > 0 {
		s.buf = append(s.buf, "id: "...)
		s.buf = strconv.AppendInt(s.buf, seq, 10)
		s.buf = append(s.buf, '\n')
	}
	s.buf = append(s.buf, "event: "...)
	s.buf = append(s.buf, name...)
	s.buf = append(s.buf, "\ndata: "...)
	s.buf = append(s.buf, data...)
	s.buf = append(s.buf, "\n\n"...)
}

// beat writes a comment and the cursor; receivers take it without an event.
func (s *stream) beat(past int64) error {
	s.buf = fmt.Appendf(s.buf, ": still here\nid: %d\n\n", past)
	return nil
}

func (s *stream) reset(from int64) error {
	s.add(from, "reset", fmt.Appendf(nil, `{"seq":%d}`, from))
	return nil
}

// flush sends what the buffer holds; a receiver that does not take it in time
// is given up.
func (s *stream) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	buf := s.buf
	s.buf = nil
	defer giveBack(buf)
	return s.to.write(buf)
}

func (s *stream) close(why error) { s.to.close(why) }

// answer is a stream within an answer of the HTTP server.
type answer struct {
	w   http.ResponseWriter
	out *http.ResponseController
}

func (a *answer) write(b []byte) error {
	_ = a.out.SetWriteDeadline(time.Now().Add(writeWithin)) // not every writer has one
	if _, err := a.w.Write(b); err != nil {
		return fmt.Errorf("write to receiver: %w", err)
	}
	if err := a.out.Flush(); err != nil {
		return fmt.Errorf("flush to receiver: %w", err)
	}
	return nil
}

func (*answer) close(error) {}

// taken is a connection that was taken over from the HTTP server.
type taken struct{ net.Conn }

func (t taken) write(b []byte) error {
	if err := t.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return fmt.Errorf("write to receiver: %w", err)
	}
	if _, err := t.Write(b); err != nil {
		return fmt.Errorf("write to receiver: %w", err)
	}
	return nil
}

func (t taken) close(error) { _ = t.Close() }

// takeOver takes an HTTP/1.1 connection from its server; nil where that cannot
// be, or where the caller has already sent more than this call.
func takeOver(w http.ResponseWriter, r *http.Request) *taken {
	if r.ProtoMajor != 1 || r.ProtoMinor != 1 || r.Method != http.MethodGet {
		return nil
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil
	}
	_ = buffered // what came behind this call is nobody's: the stream has no end
	if err := conn.SetDeadline(time.Time{}); err != nil {
		_ = conn.Close()
	}
	return &taken{conn}
}

// hangUp reads from a connection on which nothing more is to come, until it
// ends.
func (t taken) hangUp() error {
	var none [1]byte
	for {
		if _, err := t.Read(none[:]); err != nil {
			return errors.Join(errLeft, err)
		}
	}
}

// errLeft says that the other side has gone.
var errLeft = errors.New("the other side has left")

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
