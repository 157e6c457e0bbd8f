package matching_test

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/policy"
)

// dayJournal is a log in memory for very many requests: each request has its own
// events, and those long closed are forgotten.
type dayJournal struct {
	*journal
	seq    int64
	events map[string][]outcry.Event
}

func (j *dayJournal) Commit(_ context.Context, b outcry.Batch) ([]outcry.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	events := slices.Clone(b.Events)
	for i := range events {
		j.seq++
		events[i].Seq = j.seq
	}
	j.events[b.Request] = append(j.events[b.Request], events...)
	return events, nil
}

func (j *dayJournal) RequestLog(_ context.Context, request string, after int64, _ int) (found []outcry.Event, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.events[request] {
		if e.Seq > after {
			found = append(found, e)
		}
	}
	return found, nil
}

func (j *dayJournal) forget(request string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.events, request)
	delete(j.requests, request)
}

// watch counts for itself, by what the bell tells, what each shop was asked.
type watch struct {
	mu       sync.Mutex
	open     map[string]map[string]bool // requests that wait, by shop
	hour     map[string][]time.Time     // calls of the last hour, by shop
	called   map[string][]string        // shops by request
	calls    int
	most     policy.ShopLimit // the most that was seen
	broken   []string
	quiet    func(shop string, at time.Time) string // why it may not be called
	answered func(request, shop string, n int)
}

func (w *watch) Ring(events []outcry.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range events {
		switch {
		case e.Wave != nil:
			for _, c := range e.Wave.Calls {
				w.call(e, c)
			}
		case e.Offer != nil, e.Decline != nil:
			delete(w.open[e.Shop], e.Request)
		case e.Closing != nil:
			for _, shop := range w.called[e.Request] {
				delete(w.open[shop], e.Request)
			}
			delete(w.called, e.Request)
		}
	}
}

// call notes a call. The lock is held.
func (w *watch) call(e outcry.Event, c outcry.Called) {
	shop := c.Shop
	w.calls++
	w.called[e.Request] = append(w.called[e.Request], shop)
	if w.open[shop] == nil {
		w.open[shop] = map[string]bool{}
	}
	w.open[shop][e.Request] = true
	hour := append(w.hour[shop], e.At)
	for e.At.Sub(hour[0]) >= time.Hour {
		hour = hour[1:]
	}
	w.hour[shop] = hour
	w.most.Open, w.most.Hourly = max(w.most.Open, len(w.open[shop])), max(w.most.Hourly, len(hour))
	if len(w.open[shop]) > 6 || len(hour) > 20 {
		w.broken = append(w.broken, fmt.Sprintf("%s at %v: %d open, %d in the hour", shop, e.At, len(w.open[shop]), len(hour)))
	}
	if why := w.quiet(shop, e.At); why != "" {
		w.broken = append(w.broken, fmt.Sprintf("%s at %v: %s", shop, e.At, why))
	}
	w.answered(e.Request, shop, c.N)
}

// noShop is why a shop may not be called besides its limits: quiet hours at noon
// for every tenth, and an hour's pause now and then for every eleventh.
type noShop struct {
	mu     sync.Mutex
	paused map[string]time.Time // since when, for an hour
}

const quietAtNoon = "Mo-Su 12:00-14:00"

