package counter_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"outcry/cmd/outcry/counter"
	"outcry/wire"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "answer" {
		answerLines()
		return
	}
	os.Exit(m.Run())
}

// answerLines is a shop's program: it answers what the note of a call asks for.
func answerLines() {
	in := bufio.NewScanner(os.Stdin)
	fmt.Fprintln(os.Stderr, "ready")
	var kept []string
	for in.Scan() {
		var call wire.Call
		if json.Unmarshal(in.Bytes(), &call) != nil {
			os.Exit(3)
		}
		offer := fmt.Sprintf(`{"call_id":%q,"price":{"amount":%d,"currency":"GBP"}}`, call.ID, call.Request.Quantity)
		switch call.Request.Note {
		case "keep": // until the next one comes, and then after it
			kept = append(kept, offer)
			continue
		case "decline":
			offer = fmt.Sprintf(`{"call_id":%q,"decline":{"reason":"sold out"}}`, call.ID)
		case "nothing":
			offer = fmt.Sprintf(`{"call_id":%q}`, call.ID)
		case "mistyped":
			offer = fmt.Sprintf(`{"call_id":%q,"prise":1}`, call.ID)
		case "die once":
			if _, err := os.Stat(os.Args[2]); err != nil {
				_ = os.WriteFile(os.Args[2], nil, 0o600)
				os.Exit(7)
			}
		case "noise":
			fmt.Println("hello")
			fmt.Println(`{"call_id":"call_other"}`)
		case "hang":
			continue
		}
		fmt.Println(offer)
		for _, line := range kept {
			fmt.Println(line)
		}
		kept = nil
	}
}

// heard are the lines that software says beside its answers.
type heard struct {
	mu    sync.Mutex
	lines []string
}

func (h *heard) say(words string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, words)
}

func (h *heard) all() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.lines, "\n")
}

func program(t *testing.T) (counter.Asker, *heard) {
	t.Helper()
	var h heard
	set := &counter.Setting{Plan: counter.Plan{Software: counter.Software{Command: []string{os.Args[0], "answer", t.TempDir() + "/died"}}}}
	a := counter.OpenSoftware(t.Context(), set, h.say)
	t.Cleanup(a.Close)
	return a, &h
}

func noted(id string, quantity int, note string) wire.Call {
	c := callFor("osm:shop=bakery", quantity, "")
	c.ID, c.Request.Note = id, note
	return c
}

