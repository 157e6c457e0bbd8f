package dial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"outcry"
	"outcry/wire"
	"outcry/wire/dial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a server whose every line is done by hand.
type script func(conn net.Conn, n int, after string)

// scripted opens a line to a script in a bubble. What it returns hears the
// events up to and with the first one of the kind given.
func scripted(t *testing.T, s script) (line *dial.Line, upTo func(kind string) []dial.Event) {
	t.Helper()
	n := 0
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := ws.HTTPUpgrader{Protocol: func(p string) bool { return p == wire.LineProtocol }}
		conn, _, _, err := up.Upgrade(r, w)
		if err != nil {
			return
		}
		defer conn.Close()
		n++
		s(conn, n, r.URL.Query().Get("after"))
	})
	line = on(t, newNetwork(1, 0), handler).Open(t.Context(), linePath, dial.Stream{})
	return line, func(kind string) (got []dial.Event) {
		for e, err := range line.Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, e); e.Kind == kind {
				break
			}
		}
		return got
	}
}

// put writes frames as they are.
func put(conn net.Conn, frames ...ws.Frame) {
	for _, f := range frames {
		_ = ws.WriteFrame(conn, f)
	}
}

// text is a frame of a text that is the whole of a message.
func text(s string) ws.Frame { return ws.NewTextFrame([]byte(s)) }

// next reads what the client sends.
func next(conn net.Conn) ws.Frame {
	h, err := ws.ReadHeader(conn)
	if err != nil {
		return ws.Frame{}
	}
	if !h.Masked || h.Length > wire.MaxUp {
		panic(fmt.Sprintf("a client sends the frame %v", h))
	}
	f := ws.Frame{Header: h, Payload: make([]byte, h.Length)}
	if _, err := io.ReadFull(conn, f.Payload); err != nil {
		return ws.Frame{}
	}
	return ws.UnmaskFrameInPlace(f)
}

func TestLine_TakesFragmentsWithPingsBetween(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var pong ws.Frame
		line, upTo := scripted(t, func(conn net.Conn, _ int, _ string) {
			put(conn, ws.NewFrame(ws.OpText, false, []byte(`[{"type":"we`)), ws.NewPingFrame([]byte("still?")))
			pong = next(conn)
			put(conn, ws.NewFrame(ws.OpContinuation, false, []byte(`ather","seq":5,`)),
				ws.NewFrame(ws.OpContinuation, true, []byte(`"data":"rain"}]`)))
			next(conn)
		})
		defer line.Close()
		got := upTo("weather")
		synctest.Wait()
		if diff := cmp.Diff([]dial.Event{{Kind: "weather", ID: "5", Data: []byte(`"rain"`)}}, got); diff != "" {
			t.Error(diff)
		}
		if pong.Header.OpCode != ws.OpPong || string(pong.Payload) != "still?" {
			t.Errorf("the ping was answered %v %q", pong.Header, pong.Payload)
		}
	})
}

func TestLine_PingsWhoeverIsQuietAndGivesUpOnTheSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start, pings := time.Now(), []time.Duration{}
		line, upTo := scripted(t, func(conn net.Conn, n int, _ string) {
			for n == 1 {
				f := next(conn)
				switch {
				case f.Header.OpCode != ws.OpPing || !f.Header.Fin:
					return
				case len(pings) < 3: // then it falls silent
					put(conn, ws.NewPongFrame(f.Payload))
				}
				pings = append(pings, time.Since(start))
			}
			next(conn)
		})
		defer line.Close()
		got := upTo(dial.Lost)
		if len(got) != 1 || !strings.Contains(got[0].Err.Error(), "said nothing for 40s") {
			t.Errorf("got %v", got)
		}
		if took := time.Since(start); took != 45*time.Second+dial.Silence {
			t.Errorf("the line was lost after %s", took)
		}
		s := time.Second
		synctest.Wait()
		if diff := cmp.Diff([]time.Duration{15 * s, 30 * s, 45 * s, 60 * s, 75 * s}, pings); diff != "" {
			t.Error("pings", diff)
		}
	})
}

