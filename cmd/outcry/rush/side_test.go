package rush_test

import (
	"bufio"
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

	"outcry/cmd/outcry/rush"
	"outcry/wire"
)

// side runs a side in this process.
type side struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Scanner
}

func startSide(t *testing.T, name string) *side {
	t.Helper()
	words, in := io.Pipe()
	out, answers := io.Pipe()
	var running sync.WaitGroup
	running.Go(func() {
		_ = rush.Side(t.Context(), name, words, answers, nil) // its connections are closed by then
		_ = answers.Close()
	})
	t.Cleanup(func() {
		_ = in.Close()
		running.Wait()
	})
	return &side{t, in, bufio.NewScanner(out)}
}

// tell has it do something.
func (s *side) tell(word string) (body json.RawMessage, wrong string) {
	s.t.Helper()
	if _, err := fmt.Fprintln(s.in, word); err != nil {
		s.t.Fatal(err)
	}
	if !s.out.Scan() {
		s.t.Fatalf("no answer to %s: %v", word, s.out.Err())
	}
	var a struct {
		Error string
		Body  json.RawMessage
	}
	if err := json.Unmarshal(s.out.Bytes(), &a); err != nil {
		s.t.Fatal(err)
	}
	return a.Body, a.Error
}

// tally is what shops have heard and said when it is as it should be.
func (s *side) tally(done func(rush.Tally) bool) (now rush.Tally) {
	s.t.Helper()
	for begin := time.Now(); time.Since(begin) < 10*time.Second; {
		body, wrong := s.tell(`{"do":"tally"}`)
		if err := json.Unmarshal(body, &now); err != nil || wrong != "" {
			s.t.Fatal(err, wrong)
		}
		if done(now) {
			return now
		}
	}
	s.t.Fatalf("the tally stays %+v", now)
	return now
}

// lines is a server of lines that a test plays.
func lines(t *testing.T, play func(net.Conn)) (address string) {
	t.Helper()
	var playing sync.WaitGroup
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ock_") {
			http.Error(w, "no key", http.StatusUnauthorized)
			return
		}
		up := ws.HTTPUpgrader{Protocol: func(name string) bool { return name == wire.LineProtocol }}
		conn, _, _, err := up.Upgrade(r, w)
		if err != nil {
			t.Error(err)
			return
		}
		playing.Go(func() {
			defer conn.Close()
			play(conn)
		})
	}))
	t.Cleanup(func() {
		s.Close()
		playing.Wait()
	})
	return strings.TrimPrefix(s.URL, "http://")
}

func connect(address string) string {
	return fmt.Sprintf(`{"do":"connect","with":{"address":%q,"town":{"seed":1,"shops":1,"buyers":1},"from":0,"to":1,"over":"line"}}`, address)
}

// TestSide_AnswersJoinedCallsOnceEachWithinTheBoundsOfAFrame plays a server that
// sends more calls in a frame than a shop may answer in one, and pings between.
func TestSide_AnswersJoinedCallsOnceEachWithinTheBoundsOfAFrame(t *testing.T) {
	t.Parallel()
	const calls = wire.MaxUps + 44
	heard, ponged := make(chan map[string]int, 1), make(chan bool, 1)
	address := lines(t, func(conn net.Conn) {
		text := []string{}
		for i := range calls {
			text = append(text, fmt.Sprintf(`{"type":"call","seq":%d,"data":{"id":"call_%d","shop_id":"shop_x"}}`, i+1, i))
		}
		send := func(f ws.Frame) {
			if err := ws.WriteFrame(conn, f); err != nil {
				t.Error(err)
			}
		}
		send(ws.NewTextFrame([]byte(`[{"type":"hello","data":{"shop_id":"shop_x"}}]`)))
		send(ws.NewPingFrame([]byte("are you there")))
		send(ws.NewTextFrame([]byte("[" + strings.Join(text, ",") + "]")))
		got, n := map[string]int{}, 0
		for n < calls {
			h, text, err := read(conn)
			if err != nil {
				t.Error(err)
				break
			}
			if !h.Masked {
				t.Error("a frame is not masked")
			}
			if h.OpCode == ws.OpPong {
				ponged <- string(text) == "are you there"
				continue
			}
			n += readOffers(t, text, got)
		}
		send(ws.NewTextFrame([]byte(`[{"type":"ok","ref":"1","data":{}},{"type":"problem","ref":"2","data":{"code":"call_closed"}}]`)))
		heard <- got
		_, _, _ = read(conn) // until the shop leaves
	})
	s := startSide(t, "shops")
	if _, wrong := s.tell(connect(address)); wrong != "" {
		t.Fatal(wrong)
	}
	got := <-heard
	if len(got) != calls || len(ponged) != 1 || !<-ponged {
		t.Errorf("%d of %d calls were answered, or no ping", len(got), calls)
	}
	for call, n := range got {
		if n != 1 {
			t.Errorf("call %s was answered %d times", call, n)
		}
	}
	tally := s.tally(func(now rush.Tally) bool { return now.Refused > 0 }) // the last frame is on its way
	if want := (rush.Tally{Connected: 1, Heard: calls, Said: calls, Taken: 1, Refused: 1, Problem: tally.Problem}); tally != want || !strings.Contains(tally.Problem, "call_closed") {
		t.Errorf("the tally is %+v, want %+v", tally, want)
	}
}