func in(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestProgram_AnswersALineEach(t *testing.T) {
	t.Parallel()
	a, h := program(t)
	ctx := in(t, 20*time.Second)
	bid, decline, err := a.Ask(ctx, noted("call_1", 7, ""))
	if bid.Price.Amount != 7 || decline != nil || err != nil {
		t.Error(bid, decline, err)
	}
	if bid, decline, err := a.Ask(ctx, noted("call_2", 1, "decline")); decline == nil || decline.Reason != "sold out" || bid.Price.Currency != "" || err != nil {
		t.Error(bid, decline, err)
	}
	if bid, decline, err := a.Ask(ctx, noted("call_3", 1, "nothing")); decline != nil || bid.Price.Currency != "" || err != nil {
		t.Error(bid, decline, err)
	}
	if _, _, err := a.Ask(ctx, noted("call_4", 1, "mistyped")); err == nil || !strings.Contains(err.Error(), "prise") {
		t.Error(err)
	}
	if bid, _, err := a.Ask(ctx, noted("call_5", 5, "noise")); bid.Price.Amount != 5 || err != nil {
		t.Error(bid, err)
	}
	for _, want := range []string{"ready", "without a call_id: hello", "call_other, which does not wait"} {
		if !strings.Contains(h.all(), want) {
			t.Errorf("%q was not shown: %s", want, h.all())
		}
	}
}

func TestProgram_AnswersInAnyOrder(t *testing.T) {
	t.Parallel()
	a, _ := program(t)
	ctx := in(t, 20*time.Second)
	var all sync.WaitGroup
	for n := 1; n <= 20; n++ {
		all.Go(func() {
			bid, _, err := a.Ask(ctx, noted(fmt.Sprint("call_", n), n, "keep"))
			if err != nil || bid.Price.Amount != int64(n) {
				t.Errorf("call %d was answered %v, %v", n, bid, err)
			}
		})
	}
	// One call pushes out what is kept; it may come before some of the others.
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	for n := 100; ; n++ {
		if _, _, err := a.Ask(ctx, noted(fmt.Sprint("call_", n), n, "")); err != nil {
			t.Fatal(err)
		}
		select {
		case <-done:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestProgram_IsStartedAgainAndAskedAgain(t *testing.T) {
	t.Parallel()
	a, h := program(t)
	bid, _, err := a.Ask(in(t, 20*time.Second), noted("call_1", 3, "die once"))
	if bid.Price.Amount != 3 || err != nil || !strings.Contains(h.all(), "has ended (exit status 7)") {
		t.Error(bid, err, h.all())
	}
}

func TestProgram_ThatHangsTakesNoLongerThanTheCall(t *testing.T) {
	t.Parallel()
	a, _ := program(t)
	if _, _, err := a.Ask(in(t, 300*time.Millisecond), noted("call_1", 3, "hang")); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if bid, _, err := a.Ask(in(t, 20*time.Second), noted("call_2", 4, "")); bid.Price.Amount != 4 || err != nil {
		t.Error("the next call:", bid, err)
	}
}

func TestProgram_ThatIsNotThereIsTold(t *testing.T) {
	t.Parallel()
	var h heard
	a := counter.OpenSoftware(t.Context(), &counter.Setting{Plan: counter.Plan{Software: counter.Software{Command: []string{"./no-such-program"}}}, Dir: t.TempDir()}, h.say)
	defer a.Close()
	if _, _, err := a.Ask(in(t, 300*time.Millisecond), noted("call_1", 3, "")); err == nil || !strings.Contains(h.all(), "no-such-program") {
		t.Error(err, h.all())
	}
}

// address is a shop's software that answers each request by its number, from 1.
func address(t *testing.T, answer func(n int32, w http.ResponseWriter, call wire.Call)) counter.Asker {
	t.Helper()
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var call wire.Call
		if err := json.NewDecoder(r.Body).Decode(&call); err != nil || r.Method != http.MethodPost {
			t.Error(r.Method, err)
		}
		answer(n.Add(1), w, call)
	}))
	t.Cleanup(server.Close)
	a := counter.OpenSoftware(t.Context(), &counter.Setting{Plan: counter.Plan{Software: counter.Software{URL: server.URL + "/answer"}}}, nil)
	t.Cleanup(a.Close)
	return a
}

func TestAddress_OfferDeclineOrNothing(t *testing.T) {
	t.Parallel()
	a := address(t, func(_ int32, w http.ResponseWriter, call wire.Call) {
		switch call.Request.Note {
		case "offer":
			fmt.Fprint(w, `{"price":{"amount":240,"currency":"GBP"},"message":"warm"}`)
		case "decline":
			fmt.Fprint(w, `{"decline":{"reason":"closed"}}`)
		case "nothing":
			w.WriteHeader(http.StatusNoContent)
		case "empty":
		case "mistyped":
			fmt.Fprint(w, `{"prise":{"amount":240,"currency":"GBP"}}`)
		case "no price":
			fmt.Fprint(w, `{"message":"warm"}`)
		case "both":
			fmt.Fprint(w, `{"price":{"amount":1,"currency":"GBP"},"decline":{"reason":"closed"}}`)
		case "long":
			fmt.Fprint(w, strings.Repeat(" ", 70_000))
		case "other":
			fmt.Fprint(w, `{"call_id":"call_2","price":{"amount":240,"currency":"GBP"}}`)
		case "moved":
			w.Header().Set("Location", "http://192.0.2.1/")
			w.WriteHeader(http.StatusFound)
		case "refused":
			w.WriteHeader(http.StatusForbidden)
		}
	})
	for note, want := range map[string]string{
		"offer": "£2.40 warm", "decline": "no: closed", "nothing": "nothing", "empty": "200 with nothing", "mistyped": "prise",
		"no price": "no price", "both": "both offers and declines", "long": "more than", "other": "to the call call_2", "moved": "302", "refused": "403",
	} {
		bid, decline, err := a.Ask(in(t, 10*time.Second), noted("call_1", 1, note))
		got := "nothing"
		switch {
		case err != nil:
			got = err.Error()
		case decline != nil:
			got = "no: " + decline.Reason
		case bid.Price.Currency != "":
			got = bid.Price.String() + " " + bid.Message
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", note, got, want)
		}
	}
}

func TestAddress_IsAskedAgainUntilItIsReady(t *testing.T) {
	t.Parallel()
	a := address(t, func(n int32, w http.ResponseWriter, _ wire.Call) {
		switch n {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			panic(http.ErrAbortHandler)
		default:
			fmt.Fprint(w, `{"price":{"amount":240,"currency":"GBP"}}`)
		}
	})
	if bid, _, err := a.Ask(in(t, 20*time.Second), noted("call_1", 1, "")); err != nil || bid.Price.Amount != 240 {
		t.Error(bid, err)
	}
}

func TestAddress_HasUntilTheDeadline(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	a := address(t, func(int32, http.ResponseWriter, wire.Call) { <-held })
	defer close(held)
	if _, _, err := a.Ask(in(t, 200*time.Millisecond), noted("call_1", 1, "")); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
