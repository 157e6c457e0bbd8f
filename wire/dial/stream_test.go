package dial_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/wire/dial"
)

// events is an answer that streams text and then ends.
func events(text string) *http.Response {
	return answer(200, text, "Content-Type", "text/event-stream; charset=utf-8")
}

// told follows until the line is lost or something ends it.
func told(t *testing.T, s server, stream dial.Stream) (got []string, err error) {
	t.Helper()
	for e, err := range s.caller().Follow(t.Context(), stream) {
		if err != nil {
			return got, err
		}
		if e.Kind == dial.Lost {
			break
		}
		got = append(got, e.Kind+" "+e.ID+" "+string(e.Data))
	}
	return got, nil
}

func TestFollow_ReadsEventsAsTheStandardSays(t *testing.T) {
	t.Parallel()
	text := ": a comment\r\nretry: 100\r\nid: 7\r\nevent: offer\r\ndata: {\"a\":\r\ndata:1}\r\n\r\n" +
		"event: nothing\n\n" + // no data: no event
		"data: plain\n\n" + // keeps the cursor
		"id: 9\ndata\n\n" + // an empty line of data
		"event: cut\ndata: {" // never finished
	got, err := told(t, func(*http.Request) *http.Response { return events(text) }, dial.Stream{Path: "/v1/x"})
	want := []string{"offer 7 {\"a\":\n1}", "message 7 plain", "message 9 "}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestFollow_GoesOnBehindTheLastEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var cursors []string
		s := server(func(r *http.Request) *http.Response {
			cursors = append(cursors, r.Header.Get("Last-Event-ID"))
			switch len(cursors) {
			case 1:
				return events("id: 5\nevent: called\ndata: {}\n\nid: 6\nevent: offer\ndata: {}\n\n")
			case 2:
				return nil
			case 3:
				return answer(503, `{"code":"stopping","detail":"stopping"}`, "Content-Type", problemType, "Retry-After", "3")
			case 4:
				return events("id: 7\nevent: closed\ndata: {}\n\n")
			}
			return answer(404, `{"code":"not_found","detail":"gone"}`, "Content-Type", problemType)
		})
		start := time.Now()
		var got []string
		var end error
		for e, err := range s.caller().Follow(t.Context(), dial.Stream{Path: "/v1/requests/r/events", After: "4"}) {
			if end = err; err == nil {
				got = append(got, e.Kind+e.ID)
			}
		}
		if diff := cmp.Diff([]string{"4", "6", "6", "6", "7"}, cursors); diff != "" {
			t.Error("cursors", diff)
		}
		if diff := cmp.Diff([]string{"called5", "offer6", dial.Lost, dial.Back, "closed7", dial.Lost}, got); diff != "" {
			t.Error("events", diff)
		}
		if outcry.KindOf(end) != outcry.NotFound {
			t.Errorf("ended with %v", end)
		}
		if took := time.Since(start); took < 3*time.Second || took > 10*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestFollow_TakesTheCursorOfABeatButNotOfACutEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var cursors []string
		s := server(func(r *http.Request) *http.Response {
			cursors = append(cursors, r.Header.Get("Last-Event-ID"))
			if len(cursors) == 1 {
				return events("id: 5\nevent: called\ndata: {}\n\n: still here\nid: 9\n\nid: 10\nevent: offer\ndata: {")
			}
			return answer(404, `{"code":"not_found","detail":"gone"}`, "Content-Type", problemType)
		})
		var end error
		for _, err := range s.caller().Follow(t.Context(), dial.Stream{Path: "/v1/x", After: "4"}) {
			end = err
		}
		if outcry.KindOf(end) != outcry.NotFound {
			t.Errorf("ended with %v", end)
		}
		if diff := cmp.Diff([]string{"4", "9"}, cursors); diff != "" {
			t.Error("cursors", diff)
		}
	})
}

func TestFollow_SilenceIsALostLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := server(func(r *http.Request) *http.Response {
			read, write := io.Pipe()
			go func() {
				beat := time.NewTicker(15 * time.Second)
				defer beat.Stop()
				for range 4 {
					<-beat.C
					_, _ = io.WriteString(write, ": still here\n\n")
				}
				<-r.Context().Done()
				_ = write.CloseWithError(r.Context().Err())
			}()
			res := events("")
			res.Body = read
			return res
		})
		got, err := told(t, s, dial.Stream{Path: "/v1/x"})
		if len(got) != 0 || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
		if took := time.Since(start); took != time.Minute+dial.Silence {
			t.Errorf("the line was lost after %s", took)
		}
	})
}

func TestFollow_AnythingButAStreamIsALostLine(t *testing.T) {
	t.Parallel()
	s := server(func(*http.Request) *http.Response { return answer(200, "data: {}\n\n", "Content-Type", "text/html") })
	if got, err := told(t, s, dial.Stream{Path: "/v1/x"}); len(got) != 0 || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func FuzzFollow_ReadsAnythingWithoutHarm(f *testing.F) {
	for _, seed := range []string{"", "data: x\n\n", "id: 1\r\ndata: {}\r\n\r\n", "\r\r\r", "data", strings.Repeat(":\n", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := told(t, func(*http.Request) *http.Response { return events(text) }, dial.Stream{Path: "/v1/x"})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(text, "data"); len(got) > n {
			t.Errorf("%d events out of %d lines of data", len(got), n)
		}
	})
}
