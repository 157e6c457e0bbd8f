package storetest

import (
	"context"
	"fmt"
	"sync"

	"outcry"
	"outcry/store"
)

const (
	cursorWriters = 8
	cursorCommits = 40 // of two events by each writer
)

var cursors = []promise{
	{"Cursor_SeesEveryNumberUnderConcurrentWriters", func(m *market) {
		nodes := []*store.Store{m.Store}
		if other := m.another(); other != nil {
			nodes = append(nodes, other)
		}
		shop := m.shop().ID
		requests := make([]string, cursorWriters)
		for i := range requests {
			requests[i] = m.request(1).ID
			m.write(requests[i], m.called(1, 0, shop))
		}
		start, err := m.LastSeq(m.ctx)
		m.ok(err)
		end := start + 2*cursorWriters*cursorCommits
		var readers sync.WaitGroup
		faults := make(chan error, 2*len(nodes))
		for _, s := range nodes {
			readers.Go(func() { faults <- m.follow(start, end, s.Tail) })
			readers.Go(func() {
				faults <- m.follow(start, end, func(ctx context.Context, after int64, limit int) ([]outcry.Event, error) {
					events, _, err := s.ShopLog(ctx, shop, after, limit)
					return events, err
				})
			})
		}
		errs := together(cursorWriters, func(i int) error {
			return m.grow(nodes[i%len(nodes)], requests[i], shop)
		})
		for _, err := range errs {
			m.ok(err)
		}
		readers.Wait()
		close(faults)
		for err := range faults {
			m.ok(err)
		}
	}},
}

// grow commits events that concern shop to the log of a request.
func (m *market) grow(s *store.Store, request, shop string) error {
	log, err := s.RequestLog(m.ctx, request, 0, 0)
	if err != nil {
		return err
	}
	for base := log[len(log)-1].Seq; len(log) < 1+2*cursorCommits; base = log[len(log)-1].Seq {
		events, err := s.Commit(m.ctx, outcry.Batch{Request: request, Base: base, Events: []outcry.Event{
			m.offer(request, 0, shop), m.declined(0, shop),
		}})
		if err != nil {
			return err
		}
		log = append(log, events...)
	}
	return nil
}

// follow reads by a cursor until end, as one who reads while others write, and
// complains when a number is left out.
func (m *market) follow(after, end int64, read func(ctx context.Context, after int64, limit int) ([]outcry.Event, error)) error {
	for after < end {
		events, err := read(m.ctx, after, 50)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Seq != after+1 {
				return fmt.Errorf("the cursor saw %d after %d", e.Seq, after)
			}
			after = e.Seq
		}
	}
	return nil
}
