package shelf_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"outcry"
	"outcry/cmd/outcry/counter/shelf"
	"outcry/cmd/outcry/pricelist"
	"outcry/wire"
)

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string) *shelf.Shelf {
	t.Helper()
	s, err := shelf.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func bread(stock int) pricelist.Line {
	return pricelist.Line{Code: "osm:shop=bakery", Stock: stock, Counted: true}
}

// callOf is the id of a call of a request of its own, and that of an offer to it.
func callOf(n int) (call, offer string) {
	request := fmt.Sprintf("req_%026d", n)
	return outcry.CallID(request, 0), outcry.OfferID(request, 0)
}

func hold(t *testing.T, s *shelf.Shelf, n int, l pricelist.Line, count int) bool {
	t.Helper()
	call, _ := callOf(n)
	_, ok, err := s.Hold(call, l, count, now)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func wantLeft(t *testing.T, s *shelf.Shelf, l pricelist.Line, want int) {
	t.Helper()
	if got := s.Left(l); got != want {
		t.Errorf("%d are left, not %d", got, want)
	}
}

func TestHold_NeverMoreThanThereIs(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.Recount([]pricelist.Line{bread(10)})
	var held atomic.Int32
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			call, _ := callOf(n)
			if _, ok, err := s.Hold(call, bread(10), 3, now); ok && err == nil {
				held.Add(1)
			}
		})
	}
	all.Wait()
	if held.Load() != 3 {
		t.Errorf("%d calls were promised 3 of 10", held.Load())
	}
	wantLeft(t, s, bread(10), 1)
}

func TestHold_IsOnDiskWhenItIsMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	s.Recount([]pricelist.Line{bread(10)})
	hold(t, s, 1, bread(10), 4)
	killed, err := shelf.Look(dir) // nothing was closed
	if err != nil {
		t.Fatal(err)
	}
	wantLeft(t, killed, bread(10), 6)
}

func TestStock_FreedTakenAndBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	l := bread(10)
	s.Recount([]pricelist.Line{l})
	for n := range 5 {
		if !hold(t, s, n, l, 2) {
			t.Fatal("there is enough")
		}
	}
	wantLeft(t, s, l, 0)
	if hold(t, s, 9, l, 1) {
		t.Error("the eleventh was promised")
	}
	lost, _ := callOf(0)
	s.Release(lost)
	wantLeft(t, s, l, 2)
	for n, states := range map[int][]outcry.OrderState{
		1: {outcry.OrderPlaced}, 2: {outcry.OrderPlaced, outcry.OrderRefused}, 3: {outcry.OrderPlaced, outcry.OrderConfirmed, outcry.OrderFulfilled},
		4: {outcry.OrderPlaced, outcry.OrderCancelled},
	} {
		call, offer := callOf(n)
		for _, state := range states {
			if err := s.Order(offer, state); err != nil {
				t.Fatal(err)
			}
		}
		s.Release(call) // an order does not lapse
	}
	wantLeft(t, s, l, 6) // 2 ordered, 2 fulfilled
	s.Close()
	again := open(t, dir)
	wantLeft(t, again, l, 6)
	if len(again.Ordered()) != 1 || len(again.Held()) != 0 {
		t.Errorf("held %v, ordered %v", again.Held(), again.Ordered())
	}
	again.Settle(now.AddDate(1, 0, 0))
	if wantLeft(t, again, l, 6); len(again.Ordered()) != 0 {
		t.Error("an old order is kept")
	}
}

func TestRecount_ANewNumberIsANewCount(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	s.Recount([]pricelist.Line{bread(10)})
	hold(t, s, 1, bread(10), 3)
	hold(t, s, 2, bread(10), 2)
	_, offer := callOf(2)
	if err := s.Order(offer, outcry.OrderPlaced); err != nil {
		t.Fatal(err)
	}
	if anew := s.Recount([]pricelist.Line{bread(10)}); len(anew) != 0 {
		t.Error("the same number was counted anew")
	}
	wantLeft(t, s, bread(10), 5)
	if anew := s.Recount([]pricelist.Line{bread(20)}); len(anew) != 1 {
		t.Error("another number was not counted anew")
	}
	wantLeft(t, s, bread(20), 17) // what is promised still is; what was ordered is gone from the new count
	if err := s.Order(offer, outcry.OrderRefused); err != nil {
		t.Fatal(err)
	}
	wantLeft(t, s, bread(20), 17)
}

func TestShelf_KeepsBookCursorAndTree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	if err := s.PutBook(wire.Book{Version: 3, Codes: []string{"osm:shop=bakery"}}); err != nil {
		t.Fatal(err)
	}
	s.Handled(17)
	s.Handled(16)
	if err := s.PutParents(map[string]shelf.Parent{"osm:shop=bakery": {Code: "osm:shop", At: now}}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	again := open(t, dir)
	p, ok := again.Parent("osm:shop=bakery")
	if again.Book().Version != 3 || len(again.Book().Codes) != 1 || again.Cursor() != 17 || !ok || p.Code != "osm:shop" {
		t.Error(again.Book(), again.Cursor(), p)
	}
}

func TestOpen_OneShopServerAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := shelf.Open(dir); err == nil || !strings.Contains(err.Error(), "another shop server has") {
		t.Errorf("a second one was let in: %v", err)
	}
	s.Close()
	open(t, dir)
}

func TestOpen_ADamagedFileIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := shelf.Open(dir); err == nil || !strings.Contains(err.Error(), "state.json is damaged") {
		t.Errorf("got %v", err)
	}
}

func TestLook_ChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := shelf.Look(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutBook(wire.Book{Version: 1}); err != nil {
		t.Error(err)
	}
	hold(t, s, 1, bread(5), 1)
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("it wrote %v, %v", files, err)
	}
}
