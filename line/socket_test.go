package line_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"outcry"
	"outcry/line"
	"outcry/wire"
)

// shopEnd is the other end of a shop's line.
type shopEnd struct {
	t    *testing.T
	conn net.Conn
	in   io.Reader
}

// dialLine opens a line behind a cursor; "" is a new one.
func dialLine(t *testing.T, url, after string) *shopEnd {
	t.Helper()
	url = strings.Replace(url, "http", "ws", 1) + "/line"
	if after != "" {
		url += "?after=" + after
	}
	d := ws.Dialer{Protocols: []string{wire.LineProtocol}, Timeout: time.Minute}
	conn, early, _, err := d.Dial(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s := &shopEnd{t: t, conn: conn, in: conn}
	if early != nil {
		s.in = early
	}
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return s
}

// say sends frames of the protocol.
func (s *shopEnd) say(frames ...ws.Frame) {
	s.t.Helper()
	for _, f := range frames {
		if err := ws.WriteFrame(s.conn, ws.MaskFrame(f)); err != nil {
			s.t.Fatal(err)
		}
	}
}

// text sends a message.
func (s *shopEnd) text(message string) {
	s.t.Helper()
	s.say(ws.NewTextFrame([]byte(message)))
}

// next is the next frame that is not a ping.
func (s *shopEnd) next() ws.Frame {
	s.t.Helper()
	for {
		h, err := ws.ReadHeader(s.in)
		if err != nil || h.Length > 8<<20 {
			s.t.Fatal(h.Length, err)
		}
		f := ws.Frame{Header: h, Payload: make([]byte, h.Length)}
		if _, err := io.ReadFull(s.in, f.Payload); err != nil {
			s.t.Fatal(err)
		}
		if f.Header.OpCode != ws.OpPing {
			return f
		}
	}
}

// hear gives the next n items, in short: type, seq and ref.
func (s *shopEnd) hear(n int) (items []string) {
	s.t.Helper()
	for len(items) < n {
		f := s.next()
		if f.Header.OpCode != ws.OpText {
			s.t.Fatalf("heard %v: %q", f.Header.OpCode, f.Payload)
		}
		var frame []wire.Frame
		if err := json.Unmarshal(f.Payload, &frame); err != nil {
			s.t.Fatalf("%s: %v", f.Payload, err)
		}
		for _, i := range frame {
			items = append(items, strings.TrimSpace(fmt.Sprint(i.Type, " ", i.Seq, i.Ref)))
		}
	}
	return items
}

// closing is the code and the reason with which the line is closed.
func (s *shopEnd) closing() string {
	s.t.Helper()
	for {
		if f := s.next(); f.Header.OpCode == ws.OpClose {
			code, reason := ws.ParseCloseFrameData(f.Payload)
			return fmt.Sprint(code, " ", reason)
		}
	}
}

// floor does what shops say by noting it.
type floor struct {
	mu   sync.Mutex
	said []string
	hold chan struct{} // nothing is answered until it is closed; nil: at once
}

func (f *floor) up(_ context.Context, _ outcry.Actor, shop string, said *wire.Up) (any, error) {
	if f.hold != nil {
		<-f.hold
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = append(f.said, fmt.Sprint(shop, " ", said.Type, " ", said.Bid.Price.Amount, said.Reason, said.Text, said.Version))
	if said.Reason == "late" {
		return nil, &outcry.Error{Kind: outcry.Closed, Code: "call_closed", Msg: "too late"}
	}
	return map[string]int{"n": len(f.said)}, nil
}

func (f *floor) heard() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.said, ", ")
}

// serveLine serves the line of shop_1 over a log.
func serveLine(t *testing.T, b *book, f *floor, bounds line.Bounds) (url string, tail *line.Tail) {
	t.Helper()
	tail = newTail(t, b)
	l := line.New(line.Config{
		Tail: tail, Presence: &presence{open: map[string]int{}}, Clock: time.Now, Board: plain,
		Shop: func(string) line.Data { return plain }, Bounds: bounds, Up: f.up,
		Hello: func(context.Context, string) (any, []any, error) {
			return map[string]any{"hello": true}, []any{map[string]any{"id": "call_1"}}, nil
		},
		Problem: func(err error) wire.Problem { return wire.Problem{Code: outcry.CodeOf(err), Detail: err.Error()} },
	})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		still := func(context.Context) error { return nil }
		if err := l.ServeLine(w, r, "shop_1", outcry.Actor{}, still); err != nil { //nolint:contextcheck // the line outlives the call
			http.Error(w, outcry.CodeOf(err), http.StatusTeapot)
		}
	}))
	t.Cleanup(func() {
		l.Drain(time.Minute)
		if n := l.Open(); n != 0 {
			t.Errorf("%d lines are still open after draining", n)
		}
		s.Close()
	})
	return s.URL, tail
}

