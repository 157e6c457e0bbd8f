package line_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/line"
)

// book is a log in memory.
type book struct {
	mu     sync.Mutex
	events []outcry.Event
}

// add appends an event and gives it its number.
func (b *book) add(e outcry.Event) outcry.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	e.Seq = int64(len(b.events) + 1)
	b.events = append(b.events, e)
	return e
}

func (b *book) pick(after int64, limit int, fits func(outcry.Event) bool) (found []outcry.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		if e.Seq > after && len(found) < limit && fits(e) {
			found = append(found, e)
		}
	}
	return found
}

func (b *book) Tail(_ context.Context, after int64, limit int) ([]outcry.Event, error) {
	return b.pick(after, limit, func(outcry.Event) bool { return true }), nil
}

func (b *book) LastSeq(context.Context) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return int64(len(b.events)), nil
}

func (b *book) RequestLog(_ context.Context, request string, after int64, limit int) ([]outcry.Event, error) {
	return b.pick(after, limit, func(e outcry.Event) bool { return e.Request == request }), nil
}

func (b *book) ShopLog(ctx context.Context, shop string, after int64, limit int) ([]outcry.Event, bool, error) {
	last, _ := b.LastSeq(ctx)
	return b.pick(after, limit, func(e outcry.Event) bool { return e.Shop == shop }), after > last, nil
}

// newTail runs a tail until the test ends.
func newTail(t *testing.T, b *book) *line.Tail {
	t.Helper()
	tail, err := line.NewTail(t.Context(), b, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = tail.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return tail
}

func declined(request, shop string) outcry.Event {
	return outcry.Event{Kind: outcry.EventDeclined, Request: request, Shop: shop, Decline: &outcry.Decline{}}
}

// listener takes from an ear one by one.
type listener struct {
	*line.Ear
	rung <-chan struct{}
	news []*line.News
}

func listen(tail *line.Tail, topic line.Topic, size int) *listener {
	wake, rung := line.Bell()
	return &listener{Ear: tail.Listen(topic, size, wake), rung: rung}
}

// next waits for the next event.
func (l *listener) next() *line.News {
	for len(l.news) == 0 {
		<-l.rung
		l.news, _ = l.Take()
	}
	first := l.news[0]
	l.news = l.news[1:]
	return first
}

func TestTail_HandsOutInTheOrderOfTheLogWhateverTheOrderOfRings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		tail := newTail(t, b)
		const n = 200
		ear := listen(tail, line.Topic{}, n)
		defer ear.Close()
		events := make([]outcry.Event, n)
		for i := range events {
			events[i] = b.add(declined("req_1", "shop_1"))
		}
		chance := rand.New(rand.NewPCG(1, 2))
		chance.Shuffle(n, func(i, j int) { events[i], events[j] = events[j], events[i] })
		for _, e := range events {
			tail.Ring([]outcry.Event{e})
		}
		for want := int64(1); want <= n; want++ {
			if e := ear.next(); e.Seq != want {
				t.Fatalf("heard %d, want %d", e.Seq, want)
			}
		}
	})
}

func TestTail_ReadsWhatNobodyRangFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		tail := newTail(t, b)
		ear := listen(tail, line.ShopTopic("shop_1"), 8)
		defer ear.Close()
		b.add(declined("req_1", "shop_1")) // its ring is lost
		second := b.add(declined("req_1", "shop_1"))
		began := time.Now()
		tail.Ring([]outcry.Event{second})
		for want := int64(1); want <= 2; want++ {
			if e := ear.next(); e.Seq != want {
				t.Fatalf("heard %d, want %d", e.Seq, want)
			}
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("a lost ring cost %v, want at most a second", took)
		}
	})
}

func TestTail_ClosingIsHeardByEveryShopCalled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		tail := newTail(t, b)
		ear := listen(tail, line.ShopTopic("shop_2"), 8)
		defer ear.Close()
		b.add(outcry.Event{
			Kind: outcry.EventCalled, Request: "req_1",
			Wave: &outcry.Wave{N: 1, Calls: []outcry.Called{{Shop: "shop_1"}, {N: 1, Shop: "shop_2"}}},
		})
		b.add(declined("req_1", "shop_1")) // not for shop_2 to hear
		b.add(outcry.Event{Kind: outcry.EventClosed, Request: "req_1", Closing: &outcry.Closing{}})
		for _, want := range []outcry.EventKind{outcry.EventCalled, outcry.EventClosed} {
			if e := ear.next(); e.Kind != want {
				t.Fatalf("heard %s, want %s", e.Kind, want)
			}
		}
	})
}

func TestEar_ThatIsFullMissesAndKnows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		tail := newTail(t, b)
		slow, quick := listen(tail, line.Topic{}, 2), listen(tail, line.Topic{}, 16)
		defer slow.Close()
		defer quick.Close()
		for range 5 {
			tail.Ring([]outcry.Event{b.add(declined("req_1", "shop_1"))})
		}
		if news, missed := quick.Take(); len(news) != 5 || missed {
			t.Errorf("the quick ear holds %d of 5: a slow one has delayed it", len(news))
		}
		if news, missed := slow.Take(); !missed || len(news) != 2 {
			t.Errorf("the slow ear holds %d and does not know what it missed", len(news))
		}
	})
}
