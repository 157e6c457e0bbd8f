package rush

import (
	"context"
	"errors"
	"sync"
	"time"
)

// buyers is the side of the buyers: each asks over a kept connection and follows
// its board by server-sent events on another one, as a page does.
type buyers struct {
	mu   sync.Mutex
	free []*buyer
	made int
	crowd
}

// desk says where buyers ask.
type desk struct {
	Address string `json:"address"`
	Town    town   `json:"town"`
}

// harvest is what came of asking.
type harvest struct {
	Seconds float64 `json:"seconds"` // from the first asking to the last closing
	Matches int     `json:"matches"`
	Enough  int     `json:"enough"` // of them, those that closed with enough
	Answers int     `json:"answers"`
	Failed  int     `json:"failed"`
	Failure string  `json:"failure"`
	First   *Spread `json:"first"`
	Whole   *Spread `json:"whole"`
	Late    *Spread `json:"late"`
	Behind  *Spread `json:"behind"` // how long after its time a request was sent
}

func (b *buyers) deeds() deeds {
	return deeds{"ask": deed(b.ask), "pour": deed(b.pour), "gather": deed(b.gather), "stir": deed(b.stir)}
}

func (b *buyers) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var err error
	for _, each := range b.free {
		err = errors.Join(err, each.Close())
	}
	return errors.Join(err, b.leave())
}

// take is a buyer with nothing to do, a new one where there is none.
func (b *buyers) take(ctx context.Context, d desk) (*buyer, error) {
	b.mu.Lock()
	if n := len(b.free); n > 0 {
		one := b.free[n-1]
		b.free = b.free[:n-1]
		b.mu.Unlock()
		return one, nil
	}
	n := b.made
	b.made++
	b.mu.Unlock()
	p, err := dial(ctx, d.Address, n)
	return &buyer{pipe: p, desk: d, n: n, key: d.Town.buyerKey(n % d.Town.Buyers)}, err
}

// give takes a buyer back who is done; one who failed may have half an answer on
// its connection.
func (b *buyers) give(one *buyer, err error) {
	if err != nil {
		_ = one.Close() // it is of no use any more
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, one)
}

// loop says how buyers ask who wait for one request to close before the next.
type loop struct {
	desk
	AtOnce int           `json:"at_once"` // requests open at once
	For    time.Duration `json:"for"`     // how long new ones are asked
}

// ask has buyers ask one request after the other.
func (b *buyers) ask(ctx context.Context, l loop) (any, error) {
	var sum sheaf
	var asking sync.WaitGroup
	begin := time.Now()
	for range l.AtOnce {
		asking.Go(func() {
			for time.Since(begin) < l.For && ctx.Err() == nil {
				sum.add(b.one(ctx, l.desk, patient))
			}
		})
	}
	asking.Wait()
	return sum.bind(time.Since(begin)), ctx.Err()
}

// one asks one request, from asking to its closing.
func (b *buyers) one(ctx context.Context, d desk, want wish) (course, error) {
	one, err := b.take(ctx, d)
	if err != nil {
		return course{}, err
	}
	c, err := one.match(ctx, want)
	b.give(one, err)
	return c, err
}

// sheaf collects how requests went.
type sheaf struct {
	mu                         sync.Mutex
	first, whole, late, behind []time.Duration
	harvest
}

func (s *sheaf) add(c course, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.Failed++
		if s.Failure == "" {
			s.Failure = err.Error()
		}
		return
	}
	s.Matches++
	s.Answers += c.offers
	if c.offers > 0 {
		s.first = append(s.first, c.first)
	}
	if c.enough {
		s.Enough++
		s.whole = append(s.whole, c.whole)
	} else {
		s.late = append(s.late, c.late)
	}
	s.behind = append(s.behind, c.behind)
}

// bind is the harvest.
func (s *sheaf) bind(took time.Duration) harvest {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Seconds = took.Seconds()
	s.First, s.Whole, s.Late, s.Behind = spreadOf(s.first), spreadOf(s.whole), spreadOf(s.late), spreadOf(s.behind)
	return s.harvest
}