// read reads a frame.
func read(conn net.Conn) (ws.Header, []byte, error) {
	h, err := ws.ReadHeader(conn)
	if err != nil || h.Length > wire.MaxUp {
		return h, nil, errors.Join(err, errors.New("no frame of a line"))
	}
	text := make([]byte, h.Length)
	_, err = io.ReadFull(conn, text)
	ws.Cipher(text, h.Mask, 0)
	return h, text, err
}

// readOffers counts the offers of a frame by their calls.
func readOffers(t *testing.T, text []byte, got map[string]int) int {
	t.Helper()
	var ups []struct {
		Type, Ref string
		Data      struct {
			CallID string `json:"call_id"`
			Price  struct {
				Amount   int
				Currency string
			}
		}
	}
	if err := json.Unmarshal(text, &ups); err != nil || len(ups) > wire.MaxUps {
		t.Errorf("a frame of %d, %v", len(ups), err)
	}
	for _, up := range ups {
		if up.Type != "offer" || up.Ref == "" || up.Data.Price.Amount < 200 || up.Data.Price.Currency != "GBP" {
			t.Errorf("no offer: %+v", up)
		}
		got[up.Data.CallID]++
	}
	return len(ups)
}

func TestSide_TellsWhyALineWasNotOpened(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no such shop", http.StatusNotFound)
	}))
	t.Cleanup(refusing.Close)
	s := startSide(t, "shops")
	if _, wrong := s.tell(connect(strings.TrimPrefix(refusing.URL, "http://"))); !strings.Contains(wrong, "shop 0") || !strings.Contains(wrong, "404") {
		t.Errorf("it says %q", wrong)
	}
}

func TestSide_CountsABrokenLineAsLost(t *testing.T) {
	t.Parallel()
	address := lines(t, func(conn net.Conn) {
		_ = ws.WriteFrame(conn, ws.NewTextFrame([]byte(`[{"type":"hello","data":{}}]`)))
	})
	s := startSide(t, "shops")
	if _, wrong := s.tell(connect(address)); wrong != "" {
		t.Fatal(wrong)
	}
	if s.tally(func(now rush.Tally) bool { return now.Lost > 0 }).Problem == "" {
		t.Error("nobody knows why it broke")
	}
}

func TestSide_IsNothingByItself(t *testing.T) {
	t.Parallel()
	if err := rush.Side(t.Context(), "kitchen", strings.NewReader(""), io.Discard, nil); err == nil {
		t.Error("there is a side kitchen")
	}
	if err := rush.Side(t.Context(), "shops", strings.NewReader(`{"do":"dance"}`), io.Discard, nil); err == nil {
		t.Error("shops dance")
	}
	if err := rush.Side(t.Context(), "shops", strings.NewReader(""), io.Discard, nil); err != nil {
		t.Error(err)
	}
}
