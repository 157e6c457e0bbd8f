package rush

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"

	"outcry/wire"
)

// ears is where the software of shops hears of calls by webhook: one address for
// all of them.
type ears struct {
	listener net.Listener
	address  string
}

// hook registers a webhook for each shop. Its calls are posted to this process,
// which replies with an offer.
func (s *shops) hook(ctx context.Context, c crew) (any, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for webhooks: %w", err)
	}
	s.ears = ears{l, "http://" + l.Addr().String() + "/shops/"}
	s.listening.Go(s.accept)
	p, err := dial(ctx, c.Address, 0)
	if err != nil {
		return nil, err
	}
	defer p.Close() //nolint:errcheck // nothing is under way
	for i := c.From; i < c.To; i++ {
		body, err := json.Marshal(wire.NewWebhook{URL: s.address + strconv.Itoa(i), Events: []string{wire.EventCall}})
		if err != nil {
			return nil, fmt.Errorf("write a webhook: %w", err)
		}
		_, err = p.must(http.StatusCreated, letter{
			method: http.MethodPost, path: "/v1/shops/" + c.Town.shop(i) + "/webhooks", key: c.Town.shopKey(i), body: body,
		})
		if err != nil {
			return nil, err
		}
		s.connected.Add(1)
	}
	return nil, nil
}

// accept takes connections of the server.
func (s *shops) accept() {
	for n := uint64(0); ; n++ {
		conn, err := s.listener.Accept()
		if err != nil {
			return // it is over
		}
		s.keep(conn)
		reply := &seller{shops: s, chance: rand.New(rand.NewPCG(n, 1))} //nolint:gosec // seeded, no secret
		s.listening.Go(func() {
			if err := reply.overHook(newPipe(conn)); err != nil && !errors.Is(err, io.EOF) && !s.leaving.Load() {
				s.complain(err.Error())
				s.lost.Add(1)
			}
		})
	}
}

// callBody is what the body of a call begins with.
var callBody = []byte(`{"type":"call"`)

// overHook replies to calls that come on a connection, with an offer each.
func (s *seller) overHook(p *pipe) error {
	for {
		if _, err := p.line(); err != nil {
			return err
		}
		a, err := p.fields(answer{length: -1})
		if err != nil || a.length < 0 {
			return errors.Join(errAnswer, err)
		}
		if err := p.read(a.length); err != nil {
			return err
		}
		s.out = append(s.out[:0], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "...)
		var offer []byte
		if bytes.HasPrefix(p.text, callBody) {
			s.heard.Add(1)
			s.said.Add(1)
			offer = append(s.price([]byte{'{'}), '}')
		}
		s.out = append(strconv.AppendInt(s.out, int64(len(offer)), 10), "\r\n\r\n"...)
		if err := p.SetDeadline(time.Now().Add(quiet)); err != nil {
			return err
		}
		if _, err := p.Write(append(s.out, offer...)); err != nil {
			return err
		}
	}
}