func TestServeLine_GreetsTellsAndResumes(t *testing.T) {
	t.Parallel()
	b := &book{}
	b.add(declined("req_1", "shop_1"))
	url, tail := serveLine(t, b, &floor{}, line.Bounds{})
	s := dialLine(t, url, "")
	if got := fmt.Sprint(s.hear(2)); got != "[hello 0 call 1]" {
		t.Fatalf("greeted with %s", got)
	}
	for range 3 {
		tail.Ring([]outcry.Event{b.add(declined("req_1", "shop_1"))})
	}
	if got := fmt.Sprint(s.hear(3)); got != "[declined 2 declined 3 declined 4]" {
		t.Fatalf("heard %s", got)
	}
	_ = s.conn.Close()
	for range 300 { // more than a queue holds
		tail.Ring([]outcry.Event{b.add(declined("req_1", "shop_1"))})
	}
	for i, got := range dialLine(t, url, "3").hear(301) {
		if want := fmt.Sprint("declined ", i+4); got != want {
			t.Fatalf("heard %s, want %s", got, want)
		}
	}
	if got := fmt.Sprint(dialLine(t, url, "9999").hear(1)); got != "[reset 304]" {
		t.Errorf("behind the end of the log: %s", got)
	}
}

func TestServeLine_AnswersWhatIsSaidInTheOrderOfEachRequest(t *testing.T) {
	t.Parallel()
	f := &floor{}
	url, _ := serveLine(t, &book{}, f, line.Bounds{})
	s := dialLine(t, url, "0")
	call := outcry.CallID(outcry.NewID(outcry.RequestPrefix, time.Now(), strings.NewReader(strings.Repeat("x", 64))), 0)
	var said []string
	for i := range 40 {
		said = append(said, fmt.Sprintf(`{"type":"offer","ref":"%d","data":{"call_id":%q,"price":{"amount":%d,"currency":"GBP"}}}`, i, call, i))
	}
	s.text("[" + strings.Join(said, ",") + "]")
	got := s.hear(40)
	for i, one := range got {
		if want := fmt.Sprintf("ok 0%d", i); one != want {
			t.Fatalf("answer %d is %q, want %q", i, one, want)
		}
	}
	for i, one := range strings.Split(f.heard(), ", ") {
		if want := fmt.Sprintf("shop_1 offer %d0", i); one != want {
			t.Fatalf("done as number %d: %s, want %s", i, one, want)
		}
	}
}

func TestServeLine_SaysWhatIsWrongAndGoesOn(t *testing.T) {
	t.Parallel()
	f := &floor{}
	url, _ := serveLine(t, &book{}, f, line.Bounds{})
	s := dialLine(t, url, "0")
	for _, c := range []struct{ said, want string }{
		{`[{"type":"sing","ref":"1","data":{}}]`, "[problem 01]"},
		{`[{"type":"decline","ref":"2","data":{"call_id":"call_x","reason":"late"}}]`, "[problem 02]"},
		{`[{"type":"decline","data":{}}]`, "[problem 0]"},
		{`[{"type":"ack","ref":"4","data":{"version":7}}]`, "[ok 04]"},
		{`[{"type":"message","ref":"5","data":{"call_id":"call_x","text":"warm"}},{"type":"offer","ref":"6","data":{"call_id":1}}]`, "[ok 05 problem 06]"},
	} {
		s.text(c.said)
		n := strings.Count(c.want, " 0")
		got := s.hear(n)
		if n == 2 && got[0] > got[1] {
			got[0], got[1] = got[1], got[0]
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s is answered %v, want %s", c.said, got, c.want)
		}
	}
	// In parts, with a ping between.
	whole := `[{"type":"withdraw","ref":"7","data":{"offer_id":"off_x","version":3}}]`
	first, last := ws.NewTextFrame([]byte(whole[:20])), ws.NewFrame(ws.OpContinuation, true, []byte(whole[20:]))
	first.Header.Fin = false
	s.say(first, ws.NewPingFrame([]byte("hi")), last)
	pong, ok := false, false
	for !pong || !ok {
		switch f := s.next(); f.Header.OpCode {
		case ws.OpPong:
			pong = string(f.Payload) == "hi"
		default:
			ok = strings.Contains(string(f.Payload), `"ref":"7"`)
		}
	}
	if want := "withdraw 03"; !strings.HasSuffix(f.heard(), want) {
		t.Errorf("done: %s", f.heard())
	}
}