func (n *noShop) why(shop string, at time.Time) string {
	i := 0
	_, _ = fmt.Sscanf(shop, "shop_%d", &i)
	if h := at.UTC().Hour(); i%10 == 0 && h >= 12 && h < 14 {
		return "called in its quiet hours"
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if from, ok := n.paused[shop]; ok && !at.Before(from) && at.Before(from.Add(time.Hour)) {
		return "called while it pauses"
	}
	return ""
}

// pause has every eleventh shop pause for an hour, a fifth of them each hour.
func (n *noShop) pause(f *floor, shops, hour int) {
	for i := 11 * (hour % 5); i < shops; i += 55 {
		s := dayShop(f, i)
		s.PausedUntil = time.Now().Add(time.Hour)
		f.put(s)
		n.mu.Lock()
		n.paused[s.ID] = time.Now()
		n.mu.Unlock()
	}
}

func dayShop(f *floor, i int) outcry.Shop {
	s := f.shop(fmt.Sprintf("shop_%04d", i))
	if i%10 == 0 {
		s.QuietHours = quietAtNoon
	}
	return s
}

// hours is how long the day is: with the race detector, which is slow, its
// first hours do.
func hours() int {
	if raced {
		return 3
	}
	return 24
}

// TestLimits_HoldOnADayOfAMillionCalls has shops answered by people called as
// hard as their limits let, from hundreds of requests at once, and counts apart
// from the market whether any limit, quiet hour or pause was ever broken.
func TestLimits_HoldOnADayOfAMillionCalls(t *testing.T) {
	if testing.Short() {
		t.Skip("a day of a million calls takes a minute; run without -short")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const shops, perHour, atOnce = 3600, 540, 6
		p := policy.Default()
		p.Waves.Margin, p.Waves.Trigger, p.Waves.LoadMargin, p.Waves.TickS = 1e6, 1e6, 1e6, 400
		f := &floor{t: t, journal: newJournal(), policy: p, buyer: outcry.NewActor(outcry.Member{ID: "mem_buyer"}, outcry.Token{}, nil)}
		f.build()
		for i := range shops {
			s := dayShop(f, i)
			f.put(s)
			f.shops.Connect(s.ID, 1, time.Now())
		}
		f.shops.Build()
		day := &dayJournal{journal: f.journal, events: map[string][]outcry.Event{}}
		no := &noShop{paused: map[string]time.Time{}}
		var answers sync.WaitGroup
		chance := mathrand.New(mathrand.NewPCG(1, 2))
		w := &watch{open: map[string]map[string]bool{}, hour: map[string][]time.Time{}, called: map[string][]string{}, quiet: no.why}
		w.answered = func(request, shop string, n int) {
			if chance.IntN(2) == 0 { // half of them answer, within ten minutes
				return
			}
			wait := time.Duration(chance.Int64N(int64(10 * time.Minute)))
			answers.Go(func() {
				time.Sleep(wait)
				_, _ = f.Offer(context.Background(), by(shop), outcry.CallID(request, n), aPound) // it may be too late
			})
		}
		f.startWith(func(c *matching.Config) { c.Journal, c.Bell = day, w })
		for hour := range hours() {
			no.pause(f, shops, hour)
			for range perHour / atOnce {
				var asking sync.WaitGroup
				for range atOnce {
					asking.Go(func() { day.begin(t, f) })
				}
				asking.Wait()
				time.Sleep(time.Hour / perHour * atOnce)
			}
		}
		answers.Wait()
		time.Sleep(30 * time.Minute)
		f.stop()
		w.judge(t)
	})
}

// begin asks once more, and forgets the request when it is long over.
func (j *dayJournal) begin(t *testing.T, f *floor) {
	r := f.request(20*60, 40)
	j.mu.Lock()
	j.requests[r.ID] = r
	j.mu.Unlock()
	if err := f.Start(t.Context(), r); err != nil {
		t.Error(err)
	}
	time.AfterFunc(25*time.Minute, func() { j.forget(r.ID) })
}

// judge says what was counted, and what should not have been.
func (w *watch) judge(t *testing.T) {
	t.Logf("%d calls; at most %d open and %d in an hour at one shop; %d times a limit was broken",
		w.calls, w.most.Open, w.most.Hourly, len(w.broken))
	if least := 1_000_000 / 24 * hours(); w.calls < least {
		t.Errorf("%d calls, want %d", w.calls, least)
	}
	if w.most.Open < 6 || w.most.Hourly < 20 {
		t.Errorf("at most %d open and %d in an hour: the limits were never reached", w.most.Open, w.most.Hourly)
	}
	for _, b := range w.broken[:min(10, len(w.broken))] {
		t.Error(b)
	}
}

// request is one that the buyer asks for bread with a deadline of that many
// seconds.
func (f *floor) request(seconds, wanted int) outcry.Request {
	now := time.Now().UTC()
	return outcry.Request{
		ID: outcry.NewID(outcry.RequestPrefix, now, rand.Reader), Buyer: f.buyer.Member, Accepts: 1,
		State: outcry.RequestOpen, Created: now,
		Ask: outcry.Ask{
			Code: bakery, Quantity: 1, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: 3000,
			Deadline: now.Add(time.Duration(seconds) * time.Second), Wanted: wanted, Rank: outcry.RankBest,
		},
	}
}
