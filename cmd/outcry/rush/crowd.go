package rush

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// crowd are many who follow one board.
type crowd struct {
	watching sync.WaitGroup
	streams  []*stream
	offers   []*watched // of the board
	seller   *pipe      // a connection for the shops that change their offers
	deaf     atomic.Int64
	ears     chan struct{} // one thing for each event that each has heard
}

// watched is an offer on the board, as its shop can change it.
type watched struct {
	ID   string `json:"id"`
	Shop struct {
		ID string `json:"id"`
	} `json:"shop"`
	Version int `json:"version"`
	key     string
}

// gathering says how many come to one board.
type gathering struct {
	desk
	Watchers int `json:"watchers"`
}

// gather asks a request and has many follow its board, until each has seen all
// offers.
func (b *buyers) gather(ctx context.Context, g gathering) (any, error) {
	one, err := b.take(ctx, g.desk)
	if err != nil {
		return nil, err
	}
	id, _, err := one.request(endless)
	b.give(one, err)
	if err != nil {
		return nil, err
	}
	b.streams, b.ears = make([]*stream, g.Watchers), make(chan struct{}, g.Watchers)
	coming, opening := errgroup.WithContext(ctx)
	coming.SetLimit(atOnce)
	for i := range b.streams {
		coming.Go(func() (err error) {
			b.streams[i], err = b.watch(opening, g.desk, id, i, i == 0)
			return err
		})
	}
	if err := coming.Wait(); err != nil {
		return nil, err
	}
	for _, s := range b.streams {
		b.watching.Go(func() { b.hear(s) })
	}
	return nil, b.find(ctx, g.desk)
}

// watch follows the board until all offers have come; the first one notes them.
func (b *buyers) watch(ctx context.Context, d desk, request string, i int, first bool) (*stream, error) {
	p, err := dial(ctx, d.Address, i)
	if err != nil {
		return nil, err
	}
	s, err := follow(p, "/v1/requests/"+request+"/events", d.Town.buyerKey(0))
	for n := 0; err == nil && n < called; {
		var what kind
		var data []byte
		if what, data, err = s.next(); what != offerEvent {
			continue
		}
		if n++; first && err == nil {
			var o watched
			err = json.Unmarshal(data, &o)
			b.offers = append(b.offers, &o)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("watcher %d: %w", i, err), p.Close())
	}
	return s, nil
}

// find finds the keys of the shops that have offered.
func (b *buyers) find(ctx context.Context, d desk) (err error) {
	keys := map[string]string{}
	for i := range d.Town.Shops {
		keys[d.Town.shop(i)] = d.Town.shopKey(i)
	}
	for _, o := range b.offers {
		o.key = keys[o.Shop.ID]
	}
	b.seller, err = dial(ctx, d.Address, 0)
	return err
}

// hear counts events until the stream ends.
func (b *buyers) hear(s *stream) {
	for {
		what, _, err := s.next()
		if err != nil {
			b.deaf.Add(1)
			return
		}
		if what == changeEvent {
			b.ears <- struct{}{}
		}
	}
}

// stirring says how many events are made.
type stirring struct {
	Events int `json:"events"`
}

// stir changes offers one after the other: the next as soon as all have heard of
// the one before.
func (b *buyers) stir(ctx context.Context, s stirring) (any, error) {
	took := make([]time.Duration, s.Events)
	begin := time.Now()
	for i := range took {
		sent, o := time.Now(), b.offers[i%len(b.offers)]
		_, err := b.seller.must(http.StatusOK, letter{
			method: http.MethodPut, path: "/v1/offers/" + o.ID, key: o.key, more: fmt.Sprintf("If-Match: \"%d\"\r\n", o.Version),
			body: fmt.Appendf(nil, `{"price":{"amount":%d,"currency":"GBP"}}`, 200+i%300),
		})
		if err != nil {
			return nil, err
		}
		o.Version++
		for range b.streams {
			if err := b.heard(ctx); err != nil {
				return nil, fmt.Errorf("event %d: %w", i, err)
			}
		}
		took[i] = time.Since(sent)
	}
	return harvest{Seconds: time.Since(begin).Seconds(), Answers: len(took) * len(b.streams), Whole: spreadOf(took)}, nil
}

// errDeaf says that some did not hear of an event in time.
var errDeaf = errors.New("not all who watch have heard of it")

// heard waits until one more has heard of an event.
func (b *buyers) heard(ctx context.Context) error {
	select {
	case <-b.ears:
		return nil
	default:
	}
	if b.deaf.Load() > 0 {
		return errDeaf
	}
	late := time.NewTimer(quiet)
	defer late.Stop()
	select {
	case <-b.ears:
		return nil
	case <-late.C:
		return errDeaf
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave ends the watching.
func (b *buyers) leave() (err error) {
	for _, s := range b.streams {
		err = errors.Join(err, s.Close())
	}
	b.watching.Wait()
	if b.seller != nil {
		err = errors.Join(err, b.seller.Close())
	}
	return err
}
