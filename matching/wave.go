package matching

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/matching/selection"
	"outcry/policy"
)

// look decides whether the request needs more shops now.
func (t *turn) look() calling.Plan {
	return calling.Look(t.board, t.now, &t.rules.Policy.Waves, t.load, t.m.outlook)
}

// outlook is a shop's chance of an offer, by the time after its call.
func (m *Market) outlook(shop string) outcry.Curve {
	known, _ := m.Shops.Shop(shop)
	return m.Learning.Figures(shop, known).Offers
}

// query is what a request needs of shops at that moment, by the rules.
func (m *Market) query(request outcry.Request, now time.Time, rules *policy.Branched) selection.Query {
	q := selection.Query{
		Codes: m.Tree.Around(request.Code), Place: request.Place, RadiusM: request.RadiusM,
		When: request.When(now), Now: now, Deadline: request.Deadline,
		Languages: request.Languages, Needs: request.Needs, LeastRating: request.LeastRating, Policy: rules.Policy, Idle: m.shadow,
	}
	slack := rules.Policy.Selecting.BudgetSlack
	if b := request.Budget; b != nil && slack > 0 {
		if usual, ok := m.Learning.Usual(request.Code, b.Currency); ok && usual > 0 {
			q.MostPrice = float64(b.Amount) * slack / (usual * float64(max(1, request.Quantity)))
		}
	}
	return q
}

// pick makes the next wave: the best shops, and with the policy's share of the
// calls newcomers or shops drawn by chance, until the offers to be expected are
// as many as the plan asks for. Each shop taken holds an open call.
func (t *turn) pick(plan calling.Plan) *outcry.Wave {
	p := picking{turn: t, plan: plan, q: t.m.query(t.board.Request, t.now, t.rules), tried: map[string]bool{}}
	p.q.Until = plan.Until
	p.q.Skip = func(shop string) bool { return p.tried[shop] || t.board.Called(shop) != nil }
	p.chance = rand.New(rand.NewPCG(seedOf(t.request), uint64(len(t.board.Calls)))) //nolint:gosec // repeatable, and no secret
	p.wave = outcry.Wave{N: t.board.Waves + 1}
	p.fill()
	if len(p.wave.Calls) == 0 {
		return nil
	}
	return &p.wave
}

// seedOf makes chance depend on the request alone, so that it can be told again.
func seedOf(request string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(request)) // it never fails
	return h.Sum64()
}

// picking is a wave being filled.
type picking struct {
	*turn
	plan   calling.Plan
	q      selection.Query
	tried  map[string]bool
	chance *rand.Rand
	wave   outcry.Wave
	sum    float64               // expected offers of the wave
	spare  []selection.Candidate // those drawn to explore with
	drawn  bool
	busy   float64 // share of the shops in question at their limits
	pool   int     // shops that might be called for the request, those that were included
}

// fill goes through the best candidates, more and more of them, until the wave
// is full or there are none.
func (p *picking) fill() {
	for most := p.guess(); !p.full(); most *= 2 {
		best, tally := p.best(most)
		if looked := tally.Free + tally.AtLimit; looked > 0 {
			p.busy = float64(tally.AtLimit) / float64(looked)
			p.press() // under a load fewer are called
		}
		for i := range best {
			if p.full() {
				return
			}
			p.explore()
			p.take(&best[i], false)
		}
		if len(best) < most {
			return
		}
	}
}

// guess is how many candidates a wave is likely to need.
func (p *picking) guess() int {
	return min(p.plan.Most, 8+int(3*p.plan.Answers))
}

// full says whether the wave has what the plan asks for.
func (p *picking) full() bool {
	return p.sum >= p.plan.Answers || len(p.wave.Calls) >= p.plan.Most
}

// best are the best candidates that were not tried yet; where the operator has
// rules of its own, the best by those of the ones that it considers.
func (p *picking) best(most int) ([]selection.Candidate, selection.Tally) {
	if p.rules.Plain() {
		return p.m.Shops.Select(&p.q, most, nil)
	}
	considered, tally := p.m.Shops.Select(&p.q, max(most, p.rules.Policy.Score.Consider), nil)
	fit := considered[:0]
	for _, c := range considered {
		if ok, _, _ := p.m.judge(&c, p.board.Request, p.rules); ok {
			fit = append(fit, c)
		} else {
			p.tried[c.Shop] = true
		}
	}
	slices.SortFunc(fit, selection.Compare)
	if len(considered) >= most && len(fit) < most {
		return fit, tally // more may fit among those behind them
	}
	return fit[:min(most, len(fit))], tally
}

// explore gives the next slot, with the policy's chance, to a newcomer, or to
// any shop where there is none.
func (p *picking) explore() {
	if p.chance.Float64() >= p.rules.Policy.Exploring.Share {
		return
	}
	if !p.drawn {
		p.drawn = true
		n := 1 + int(math.Ceil(2*p.rules.Policy.Exploring.Share*float64(p.guess())))
		p.spare = p.m.Shops.Explore(&p.q, p.chance, n, true, nil)
		if len(p.spare) < n {
			p.spare = p.m.Shops.Explore(&p.q, p.chance, n, false, p.spare)
		}
	}
	for len(p.spare) > 0 {
		c := p.spare[0]
		p.spare = p.spare[1:]
		if ok, _, _ := p.m.judge(&c, p.board.Request, p.rules); ok && p.take(&c, true) {
			return
		}
	}
}

// take calls a shop in the wave, where it still may be called.
func (p *picking) take(c *selection.Candidate, drawn bool) bool {
	if p.full() || p.tried[c.Shop] {
		return false
	}
	p.tried[c.Shop] = true
	if !p.m.shadow {
		if !p.m.Shops.Hold(c.Shop, p.now, &p.rules.Policy.Limits) {
			return false
		}
		p.open[c.Shop] = p.now
	}
	p.sum += c.Chance
	p.wave.Calls = append(p.wave.Calls, c.Called(len(p.board.Calls)+len(p.wave.Calls), drawn))
	p.press()
	return true
}

// mostCounted is how far the shops are counted that might be called: where there
// are more, what a request calls is few of them.
const mostCounted = 200

// press lets the wave ask for less the fewer shops are left to call.
func (p *picking) press() {
	called := len(p.board.Calls) + len(p.wave.Calls)
	if p.pool == 0 {
		p.pool = called + p.m.Shops.Count(&p.q, mostCounted)
	}
	p.load = max(p.busy, float64(called)/float64(max(1, p.pool)))
	p.plan = p.plan.Under(p.load, p.board.Request.Wanted, &p.rules.Policy.Waves)
}