func TestLine_AServerThatTakesNothingIsABrokenLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line, upTo := scripted(t, func(conn net.Conn, n int, _ string) {
			for n == 1 && ws.WriteFrame(conn, text(`[{"type":"past","seq":1}]`)) == nil { // talks, and never reads
				time.Sleep(time.Second)
			}
			next(conn)
		})
		defer line.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_ = line.Ask(ctx, offerTo("call1"), nil)
		if got := upTo(dial.Lost); !strings.Contains(got[0].Err.Error(), "took nothing for 10s") {
			t.Errorf("got %v", got[0].Err)
		}
	})
}

func TestLine_TellsTheServerWhatItDidWrong(t *testing.T) {
	t.Parallel()
	masked := ws.MaskFrame(text(`[]`))
	for name, wrong := range map[string]struct {
		frame ws.Frame
		code  ws.StatusCode
	}{
		"no JSON":         {text(`hello`), ws.StatusInvalidFramePayloadData},
		"no array":        {text(`{"type":"call"}`), ws.StatusInvalidFramePayloadData},
		"no UTF-8":        {text("[{\"type\":\"\xff\"}]"), ws.StatusInvalidFramePayloadData},
		"binary":          {ws.NewBinaryFrame([]byte(`[]`)), ws.StatusUnsupportedData},
		"masked":          {masked, ws.StatusProtocolError},
		"nothing to join": {ws.NewFrame(ws.OpContinuation, true, []byte(`[]`)), ws.StatusProtocolError},
		"too long":        {ws.Frame{Header: ws.Header{Fin: true, OpCode: ws.OpText, Length: 4<<20 + 1}}, ws.StatusMessageTooBig},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var code ws.StatusCode
				line, upTo := scripted(t, func(conn net.Conn, n int, _ string) {
					if n == 1 {
						go put(conn, wrong.frame) // nobody may read the end of it
						code, _ = ws.ParseCloseFrameData(next(conn).Payload)
					}
					next(conn)
				})
				defer line.Close()
				upTo(dial.Lost)
				upTo(dial.Back)
				synctest.Wait()
				if code != wrong.code {
					t.Errorf("closed with %d, not %d", code, wrong.code)
				}
			})
		})
	}
}

func TestLine_ComesBackAsTheCloseCodeAsks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code        ws.StatusCode
		least, most time.Duration
	}{
		{ws.StatusGoingAway, 250 * time.Millisecond, time.Second},
		{ws.StatusNormalClosure, 125 * time.Millisecond, 250 * time.Millisecond},
		{1013, 5 * time.Second, 20 * time.Second},
		{ws.StatusPolicyViolation, 2 * time.Second, 8 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			var echoed ws.StatusCode
			line, upTo := scripted(t, func(conn net.Conn, n int, after string) {
				if n == 1 {
					put(conn, text(`[{"type":"past","seq":7}]`), ws.NewCloseFrame(ws.NewCloseFrameBody(c.code, "because")))
					echoed, _ = ws.ParseCloseFrameData(next(conn).Payload)
					return
				}
				if after != "7" {
					t.Errorf("came back behind %q", after)
				}
				next(conn)
			})
			defer line.Close()
			lost := upTo(dial.Lost)[0]
			start := time.Now()
			upTo(dial.Back)
			synctest.Wait()
			if took := time.Since(start); took < c.least || took > c.most {
				t.Errorf("%d: came back after %s", c.code, took)
			}
			if echoed != c.code || !strings.Contains(lost.Err.Error(), fmt.Sprintf("(%d): because", c.code)) {
				t.Errorf("%d: it answered %d, and said %v", c.code, echoed, lost.Err)
			}
		})
	}
}

func TestLine_WhatTheServerClosesOverTwiceIsNotTriedAThirdTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		heard := 0
		line, _ := scripted(t, func(conn net.Conn, _ int, _ string) {
			if f := next(conn); f.Header.OpCode == ws.OpText {
				heard++
				put(conn, text(`[{"type":"problem","data":{"code":"invalid","status":422,"detail":"what is that?"}}]`),
					ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusPolicyViolation, "enough")))
				next(conn)
			}
		})
		defer line.Close()
		err := line.Ask(t.Context(), offerTo("call1"), nil)
		wantCode(t, err, "invalid")
		synctest.Wait()
		if heard != 2 || !strings.Contains(err.Error(), "what is that?") {
			t.Errorf("after %d times: %v", heard, err)
		}
	})
}

func TestLine_SaysGoodbyeWhenItIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bye := make(chan ws.Frame, 1)
		line, upTo := scripted(t, func(conn net.Conn, _ int, _ string) {
			put(conn, text(`[{"type":"weather","seq":1}]`))
			bye <- next(conn)
		})
		upTo("weather")
		line.Close()
		f := <-bye
		if code, _ := ws.ParseCloseFrameData(f.Payload); f.Header.OpCode != ws.OpClose || code != ws.StatusNormalClosure {
			t.Errorf("it ended with %v %q", f.Header, f.Payload)
		}
	})
}

func TestLine_NothingIsHandedOnTwiceThoughTheServerRepeatsIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line, upTo := scripted(t, func(conn net.Conn, _ int, _ string) {
			put(conn, text(`[{"type":"a","seq":4},{"type":"b","seq":5}]`), text(`[{"type":"b","seq":5},{"type":"c","seq":6}]`),
				text(`[{"type":"reset","seq":3}]`), text(`[{"type":"d","seq":4}]`))
			next(conn)
		})
		defer line.Close()
		var kinds []string
		for _, e := range upTo("d") {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff([]string{"a", "b", "c", "reset", "d"}, kinds); diff != "" || line.Cursor() != 4 {
			t.Error(line.Cursor(), diff)
		}
	})
}

func TestLine_WhereTheUpgradeIsRefusedTheEventsComeOverSSE(t *testing.T) {
	t.Parallel()
	upgrade := strings.NewReplacer() // answers nothing of the upgrade
	for name, refusal := range map[string]http.HandlerFunc{
		"not implemented": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(501) },
		"a page":          func(w http.ResponseWriter, _ *http.Request) { _, _ = upgrade.WriteString(w, "<h1>welcome</h1>") },
		"bad request":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) },
		"no such path":    http.NotFound,
		"bad gateway":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) },
		"headers taken out": func(w http.ResponseWriter, _ *http.Request) {
			tell(w, 422, wire.Problem{Code: "invalid", Errors: []wire.ProblemField{{Location: "header.Upgrade"}}})
		},
		"another protocol": func(w http.ResponseWriter, r *http.Request) {
			conn, _, _, err := ws.HTTPUpgrader{}.Upgrade(r, w)
			if err == nil {
				_ = conn.Close()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := &split{line: refusal}
				line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{Path: "/events"})
				defer line.Close()
				for e, err := range line.Events(t.Context()) {
					if err != nil || e.Kind != "weather" || !e.SSE || e.Seq() != 5 {
						t.Errorf("got %v, %v", e, err)
					}
					break
				}
				if err := line.Ask(t.Context(), offerTo("call1"), nil); err != dial.ErrNoLine { //nolint:errorlint // as it is
					t.Errorf("an ask ended with %v", err)
				}
				time.Sleep(11 * time.Minute)
				synctest.Wait()
				if diff := cmp.Diff([]string{linePath, "/events", linePath, "/events 9"}, h.seen); diff != "" {
					t.Error("it does not try the line again", diff)
				}
			})
		})
	}
}

// split has a line that is refused, and a stream.
type split struct {
	line http.HandlerFunc
	seen []string
}

func (s *split) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.seen = append(s.seen, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("Last-Event-ID")))
	if r.URL.Path == linePath {
		s.line(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Header.Get("Last-Event-ID") == "" {
		_, _ = fmt.Fprint(w, "id: 5\nevent: weather\ndata: 1\n\n")
	}
	for r.Context().Err() == nil {
		_, _ = fmt.Fprint(w, ": still here\nid: 9\n\n")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-time.After(15 * time.Second):
		case <-r.Context().Done():
		}
	}
}

// tell answers with a problem.
func tell(w http.ResponseWriter, status int, p wire.Problem) {
	p.Status = status
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p)
}

