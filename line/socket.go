package line

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gobwas/ws"
	"golang.org/x/time/rate"

	"outcry"
	"outcry/wire"
)

// inFlight is how many things that a shop has said on one line may wait for
// their answer; then no more is read from it.
const inFlight = 256

// socket is a shop's line, a WebSocket: frames are JSON arrays, whatever waits
// goes in one.
type socket struct {
	taken
	line *Line
	shop string
	who  outcry.Actor
	rec  *receiver
	rate *rate.Limiter
	room chan struct{} // a place for each thing that waits for its answer
	life atomic.Int64  // how many frames have come

	mu      sync.Mutex
	lanes   map[string][]*wire.Up // what was said of each request and waits for what was said before
	replies [][]byte              // frames that answer
	control []byte                // frames of the protocol's own

	// Of the pump:
	data  Data
	buf   []byte
	told  int64 // the cursor that the other side knows of
	alive int64 // life when the last beat was
}

// ServeLine makes a shop's connection a line of wire.LineProtocol. actor is who
// speaks on it; still is asked once a minute whether it may go on, since a key can be
// taken back.
func (l *Line) ServeLine(w http.ResponseWriter, r *http.Request, shop string, actor outcry.Actor, still func(context.Context) error) error {
	if !upgrades(r) {
		return &outcry.Error{Op: "open line", Kind: outcry.Invalid, Code: "no_websocket",
			Msg: "open it as a WebSocket with the subprotocol " + wire.LineProtocol}
	}
	s, err := l.shopSession(r, shop)
	if err != nil {
		return err
	}
	rec, err := l.enter(place{address: address(r), shop: shop})
	if err != nil {
		return err
	}
	up := ws.HTTPUpgrader{Protocol: func(name string) bool { return name == wire.LineProtocol }, Timeout: writeWithin}
	conn, buffered, _, err := up.Upgrade(r, w)
	if err != nil {
		if conn != nil {
			_ = conn.Close()
		}
		l.leave(rec)
		return nil // it has been answered
	}
	out := &socket{
		taken: taken{conn}, line: l, shop: shop, who: actor, rec: rec, data: s.data, told: s.after,
		rate: rate.NewLimiter(rate.Limit(l.Bounds.Said), 4*l.Bounds.Said), room: make(chan struct{}, inFlight),
	}
	rec.still = still
	for _, first := range s.greeting {
		body, _ := json.Marshal(first.Data) // the wire's own shapes can be written
		out.add(first.Type, first.Seq, body)
	}
	in := newInlet(conn, buffered.Reader)
	l.begin(context.Background(), rec, s, out)
	go func() { rec.end(out.hear(in)) }()
	return nil
}

// upgrades says whether a call asks for a line.
func upgrades(r *http.Request) bool {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || r.ProtoMajor != 1 || r.Method != http.MethodGet {
		return false
	}
	for _, list := range r.Header.Values("Sec-WebSocket-Protocol") {
		for name := range strings.SplitSeq(list, ",") {
			if strings.TrimSpace(name) == wire.LineProtocol {
				return true
			}
		}
	}
	return false
}

// headRoom is what a frame's head may take.
const headRoom = 10

// add adds a frame to what is sent next.
func (s *socket) add(kind string, seq int64, data []byte) {
	s.buf = s.begin(s.buf)
	s.buf = append(s.buf, `{"type":"`...)
	s.buf = append(s.buf, kind...)
	s.buf = append(s.buf, '"')
	if seq > 0 {
		s.buf = fmt.Appendf(s.buf, `,"seq":%d`, seq)
		s.told = seq
	}
	if data != nil {
		s.buf = append(s.buf, `,"data":`...)
		s.buf = append(s.buf, data...)
	}
	s.buf = append(s.buf, '}')
}

// begin opens the array, or goes on with it.
func (*socket) begin(buf []byte) []byte {
	if len(buf) == 0 {
		var room [headRoom]byte
		return append(append(buffer(), room[:]...), '[')
	}
	return append(buf, ',')
}

