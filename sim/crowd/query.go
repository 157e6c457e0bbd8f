package crowd

import (
	"math"
	"math/rand/v2"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

// Wanted is how many shops a query is for.
const Wanted = 20

// The queries.
const (
	widened = 0.1 // are for the code above the one drawn
	askNow  = 0.6 // by day
	needing = 0.3
	patient = 0.2 // end in an hour
	// near is how far from a shop a query is asked, in metres, as a standard
	// deviation each way.
	near = 2000
)

// Query is query number i, from 0, under a policy. They are asked one a
// hundredth of a second. Its lists are shared, and not to be changed.
func (c *Crowd) Query(i int, p *policy.Policy) selection.Query {
	r := dice(c.seed, "query", i)
	at := c.world.spot(r)
	now := Now.Add(time.Duration(i) * 10 * time.Millisecond)
	q := selection.Query{
		Codes: c.tree.means[c.tree.asked(r)], Place: moved(at.place, near*r.NormFloat64(), near*r.NormFloat64()),
		RadiusM: int(1000 * math.Exp(r.Float64()*math.Log(10))), Now: now, Policy: p,
	}
	q.When = at.country.needed(r, now)
	q.Deadline = now.Add(time.Duration(20+r.IntN(101)) * time.Second)
	if r.Float64() < patient {
		q.Deadline = now.Add(time.Hour)
	}
	if r.Float64() < needing {
		at.country.need(r, &q)
	}
	return q
}

// asked draws the code that is asked for.
func (t *tree) asked(r *rand.Rand) int {
	code := t.popular.draw(r)
	if up := t.parent[code]; up >= 0 && r.Float64() < widened {
		return up
	}
	return code
}

// needed draws when the shop must be open: now, or at a quarter of an hour by
// day within the next three days.
func (c *country) needed(r *rand.Rand, now time.Time) time.Time {
	local := now.In(c.clock)
	if h := local.Hour(); h >= 8 && h < 21 && r.Float64() < askNow {
		return now
	}
	day := local.AddDate(0, 0, 1+r.IntN(3))
	return time.Date(day.Year(), day.Month(), day.Day(), 9+r.IntN(11), 15*r.IntN(4), 0, 0, local.Location())
}

// need gives a query one need, or two.
func (c *country) need(r *rand.Rand, q *selection.Query) {
	for range 1 + r.IntN(2) {
		switch r.IntN(4) {
		case 0:
			q.MostPrice = 0.9 + 0.3*r.Float64()
		case 1:
			q.Languages = []string{c.language}
			if r.Float64() < 0.5 {
				q.Languages = []string{languages[r.IntN(len(languages))], languages[r.IntN(len(languages))]}
			}
		case 2:
			q.Needs = []outcry.Capability{outcry.Capabilities[r.IntN(len(outcry.Capabilities))]}
		default:
			q.LeastRating = 3.5 + 0.25*float64(r.IntN(3))
		}
	}
}