func TestLine_ARefusalThatDoesNotMendEndsIt(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]string{400: "invalid", 401: "bad_token", 403: "scope", 404: "not_found"} {
		synctest.Test(t, func(t *testing.T) {
			h := newHub()
			h.refuse = func(w http.ResponseWriter, _ *http.Request) { tell(w, status, wire.Problem{Code: code, Detail: "no"}) }
			line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{Path: "/events"})
			defer line.Close()
			for e, err := range line.Events(t.Context()) {
				if outcry.CodeOf(err) != code {
					t.Errorf("%d: got %v, %v", status, e, err)
				}
			}
			wantCode(t, line.Ask(t.Context(), offerTo("call1"), nil), code)
		})
	}
}

func TestLine_ABusyServerIsAskedAgainLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, start, tries := newHub(), time.Now(), 0
		h.refuse = func(w http.ResponseWriter, _ *http.Request) {
			tries++
			w.Header().Set("Retry-After", "20")
			tell(w, 503, wire.Problem{Code: "stopping"})
		}
		line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{Path: "/events"})
		defer line.Close()
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if tries != 3 {
			t.Errorf("asked %d times in %s", tries, time.Since(start))
		}
	})
}

func TestLine_WhereHandshakesBreakOffSSEIsTried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &split{line: func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		}}
		line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{Path: "/events"})
		defer line.Close()
		for e, err := range line.Events(t.Context()) {
			if err != nil || e.Kind == "weather" {
				break
			}
		}
		synctest.Wait()
		if n := slices.Index(h.seen, "/events"); n < 3 {
			t.Errorf("after %d handshakes: %q", n, h.seen)
		}
	})
}

func TestLine_GoesThroughTheCallersTLS(t *testing.T) {
	t.Parallel()
	h := newHub()
	srv := httptest.NewUnstartedServer(h)
	srv.EnableHTTP2 = true // which has no upgrade
	srv.StartTLS()
	defer srv.Close()
	for i := range 3 {
		h.call(fmt.Sprint(i))
	}
	line := dial.Caller{Server: srv.URL, HTTP: srv.Client()}.Open(t.Context(), linePath, dial.Stream{After: "1"})
	defer line.Close()
	for e, err := range line.Events(t.Context()) {
		if err != nil || e.Kind == dial.Lost {
			t.Fatal(e, err)
		}
		if e.Seq() == 3 {
			break
		}
	}
	if err := line.Ask(t.Context(), offerTo("call1"), nil); err != nil {
		t.Error(err)
	}
}

// cutting is a listener on the loopback that cuts each connection by chance.
type cutting struct {
	net.Listener
	net *network
}

func (c cutting) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return c.net.cutting(conn), nil
}

func TestLine_EachEventOnceOverALoopbackThatIsCut(t *testing.T) {
	t.Parallel()
	const shops, calls = 40, 40
	n := newNetwork(rand.Uint64(), 6000)
	var all sync.WaitGroup
	for range shops {
		all.Go(func() { throughCuts(t, n, calls) })
	}
	all.Wait()
	if n.cuts < shops*4 {
		t.Errorf("the lines were cut only %d times", n.cuts)
	}
}

func throughCuts(t *testing.T, n *network, calls int) {
	h := newHub()
	srv := httptest.NewUnstartedServer(h)
	srv.Listener = cutting{srv.Listener, n}
	srv.Start()
	defer srv.Close()
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	line := dial.Caller{Server: srv.URL, HTTP: &http.Client{Transport: tr}}.Open(t.Context(), linePath, dial.Stream{})
	defer line.Close()
	var got []string
	for e, err := range line.Events(t.Context()) {
		switch {
		case err != nil:
			t.Error(err)
			return
		case e.Kind == wire.EventCall:
			got = append(got, callOf(t, e))
			if err := line.Ask(t.Context(), offerTo(got[len(got)-1]), nil); err != nil {
				t.Error(err)
			}
			fallthrough
		case e.Kind == wire.EventHello:
			h.call(fmt.Sprint("call", len(got)))
		}
		if len(got) == calls {
			break
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if diff := cmp.Diff(h.log[:calls], got); diff != "" {
		t.Error(diff)
	}
}
