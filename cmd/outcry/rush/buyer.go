package rush

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// buyer asks, one request at a time.
type buyer struct {
	*pipe
	desk
	n   int
	key string
}

// wish is what a buyer wants.
type wish struct {
	body []byte
	// hopeless: more offers are wanted than come, so that it closes at its deadline.
	hopeless bool
}

// The wishes: one that closes as soon as all shops have offered, one that never
// has enough and closes after 1.5 seconds, and one that stays open.
var (
	patient  = wish{body: asking(60, called)}
	hopeless = wish{body: asking(1.5, called+10), hopeless: true}
	endless  = wish{body: asking(3600, called+10)}
)

// asking is the body of a request.
func asking(deadlineS float64, wanted int) []byte {
	return fmt.Appendf(nil, `{"code":%q,"place":{"lat":%g,"lon":%g},"radius_m":%d,"deadline_s":%g,"wanted_offers":%d}`,
		signal, middle.Lat, middle.Lon, radius, deadlineS, wanted)
}

// course is how a request went.
type course struct {
	offers       int
	first, whole time.Duration // from sending it
	late         time.Duration // from its deadline to hearing of its closing
	behind       time.Duration // from when it was to be sent until it was
	enough       bool
}

var (
	errTwice = errors.New("an offer came twice on a board")
	errEnd   = errors.New("a request closed for another reason than was to be expected")
)

// request asks, and gives the request's id and deadline.
func (b *buyer) request(want wish) (id string, deadline time.Time, err error) {
	text, err := b.must(http.StatusCreated, letter{method: http.MethodPost, path: "/v1/requests", key: b.key, body: want.body})
	if err != nil {
		return "", deadline, err
	}
	id = string(member(text, `"id":"`))
	if deadline, err = time.Parse(time.RFC3339, string(member(text, `"deadline":"`))); err != nil || id == "" {
		return "", deadline, errAnswer
	}
	return id, deadline, nil
}

// match asks and follows the board until the request closes.
func (b *buyer) match(ctx context.Context, want wish) (c course, err error) {
	sent := time.Now()
	id, deadline, err := b.request(want)
	if err != nil {
		return c, err
	}
	p, err := dial(ctx, b.Address, b.n)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	board, err := follow(p, "/v1/requests/"+id+"/events", b.key)
	if err != nil {
		return c, err
	}
	seen := make([]string, 0, called)
	for {
		what, data, err := board.next()
		if err != nil {
			return c, fmt.Errorf("follow the board with %d offers: %w", c.offers, err)
		}
		switch what {
		case offerEvent:
			offer := string(member(data, `"id":"`))
			if slices.Contains(seen, offer) {
				return c, errTwice
			}
			if seen = append(seen, offer); c.offers == 0 {
				c.first = time.Since(sent)
			}
			c.offers++
		case closedEvent:
			return c, c.end(data, want, sent, deadline)
		}
	}
}

// end notes that the request has closed.
func (c *course) end(data []byte, want wish, sent, deadline time.Time) error {
	now := time.Now()
	c.whole, c.late = now.Sub(sent), now.Sub(deadline)
	c.enough = bytes.Contains(data, []byte(`"reason":"enough"`))
	if c.enough == want.hopeless || c.offers < called {
		return fmt.Errorf("%w: %d offers, %s", errEnd, c.offers, data)
	}
	return nil
}
