package line_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/line"
)

// presence counts open lines.
type presence struct {
	mu   sync.Mutex
	open map[string]int
}

func (p *presence) Connect(shop string, by int, _ time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[shop] += by
}

func (p *presence) Seen(string, time.Time) {}

// unknown has nothing in memory.
func unknown(context.Context, string, int64) ([]outcry.Event, bool) { return nil, false }

// plain shows every event by its kind and number.
func plain(_ context.Context, n *line.News) (string, []byte, bool) {
	return string(n.Kind), fmt.Appendf(nil, `{"n":%d}`, n.Seq), true
}

// serve is a line over HTTP: /board and /shop of one request and one shop.
func serve(t *testing.T, b *book) (url string, tail *line.Tail, p *presence) {
	t.Helper()
	p = &presence{open: map[string]int{}}
	tail = newTail(t, b)
	l := line.New(line.Config{
		Tail: tail, Presence: p, Clock: time.Now, Board: plain, Past: unknown,
		Shop: func(string) line.Data { return plain },
		Hello: func(context.Context, string) (any, []any, error) {
			return map[string]any{"hello": true}, []any{map[string]any{"id": "call_1"}}, nil
		},
	})
	answer := func(f func(http.ResponseWriter, *http.Request, string) error, id string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := f(w, r, id); err != nil {
				http.Error(w, outcry.CodeOf(err), http.StatusBadRequest)
			}
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/board", answer(l.ServeBoard, "req_1"))
	mux.Handle("/shop", answer(l.ServeShop, "shop_1"))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL, tail, p
}

// get opens a URL from a cursor, and gives the status and the body, which is
// closed when the test ends.
func get(t *testing.T, url, lastID string) (status int, body io.ReadCloser) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	client := &http.Client{Timeout: time.Minute}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer.StatusCode, answer.Body
}

// ids reads the ids of the next n events of a stream.
func ids(t *testing.T, in *bufio.Scanner, n int) (found []string) {
	t.Helper()
	for len(found) < n && in.Scan() {
		if id, ok := strings.CutPrefix(in.Text(), "id: "); ok {
			found = append(found, id)
		}
	}
	if len(found) < n {
		t.Fatalf("the stream ended after %v: %v", found, in.Err())
	}
	return found
}

func TestServeBoard_ResumesWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	b := &book{}
	url, tail, _ := serve(t, b)
	for range 5 {
		tail.Ring([]outcry.Event{b.add(declined("req_1", "shop_9"))})
	}
	_, first := get(t, url+"/board", "")
	if got := fmt.Sprint(ids(t, bufio.NewScanner(first), 3)); got != "[1 2 3]" {
		t.Fatalf("first connection heard %s", got)
	}
	_ = first.Close()
	_, again := get(t, url+"/board", "3")
	in := bufio.NewScanner(again)
	if got := fmt.Sprint(ids(t, in, 2)); got != "[4 5]" {
		t.Fatalf("resumed at 3 heard %s", got)
	}
	for range 300 { // more than any queue holds
		tail.Ring([]outcry.Event{b.add(declined("req_1", "shop_9"))})
	}
	for i, id := range ids(t, in, 300) {
		if want := fmt.Sprint(i + 6); id != want {
			t.Fatalf("heard %s, want %s", id, want)
		}
	}
}

func TestServeBoard_SaysResetForACursorFromAnotherLog(t *testing.T) {
	t.Parallel()
	b := &book{}
	b.add(declined("req_1", "shop_1"))
	url, _, _ := serve(t, b)
	_, stream := get(t, url+"/board", "77")
	in := bufio.NewScanner(stream)
	for in.Scan() {
		if in.Text() == "event: reset" {
			return
		}
	}
	t.Fatal("no reset came")
}

func TestServeBoard_RefusesACursorThatIsNone(t *testing.T) {
	t.Parallel()
	url, _, _ := serve(t, &book{})
	for _, query := range []string{"?after=-1", "?after=x", "?wait=1y", "?wait=61s", "?wait=-1s"} {
		if got, _ := get(t, url+"/board"+query, ""); got != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", query, got)
		}
	}
}

func TestServeShop_GreetsAndCountsAsConnected(t *testing.T) {
	t.Parallel()
	b := &book{}
	b.add(declined("req_0", "shop_9"))
	url, tail, p := serve(t, b)
	_, stream := get(t, url+"/shop", "")
	in := bufio.NewScanner(stream)
	var heard []string
	for len(heard) < 3 && in.Scan() {
		if strings.HasPrefix(in.Text(), "event: ") || strings.HasPrefix(in.Text(), "id: ") {
			heard = append(heard, in.Text())
		}
	}
	// The cursor comes with the last item: who is cut off before is greeted again.
	if got := strings.Join(heard, ", "); got != "event: hello, id: 1, event: call" {
		t.Errorf("greeted with %q, want hello and the waiting call", got)
	}
	p.mu.Lock()
	open := p.open["shop_1"]
	p.mu.Unlock()
	if open != 1 {
		t.Errorf("%d lines open while streaming, want 1", open)
	}
	tail.Ring([]outcry.Event{b.add(declined("req_1", "shop_1"))})
	if got := ids(t, in, 1); got[0] != "2" {
		t.Errorf("heard %v", got)
	}
}

func TestServeShop_LongPollWaitsForTheNextEvent(t *testing.T) {
	t.Parallel()
	b := &book{}
	url, tail, _ := serve(t, b)
	b.add(declined("req_1", "shop_1"))
	poll := func(query string) (next int64, n int) {
		var answer struct {
			Items []json.RawMessage
			Next  int64
		}
		_, body := get(t, url+"/shop"+query, "")
		if err := json.NewDecoder(body).Decode(&answer); err != nil {
			t.Error(err)
		}
		return answer.Next, len(answer.Items)
	}
	if next, n := poll("?after=0&wait=25s"); next != 1 || n != 1 {
		t.Fatalf("what is there already: next %d with %d items, want 1 and 1", next, n)
	}
	var waited sync.WaitGroup
	waited.Go(func() {
		if next, n := poll("?after=1&wait=25s"); next != 2 || n != 1 {
			t.Errorf("what comes later: next %d with %d items, want 2 and 1", next, n)
		}
	})
	tail.Ring([]outcry.Event{b.add(declined("req_1", "shop_1"))})
	waited.Wait()
	if next, n := poll("?after=2&wait=0s"); next != 2 || n != 0 {
		t.Errorf("nothing new: next %d with %d items, want 2 and 0", next, n)
	}
}

func TestServeBoard_ABeatMovesTheCursorOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		tail := newTail(t, b)
		l := line.New(line.Config{Tail: tail, Clock: time.Now, Board: plain, Past: unknown})
		ctx, leave := context.WithCancel(t.Context())
		told := httptest.NewRecorder()
		var serving sync.WaitGroup
		serving.Go(func() {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/board", nil)
			if err := l.ServeBoard(told, r, "req_quiet"); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		for range 300 { // others trade
			tail.Ring([]outcry.Event{b.add(declined("req_busy", "shop_1"))})
		}
		time.Sleep(16 * time.Second)
		synctest.Wait()
		leave()
		serving.Wait()
		l.Drain(time.Minute)
		if got := told.Body.String(); !strings.HasSuffix(got, "\nid: 300\n\n") || strings.Contains(got, "event:") {
			t.Errorf("a quiet board heard %q, want only the cursor 300", got)
		}
	})
}
