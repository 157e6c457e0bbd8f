package rush

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// atOnce is how many connections are opened side by side.
const atOnce = 64

// shops is the side of the shops: it connects them and answers each call at once
// with an offer.
type shops struct {
	connected, heard, said, taken, refused, lost atomic.Int64

	ears
	listening sync.WaitGroup
	leaving   atomic.Bool

	mu      sync.Mutex
	open    []net.Conn
	problem string // the first one
}

// crew says which shops are connected.
type crew struct {
	Address string `json:"address"`
	Town    town   `json:"town"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	Over    string `json:"over"`
}

func (s *shops) deeds() deeds {
	return deeds{"connect": deed(s.connect), "hook": deed(s.hook), "tally": s.tally}
}

// connect connects shops, each of which hears the server's greeting before it is
// over.
func (s *shops) connect(ctx context.Context, c crew) (any, error) {
	var g errgroup.Group
	g.SetLimit(atOnce)
	for i := c.From; i < c.To; i++ {
		g.Go(func() error {
			if err := s.enter(ctx, c, i); err != nil {
				return fmt.Errorf("connect shop %d: %w", i, err)
			}
			return nil
		})
	}
	return nil, g.Wait()
}

// enter connects one shop.
func (s *shops) enter(ctx context.Context, c crew, i int) error {
	p, err := dial(ctx, c.Address, i)
	if err != nil {
		return err
	}
	s.keep(p.Conn)
	seller := &seller{
		shops: s, key: c.Town.shopKey(i), chance: rand.New(rand.NewPCG(c.Town.Seed, uint64(i))), //nolint:gosec // seeded, no secret
	}
	listen := seller.overHTTP
	if c.Over == OverLine {
		listen = seller.overLine
	}
	hear, err := listen(ctx, p, c, i)
	if err != nil {
		return err
	}
	s.connected.Add(1)
	s.listening.Go(func() {
		if err := hear(); err != nil && !s.leaving.Load() {
			s.complain(err.Error())
			s.lost.Add(1)
		}
	})
	return nil
}

// keep notes a connection, to close it in the end.
func (s *shops) keep(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, c)
}

// complain notes the first problem.
func (s *shops) complain(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.problem == "" {
		s.problem = what
	}
}

// tally is what the shops have heard and said so far.
func (s *shops) tally(context.Context, json.RawMessage) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Tally{
		Connected: int(s.connected.Load()), Heard: int(s.heard.Load()), Said: int(s.said.Load()), Taken: int(s.taken.Load()),
		Refused: int(s.refused.Load()), Lost: int(s.lost.Load()), Problem: s.problem,
	}, nil
}

func (s *shops) close() error {
	s.leaving.Store(true)
	s.mu.Lock()
	var err error
	if s.listener != nil {
		err = s.listener.Close()
	}
	for _, c := range s.open {
		err = errors.Join(err, c.Close())
	}
	s.mu.Unlock()
	s.listening.Wait()
	return err
}

// seller answers for one shop. It is for one goroutine.
type seller struct {
	*shops
	key    string
	chance *rand.Rand
	out    []byte // what is to be said
}

// hearing hears until the connection ends.
type hearing func() error

// overHTTP hears calls as server-sent events and posts each offer on a second
// connection.
func (s *seller) overHTTP(ctx context.Context, p *pipe, c crew, i int) (hearing, error) {
	news, err := follow(p, "/v1/shops/"+c.Town.shop(i)+"/events", s.key)
	if err != nil {
		return nil, err
	}
	what, _, err := news.next()
	if err == nil && what != helloEvent {
		err = errAnswer
	}
	if err != nil {
		return nil, fmt.Errorf("hear the hello: %w", err)
	}
	var post *pipe
	return func() (err error) {
		for {
			what, data, err := news.next()
			if err != nil {
				return err
			}
			if what != callEvent {
				continue
			}
			s.heard.Add(1)
			if post == nil {
				if post, err = dial(ctx, c.Address, i); err != nil {
					return err
				}
				s.keep(post.Conn)
			}
			if err := s.post(post, string(member(data, `"id":"`))); err != nil {
				return err
			}
		}
	}, nil
}

// post posts an offer to a call.
func (s *seller) post(p *pipe, call string) error {
	s.said.Add(1)
	s.out = append(s.price(append(s.out[:0], '{')), '}')
	status, text, err := p.ask(letter{method: http.MethodPost, path: "/v1/calls/" + call + "/offer", key: s.key, body: s.out})
	switch {
	case err != nil:
		return err
	case status == http.StatusCreated:
		s.taken.Add(1)
	default:
		s.complain(fmt.Sprintf("%d %s", status, text))
		s.refused.Add(1)
	}
	return nil
}

// price adds a price from 2.00 to 5.00.
func (s *seller) price(b []byte) []byte {
	b = append(b, `"price":{"amount":`...)
	b = strconv.AppendInt(b, 200+s.chance.Int64N(301), 10)
	return append(b, `,"currency":"GBP"}`...)
}
