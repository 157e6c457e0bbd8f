package dial

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// The times of a WebSocket.
const (
	pingEvery   = 15 * time.Second // where nothing is heard
	writeWithin = 10 * time.Second // then it counts as broken
	byeWithin   = time.Second      // for the last frame
)

// closing is the end of a WebSocket: who closed it, and why.
type closing struct {
	code   ws.StatusCode
	reason string
	theirs bool  // the server closed it
	cause  error // what this side found; nil where the server closed it
}

// Error says who closed the line, with which code, and why.
func (c *closing) Error() string {
	if !c.theirs {
		return fmt.Sprintf("the line was closed (%d): %s", c.code, c.cause)
	}
	if c.reason == "" {
		return fmt.Sprintf("the server closed the line (%d)", c.code)
	}
	return fmt.Sprintf("the server closed the line (%d): %s", c.code, c.reason)
}

// Unwrap gives the cause.
func (c *closing) Unwrap() error { return c.cause }

// pause is how long to stay away: after a stop a moment, so that not all come
// back together; longer from a server that has too much to do, or that does not
// understand what it is told.
func (c *closing) pause() time.Duration {
	least := time.Duration(0)
	switch {
	case !c.theirs:
	case c.code == ws.StatusGoingAway:
		least = 250 * time.Millisecond
	case c.code == ws.StatusPolicyViolation:
		least = 2 * time.Second
	case c.code == statusTryLater:
		least = 5 * time.Second
	}
	if least == 0 {
		return 0
	}
	return least + rand.N(3*least) //nolint:gosec // spreads load, keeps no secret
}

// statusTryLater is what a server says that has too much to do (the registry of
// RFC 6455's close codes).
const statusTryLater ws.StatusCode = 1013

// socket is one WebSocket on its way: one reads it, one writes it.
type socket struct {
	conn   io.ReadWriteCloser
	cut    context.CancelCauseFunc // ends it; the first cause holds
	quiet  *time.Timer             // ends it when nothing was heard for Silence
	beat   *time.Timer             // fires when nothing was heard for pingEvery
	late   *time.Timer             // ends it when a write takes too long
	reader wsutil.Reader
	pongs  chan []byte   // the last ping to answer
	leave  chan *closing // the reason to close it
	// complaint is what the server said about nothing that was asked.
	complaint string
}

// newSocket makes a socket of a connection; alive ends with it.
func newSocket(ctx context.Context, conn io.ReadWriteCloser) (s *socket, alive context.Context) {
	alive, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	s = &socket{conn: conn, cut: cut, pongs: make(chan []byte, 1), leave: make(chan *closing, 1)}
	context.AfterFunc(alive, func() { _ = conn.Close() })
	s.quiet = time.AfterFunc(Silence, func() { cut(fmt.Errorf("the server said nothing for %s", Silence)) })
	s.late = time.AfterFunc(writeWithin, func() { cut(fmt.Errorf("the server took nothing for %s", writeWithin)) })
	s.late.Stop()
	s.beat = time.NewTimer(pingEvery)
	s.reader = wsutil.Reader{
		Source: bufio.NewReader(heard{s}), State: ws.StateClientSide, MaxFrameSize: maxEvent, MaxMessageSize: maxEvent,
		OnIntermediate: s.control,
	}
	return s, alive
}

// end stops the timers of a socket that is cut.
func (s *socket) end() {
	s.cut(nil)
	s.quiet.Stop()
	s.late.Stop()
	s.beat.Stop()
}

// heard reads the connection and notes that something came.
type heard struct{ *socket }

// Read reads what the server sends.
func (h heard) Read(p []byte) (int, error) {
	n, err := h.conn.Read(p)
	if n > 0 {
		h.quiet.Reset(Silence)
		h.beat.Reset(pingEvery)
	}
	return n, err
}

// errBinary says that a message is no text.
var errBinary = errors.New("the server sent a message that is no text")

// next waits for the next message; what comes between is answered by the
// writer. The message is read to its end before the one after it.
func (s *socket) next() (*message, error) {
	for {
		h, err := s.reader.NextFrame()
		switch {
		case err != nil:
			return nil, err
		case h.OpCode.IsControl():
			if err := s.control(h, &s.reader); err != nil {
				return nil, err
			}
		case h.OpCode != ws.OpText:
			return nil, errBinary
		default:
			return &message{text: &s.reader}, nil
		}
	}
}

// message is what comes in one message, as far as it comes.
type message struct {
	text io.Reader
	end  error // io.EOF, or why it broke off
}

// Read reads the text of the message. Its end stays.
func (m *message) Read(p []byte) (n int, err error) {
	if m.end == nil {
		n, m.end = m.text.Read(p)
	}
	return n, m.end
}

// broken is why the message broke off; nil where it did not.
func (m *message) broken() error {
	if errors.Is(m.end, io.EOF) {
		return nil
	}
	return m.end
}

// control takes a ping, a pong or a close.
func (s *socket) control(h ws.Header, r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, ws.MaxControlFramePayloadSize))
	switch {
	case err != nil:
		return err
	case h.OpCode == ws.OpPing:
		select { // only the last one is to be answered
		case <-s.pongs:
		default:
		}
		s.pongs <- data
	case h.OpCode == ws.OpClose:
		code, reason := ws.ParseCloseFrameData(data)
		if code.Empty() {
			code = ws.StatusNoStatusRcvd
		}
		return &closing{code: code, reason: reason, theirs: true}
	}
	return nil
}

// close has the writer say why and end the socket.
func (s *socket) close(why *closing) {
	select {
	case s.leave <- why:
	default: // it ends already
	}
}

// blame is the end of a socket whose reading failed: what the server did wrong
// has a code to tell it by; nil where the connection just broke.
func blame(err error) *closing {
	if c := (*closing)(nil); errors.As(err, &c) {
		return c
	}
	c := &closing{code: ws.StatusProtocolError, cause: err}
	protocol := ws.ProtocolError("")
	switch {
	case errors.Is(err, wsutil.ErrFrameTooLarge) || errors.Is(err, wsutil.ErrMessageTooLarge):
		c.code, c.cause = ws.StatusMessageTooBig, errLong
	case errors.Is(err, errBinary):
		c.code = ws.StatusUnsupportedData
	case errors.Is(err, errNoFrames):
		c.code = ws.StatusInvalidFramePayloadData
	case !errors.As(err, &protocol):
		return nil
	}
	return c
}

// write sends one frame, masked, in one go.
func (s *socket) write(op ws.OpCode, payload []byte, within time.Duration) error {
	h := ws.Header{Fin: true, OpCode: op, Masked: true, Mask: ws.NewMask(), Length: int64(len(payload))}
	buf := bytes.NewBuffer(make([]byte, 0, ws.HeaderSize(h)+len(payload)))
	if err := ws.WriteHeader(buf, h); err != nil {
		return err
	}
	head := buf.Len()
	buf.Write(payload)
	ws.Cipher(buf.Bytes()[head:], h.Mask, 0)
	s.late.Reset(within)
	_, err := s.conn.Write(buf.Bytes())
	s.late.Stop()
	return err
}