func (s *socket) put(ctx context.Context, n *News) error {
	if name, data, ok := s.data(ctx, n); ok {
		s.add(name, n.Seq, data)
	}
	return nil
}

func (s *socket) reset(from int64) error {
	s.add("reset", from, nil)
	return nil
}

// errSilent ends a line whose other side shows no life.
var errSilent = errors.New("nothing was heard for two beats")

// beat pings, and tells the cursor where it has moved on.
func (s *socket) beat(past int64) error {
	heard := s.life.Load()
	if heard == s.alive && s.rec.beats > 2 {
		return errSilent
	}
	s.alive = heard
	if past > s.told {
		s.add("past", past, nil)
	}
	s.say(ws.NewPingFrame(nil))
	return nil
}

// say queues a frame of the protocol's own.
func (s *socket) say(f ws.Frame) {
	b, err := ws.CompileFrame(f)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.control) < 4096 { // who pings faster than it reads is not answered
		s.control = append(s.control, b...)
	}
}

// flush sends what waits: events and answers as one frame.
func (s *socket) flush() error {
	s.mu.Lock()
	replies, control := s.replies, s.control
	s.replies, s.control = nil, nil
	s.mu.Unlock()
	buf := s.buf
	s.buf = nil
	for _, r := range replies {
		buf = append(s.begin(buf), r...)
	}
	var err error
	if len(buf) > 0 {
		buf = append(append(buf, ']'), control...)
		err = s.write(framed(buf, len(buf)-len(control)))
		giveBack(buf)
	} else if len(control) > 0 {
		err = s.write(control)
	}
	for range replies {
		<-s.room
	}
	return err
}

// framed writes the head of a frame into the room before its text, which ends at
// end.
func framed(buf []byte, end int) []byte {
	var head bytes.Buffer
	_ = ws.WriteHeader(&head, ws.Header{Fin: true, OpCode: ws.OpText, Length: int64(end - headRoom)}) // a text of that length has one
	start := headRoom - head.Len()
	copy(buf[start:], head.Bytes())
	return buf[start:]
}

// close ends the line, with the reason in the words of the protocol.
func (s *socket) close(why error) {
	code, words := ws.StatusGoingAway, "come again"
	var wrong *breach
	switch {
	case errors.As(why, &wrong):
		code, words = wrong.code, wrong.words
	case errors.Is(why, errLeft):
		code, words = ws.StatusNormalClosure, ""
	case errors.Is(why, errBarred):
		code, words = ws.StatusPolicyViolation, why.Error()
	}
	if b, err := ws.CompileFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(code, words))); err == nil {
		_ = s.write(b) // it may be gone already
	}
	_ = s.Close()
}

// hear takes what the shop says, until the line ends; it tells why.
func (s *socket) hear(in *inlet) error {
	var message []byte // of a frame that came in parts
	parts := false
	for {
		h, text, err := in.next()
		if err != nil {
			return err
		}
		s.life.Add(1)
		switch h.OpCode {
		case ws.OpPing:
			s.say(ws.NewPongFrame(append([]byte(nil), text...)))
			s.rec.wake()
			continue
		case ws.OpPong:
			continue
		case ws.OpClose:
			return errLeft
		case ws.OpText:
			if parts {
				return &breach{ws.StatusProtocolError, "the message before is not finished"}
			}
		case ws.OpContinuation:
			if !parts {
				return &breach{ws.StatusProtocolError, "there is no message to go on with"}
			}
		default:
			return &breach{ws.StatusUnsupportedData, "send text"}
		}
		if parts = !h.Fin; parts || len(message) > 0 {
			if message = append(message, text...); len(message) > wire.MaxUp {
				return &breach{ws.StatusMessageTooBig, fmt.Sprintf("send at most %d bytes a message", wire.MaxUp)}
			}
			text = message
		}
		if parts {
			continue
		}
		if err := s.take(text); err != nil {
			return err
		}
		message = nil
	}
}
