package matching

import (
	"math"
	"slices"
	"time"

	"outcry"
)

// Course is what one request came to.
type Course struct {
	Calls int
	// Offers counts those that stood when the request closed.
	Offers int
	// Best is the lowest price among them; the zero Money where none has one.
	Best outcry.Money
	// First and Third are when the first and the third of them had come, after
	// the request; 0 where there are fewer.
	First, Third time.Duration
	// Drawn counts the calls that were answered by chance.
	Drawn int
}

// Difference is a request and what it came to.
type Difference struct {
	Request                string
	Code                   outcry.Code
	Created                time.Time
	Wanted                 int // offers
	Was, Present, Proposed Course
}

// courseOf is what a board came to; prices of other currencies do not count.
func courseOf(b *outcry.Board, currency string) Course {
	course := Course{Calls: len(b.Calls)}
	var came []time.Duration
	for _, c := range b.Calls {
		if b.CallState(c) != outcry.CallOffered {
			continue
		}
		came = append(came, c.Offer.First.Sub(b.Request.Created))
		price := c.Offer.Price
		if price.Amount > 0 && price.Currency == currency && (course.Best.Amount == 0 || price.Amount < course.Best.Amount) {
			course.Best = price
		}
	}
	slices.Sort(came)
	if course.Offers = len(came); course.Offers > 0 {
		course.First = came[0]
	}
	if course.Offers > 2 {
		course.Third = came[2]
	}
	return course
}

// same says whether two courses differ in nothing that is told.
func (c Course) same(d Course) bool {
	return c.Calls == d.Calls && c.Offers == d.Offers && c.Best == d.Best && c.First == d.First && c.Third == d.Third
}

// against is the best price against that of another course; ok is false where
// one of them has none.
func (c Course) against(d Course) (ratio float64, ok bool) {
	if c.Best.Amount == 0 || d.Best.Amount == 0 {
		return 0, false
	}
	return float64(c.Best.Amount) / float64(d.Best.Amount), true
}

// size is how far the two policies' courses are apart: the sum of what they
// differ by in calls and offers, each as a share of the larger number, and in the
// best price, as a share of the present one.
func (d *Difference) size() float64 {
	apart := func(a, b int) float64 { return math.Abs(float64(a-b)) / float64(max(1, a, b)) }
	size := apart(d.Present.Calls, d.Proposed.Calls) + apart(d.Present.Offers, d.Proposed.Offers)
	if ratio, ok := d.Proposed.against(d.Present); ok {
		size += math.Abs(ratio - 1)
	}
	return size
}

// Outcome is what requests came to, all together.
type Outcome struct {
	Calls, Offers int
	// Got counts the requests that got as many offers as they wanted.
	Got int
	// Price is the mean of the best price against that of the policy in force
	// replayed, over the Priced requests that have both; 0 where there are none.
	Price  float64
	Priced int
	// First and Third are the medians of when the first and the third offer had
	// come, of requests that have so many; 0 where there are none.
	First, Third time.Duration
	// Drawn counts the calls that were answered by chance.
	Drawn int
}

// tally sums up courses.
type tally struct {
	Outcome
	ratios       float64
	first, third []time.Duration
}

func (t *tally) add(c, present Course, wanted int) {
	t.Calls, t.Offers, t.Drawn = t.Calls+c.Calls, t.Offers+c.Offers, t.Drawn+c.Drawn
	if c.Offers >= wanted {
		t.Got++
	}
	if ratio, ok := c.against(present); ok {
		t.ratios += ratio
		t.Priced++
	}
	if c.Offers > 0 {
		t.first = append(t.first, c.First)
	}
	if c.Offers > 2 {
		t.third = append(t.third, c.Third)
	}
}

// told is the sum.
func (t *tally) told() Outcome {
	o := t.Outcome
	if o.Priced > 0 {
		o.Price = t.ratios / float64(o.Priced)
	}
	o.First, o.Third = middle(t.first), middle(t.third)
	return o
}

// middle is the median; it sorts what it is given.
func middle(d []time.Duration) time.Duration {
	n := len(d)
	if n == 0 {
		return 0
	}
	slices.Sort(d)
	return (d[(n-1)/2] + d[n/2]) / 2
}

// take takes down what came of a request.
func (r *replaying) take(d Difference) {
	r.was.add(d.Was, d.Present, d.Wanted)
	r.now.add(d.Present, d.Present, d.Wanted)
	r.then.add(d.Proposed, d.Present, d.Wanted)
	if d.Present.same(d.Proposed) {
		return
	}
	r.result.Changed++
	biggest := r.result.Biggest
	at := len(biggest)
	for at > 0 && biggest[at-1].size() < d.size() {
		at--
	}
	biggest = slices.Insert(biggest, at, d)
	r.result.Biggest = biggest[:min(len(biggest), ReplayBiggest)]
}

// told is the replay as a whole.
func (r *replaying) told() Replay {
	r.result.Was, r.result.Present, r.result.Proposed = r.was.told(), r.now.told(), r.then.told()
	return r.result
}
