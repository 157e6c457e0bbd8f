package learning_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"outcry"
	"outcry/matching/learning"
	"outcry/policy"
)

// noon is when every request of these tests is made.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const (
	bread = outcry.Code("osm:shop=bakery")
	never = -1.0 // no answer at all
	no    = -2.0 // a decline, at once
)

// answer is what a shop does with its call: after how many seconds it offers, or
// never or no, and at which price.
type answer struct {
	shop  string
	after float64
	price int64
	taken bool // back, after the offer
}

// city is a ledger with what it is taught by.
type city struct {
	*learning.Ledger
	rules policy.Policy
	shops map[string]outcry.Shop // those not in here are of level 2 and answered by people
	seq   int64
}

func newCity() *city {
	c := &city{rules: policy.Default(), shops: map[string]outcry.Shop{}}
	c.Ledger = learning.New(func() *policy.Policy { return &c.rules })
	return c
}

func (c *city) shop(id string) (outcry.Shop, bool) {
	if s, ok := c.shops[id]; ok {
		return s, true
	}
	return outcry.Shop{ID: id, PriceLevel: 2, Answers: outcry.ByPerson}, true
}

// held says that every shop holds the code it was asked for.
func held(_ string, asked outcry.Code) outcry.Code { return asked }

// seconds is a time after noon.
func seconds(s float64) time.Time { return noon.Add(time.Duration(s * float64(time.Second))) }

// request is closed after so many seconds; all shops were called at noon, and
// what would have come later never came.
type request struct {
	code     outcry.Code
	currency string
	quantity int
	closed   float64
	reason   outcry.ClosedReason
}

// board is the request with its answers.
func (q request) board(answers ...answer) *outcry.Board {
	b := outcry.NewBoard(outcry.Request{ID: "req_1", State: outcry.RequestOpen, Ask: outcry.Ask{Code: q.code, Quantity: q.quantity}})
	wave := &outcry.Wave{N: 1}
	for i, a := range answers {
		wave.Calls = append(wave.Calls, outcry.Called{N: i, Shop: a.shop})
	}
	b.Apply(outcry.Event{Kind: outcry.EventCalled, At: noon, Wave: wave})
	for i, a := range answers {
		if a.after == no {
			b.Apply(outcry.Event{Kind: outcry.EventDeclined, At: noon, Shop: a.shop, Decline: &outcry.Decline{Call: i}})
		}
		if a.after < 0 || a.after > q.closed {
			continue
		}
		o := outcry.Offer{Call: i, Version: 1, At: seconds(a.after), First: seconds(a.after), Bid: outcry.Bid{
			Price: outcry.Money{Amount: a.price, Currency: q.currency},
		}}
		b.Apply(outcry.Event{Kind: outcry.EventOffer, At: o.At, Shop: a.shop, Offer: &o})
		if a.taken {
			back := o
			back.Version, back.At = 2, seconds(q.closed)
			b.Apply(outcry.Event{Kind: outcry.EventOfferWithdrawn, At: back.At, Shop: a.shop, Offer: &back})
		}
	}
	b.Apply(outcry.Event{Kind: outcry.EventClosed, At: seconds(q.closed), Closing: &outcry.Closing{Reason: q.reason}})
	return b
}

// asks is a request for bread in pounds that is open for a minute.
var asks = request{code: bread, currency: "GBP", quantity: 1, closed: 60, reason: outcry.ClosedDeadline}

// teach gives the next lesson.
func (c *city) teach(q request, answers ...answer) []string {
	c.seq++
	return c.Close(q.board(answers...), c.seq, c.shop, held)
}

// figures are those of a shop.
func (c *city) figures(id string) outcry.Figures {
	s, _ := c.shop(id)
	return c.Figures(id, s)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.4f, want %.4f within %v", what, got, want, within)
	}
}

func dice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }
