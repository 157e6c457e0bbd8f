package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"outcry"
)

const (
	// queued is how many writes may wait; a further one is Unavailable at once.
	queued = 4096
	// together is how many writes are committed at once at most.
	together = 256
	// tries is how often a group is begun anew after the database gave it up.
	tries = 3
	// patience bounds one try of a group, so that a server that is gone without
	// a word does not hold the queue for ever.
	patience = 30 * time.Second
)

// job is one write that waits for its group.
type job struct {
	// request is the one whose end of the log is wanted; "" for none.
	request string
	// run does the write; it is run anew when its group is, and may not keep
	// t. What it decides it gives as its error.
	run    func(ctx context.Context, t *tx) error
	answer chan error
}

// writer commits jobs in groups: one goroutine takes whatever is queued, runs
// all of it in one transaction, commits once and then answers. A job that fails
// harms no other: once it has left something behind, the group is rolled back
// and run again with a savepoint around each job.
type writer struct {
	back  *backend
	stmts *statements
	tx    *tx // of the group that is written; run's alone
	queue chan *job
	done  chan struct{}

	mu     sync.RWMutex // guards closed, and queue against closing under a sender
	closed bool
}

func newWriter(back *backend) *writer {
	stmts := newStatements(back.writeDB, back.keeps)
	return &writer{
		back: back, stmts: stmts, tx: &tx{stmts: stmts, ends: make(map[string]int64)},
		queue: make(chan *job, queued), done: make(chan struct{}),
	}
}

// write queues run and waits for its group's commit. request is the one whose
// log it appends to, if any.
func write[T any](ctx context.Context, s *Store, request string, run func(context.Context, *tx) (T, error)) (T, error) {
	var none, result T
	if err := ctx.Err(); err != nil {
		return none, fmt.Errorf("write: %w", err)
	}
	j := &job{request: request, answer: make(chan error, 1)}
	j.run = func(ctx context.Context, t *tx) (err error) {
		result, err = run(ctx, t)
		return err
	}
	if err := s.w.add(j); err != nil {
		return none, err
	}
	select {
	case err := <-j.answer:
		if err != nil {
			return none, err
		}
		return result, nil
	case <-ctx.Done():
		return none, maybe(ctx.Err())
	}
}

// add queues j, or refuses it at once.
func (w *writer) add(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return &outcry.Error{Op: "write", Kind: outcry.Unavailable, Code: "closing", Retry: 1, Msg: "the server is ending"}
	}
	select {
	case w.queue <- j:
		return nil
	default:
		return &outcry.Error{Op: "write", Kind: outcry.Unavailable, Code: "overloaded", Retry: 1,
			Msg: "too many writes are waiting; nothing was written"}
	}
}

// stop ends the queue; it is false when that was done before.
func (w *writer) stop() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.closed = true
	close(w.queue)
	return true
}

// close waits until what was queued is written.
func (w *writer) close() error {
	<-w.done
	return w.stmts.close()
}

// run writes until the queue is ended and empty.
func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	jobs := make([]*job, 0, together)
	for j := range w.queue {
		jobs = w.drain(append(jobs[:0], j))
		w.settle(ctx, jobs)
		clear(jobs)
	}
}

// drain adds to jobs what waits already, and what those bring who run meanwhile.
func (w *writer) drain(jobs []*job) []*job {
	for range 4 {
		had := len(jobs)
		if jobs = w.waiting(jobs); len(jobs) == had {
			break
		}
		runtime.Gosched()
	}
	return jobs
}

// waiting adds to jobs what waits already.
func (w *writer) waiting(jobs []*job) []*job {
	for len(jobs) < together {
		select {
		case j, ok := <-w.queue:
			if !ok {
				return jobs
			}
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// settle writes jobs, and answers each.
func (w *writer) settle(ctx context.Context, jobs []*job) {
	apart := false
	for try := 1; ; try++ {
		errs, back := w.attempt(ctx, jobs, apart)
		f := w.faultOf(back)
		switch {
		case back == nil:
			answer(jobs, errs)
			return
		case errors.As(back, new(*commitError)) && f != faultAgain:
			answerAll(jobs, maybe(back))
			return
		case !apart && (f == faultNone || f == faultStatement || f == faultTwice || f == faultDangling):
			apart = true
		case try >= tries || f != faultAgain && f != faultLost:
			answerAll(jobs, told(f, back))
			return
		}
	}
}

// faultOf says what err, as attempt gave it, means.
func (w *writer) faultOf(err error) fault {
	if err == nil || errors.Is(err, errApart) {
		return faultNone
	}
	return w.back.fault(err)
}

// errApart says that a job failed after it had written.
var errApart = errors.New("a job failed in the midst of its group")

// commitError is an error of the commit itself.
type commitError struct{ err error }

func (e *commitError) Error() string { return "commit: " + e.err.Error() }
func (e *commitError) Unwrap() error { return e.err }

// attempt runs jobs in one transaction. errs has the decision of each job, once
// all were run; an error means that nothing was written, but for a commitError.
func (w *writer) attempt(ctx context.Context, jobs []*job, apart bool) (errs []error, err error) {
	if !w.back.short {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	own, err := w.back.writeDB.BeginTx(ctx, w.back.options)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer w.stmts.prepare(ctx) // when the connection is free again
	defer func() {
		// After a commit this does nothing; a rollback that fails has lost
		// the connection, and with it the transaction.
		_ = own.Rollback()
	}()
	t := w.tx
	t.over(own)
	if err := t.begin(ctx, w.back.lock, jobs); err != nil {
		return nil, err
	}
	errs = make([]error, len(jobs))
	for i, j := range jobs {
		if apart {
			errs[i], err = w.alone(ctx, t, j)
		} else {
			errs[i], err = t.try(ctx, j)
		}
		if err != nil {
			return errs, err
		}
	}
	if err := t.flush(ctx); err != nil {
		return errs, err
	}
	if err := own.Commit(); err != nil {
		return errs, &commitError{err}
	}
	return errs, nil
}

// alone runs j in a savepoint of its own, to which a failure goes back. err
// ends the whole attempt.
func (w *writer) alone(ctx context.Context, t *tx, j *job) (failed, err error) {
	if err := t.plain(ctx, "SAVEPOINT job"); err != nil {
		return nil, err
	}
	m := t.mark(j)
	failed, err = t.try(ctx, j)
	if err == nil && failed == nil {
		err = t.flush(ctx)
	}
	switch f := w.faultOf(err); {
	case err == nil && failed == nil:
		return nil, t.plain(ctx, "RELEASE SAVEPOINT job")
	case f == faultAgain || f == faultLost || f == faultDisk:
		return nil, err
	case failed == nil:
		failed = told(f, err)
	}
	t.rewind(m)
	if err := t.plain(ctx, "ROLLBACK TO SAVEPOINT job"); err != nil {
		return nil, err
	}
	return failed, t.plain(ctx, "RELEASE SAVEPOINT job")
}

// answer tells each job how it ended.
func answer(jobs []*job, errs []error) {
	for i, j := range jobs {
		j.answer <- errs[i]
	}
}

// answerAll tells every job the same: what some of them decided rested on what
// the others did, which did not come to pass.
func answerAll(jobs []*job, err error) {
	for _, j := range jobs {
		j.answer <- err
	}
}
