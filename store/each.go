package store

import (
	"context"
	"sync"
)

// eachAtOnce is how many rows each reads by one query.
const eachAtOnce = 1000

// every is how each reads: by text, which asks for rows of T whose keys are above
// its first value, in the order of their keys, at most as many as its second.
type every[T any] struct {
	of   string // what the rows are, for errors
	text string
	scan func(row) (T, error)
	key  func(T) string
}

// sheet is the rows that were read by one query, up to the error that ended it.
type sheet[T any] struct {
	rows []T
	err  error
}

// each calls do with every row, in the order of their keys. While do goes through
// a sheet, the next one is read; the two serve in turns. The first error ends it,
// and when it returns nothing is read any more.
func each[T any](ctx context.Context, q querier, e every[T], do func(T) error) error {
	blank, full := make(chan *sheet[T], 2), make(chan *sheet[T], 2)
	blank <- &sheet[T]{}
	blank <- &sheet[T]{}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer close(blank)
	reading.Go(func() {
		defer close(full)
		e.ahead(ctx, q, blank, full)
	})
	for s := range full {
		for i := range s.rows {
			if err := do(s.rows[i]); err != nil {
				return err
			}
		}
		if s.err != nil {
			return wrap("read "+e.of, s.err)
		}
		blank <- s
	}
	return nil
}

// ahead fills sheet after sheet, until the last row, the first error or until
// there are no more blank ones.
func (e every[T]) ahead(ctx context.Context, q querier, blank <-chan *sheet[T], full chan<- *sheet[T]) {
	after := ""
	for s := range blank {
		s.rows = s.rows[:0]
		s.err = take(ctx, q, func(r row) error {
			one, err := e.scan(r)
			if err == nil {
				s.rows = append(s.rows, one)
			}
			return err
		}, e.text, after, int64(eachAtOnce))
		n := len(s.rows)
		if n > 0 {
			after = e.key(s.rows[n-1])
		}
		more := s.err == nil && n == eachAtOnce
		full <- s
		if !more {
			return
		}
	}
}