func TestServeLine_EndsWhoBreaksTheProtocol(t *testing.T) {
	t.Parallel()
	url, _ := serveLine(t, &book{}, &floor{}, line.Bounds{})
	part := ws.NewTextFrame([]byte("["))
	part.Header.Fin = false
	for name, c := range map[string]struct {
		said []ws.Frame
		want string
	}{
		"no JSON":             {[]ws.Frame{ws.NewTextFrame([]byte("hello"))}, "1007 send one JSON array"},
		"no array":            {[]ws.Frame{ws.NewTextFrame([]byte(`{"type":"ack"}`))}, "1007 send one JSON array"},
		"two arrays":          {[]ws.Frame{ws.NewTextFrame([]byte(`[][]`))}, "1007 send one JSON array"},
		"too many":            {[]ws.Frame{ws.NewTextFrame([]byte("[" + strings.Repeat("{},", wire.MaxUps) + "{}]"))}, "1007 send at most 256 things"},
		"too long":            {[]ws.Frame{ws.NewTextFrame(make([]byte, wire.MaxUp+1))}, "1009 send at most 65536 bytes"},
		"binary":              {[]ws.Frame{ws.NewBinaryFrame([]byte("[]"))}, "1003 send text"},
		"a part of nothing":   {[]ws.Frame{ws.NewFrame(ws.OpContinuation, true, []byte("[]"))}, "1002 there is no message"},
		"a message in one":    {[]ws.Frame{part, ws.NewTextFrame([]byte("[]"))}, "1002 the message before"},
		"it says good-bye":    {[]ws.Frame{ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusNormalClosure, ""))}, "1000 "},
		"parts without end":   {append([]ws.Frame{part}, ws.NewFrame(ws.OpContinuation, false, make([]byte, wire.MaxUp))), "1009 "},
		"compressed, unasked": {[]ws.Frame{{Header: ws.Header{Fin: true, Rsv: 4, OpCode: ws.OpText, Length: 2}, Payload: []byte("[]")}}, "1002 no extension"},
	} {
		s := dialLine(t, url, "0")
		s.say(c.said...)
		if got := s.closing(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: closed with %q, want %q", name, got, c.want)
		}
	}
	bare := dialLine(t, url, "0")
	if err := ws.WriteFrame(bare.conn, ws.NewTextFrame([]byte("[]"))); err != nil {
		t.Fatal(err)
	}
	if got := bare.closing(); !strings.HasPrefix(got, "1002 a client masks") {
		t.Errorf("unmasked: closed with %q", got)
	}
}

func TestServeLine_RefusesWhatIsNoLine(t *testing.T) {
	t.Parallel()
	url, _ := serveLine(t, &book{}, &floor{}, line.Bounds{Shop: 2})
	client := &http.Client{Timeout: time.Minute}
	for name, header := range map[string]http.Header{
		"plain":            {},
		"without protocol": {"Upgrade": {"websocket"}, "Connection": {"Upgrade"}},
		"another protocol": {"Upgrade": {"websocket"}, "Connection": {"Upgrade"}, "Sec-Websocket-Protocol": {"outcry.line.v9"}},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/line", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = header
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		said, _ := bufio.NewReader(answer.Body).ReadString('\n')
		_ = answer.Body.Close()
		if strings.TrimSpace(said) != "no_websocket" {
			t.Errorf("%s: %d %q", name, answer.StatusCode, said)
		}
	}
	dialLine(t, url, "0").text(`[{"type":"ack","ref":"1","data":{"version":1}}]`)
	dialLine(t, url, "0").hear(0)
	_, _, _, err := ws.Dialer{Protocols: []string{wire.LineProtocol}}.Dial(t.Context(), strings.Replace(url, "http", "ws", 1)+"/line")
	var status ws.StatusError
	if !errors.As(err, &status) || int(status) != http.StatusTeapot {
		t.Errorf("a third line of a shop that may have two: %v", err)
	}
}

func TestServeLine_BoundsWhatIsUnderWayAndSaid(t *testing.T) {
	t.Parallel()
	f := &floor{hold: make(chan struct{})}
	url, _ := serveLine(t, &book{}, f, line.Bounds{Said: 100})
	s := dialLine(t, url, "0")
	for i := range 300 { // no answer comes yet
		s.text(fmt.Sprintf(`[{"type":"decline","ref":"%d","data":{"call_id":"call_%d"}}]`, i, i))
	}
	close(f.hold)
	s.hear(300)
	for i := range 200 {
		s.text(fmt.Sprintf(`[{"type":"decline","ref":"%d","data":{"call_id":"call_%d"}}]`, i, i))
	}
	problems := 0
	for _, one := range s.hear(200) {
		if strings.HasPrefix(one, "problem") {
			problems++
		}
	}
	if problems == 0 || problems == 200 {
		t.Errorf("of 500 things said in one go %d are refused, want those above 400 and what a moment adds", problems)
	}
}
