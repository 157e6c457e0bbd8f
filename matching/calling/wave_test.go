package calling_test

import (
	"crypto/rand"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
	"outcry/matching/calling"
	"outcry/policy"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// half is a chance at which every shop answers.
func half(string) float64 { return 0.5 }

func after(seconds float64) time.Time { return noon.Add(policy.Seconds(seconds)) }

// desk is a request of 30 seconds for two offers, and what happens to it.
type desk struct{ *outcry.Board }

func asked() desk {
	return desk{outcry.NewBoard(outcry.Request{
		ID: outcry.NewID(outcry.RequestPrefix, noon, rand.Reader), Buyer: "mem_a", Accepts: 1,
		State: outcry.RequestOpen, Created: noon,
		Ask: outcry.Ask{Code: "osm:shop=bakery", Quantity: 1, Deadline: after(30), Wanted: 2, RadiusM: 3000,
			Place: outcry.Place{Lat: 55.95331, Lon: -3.18127}},
	})}
}

// calls has n more shops called.
func (d desk) calls(n int, at time.Time) desk {
	wave := &outcry.Wave{N: d.Waves + 1}
	for i := range n {
		number := len(d.Calls) + i
		wave.Calls = append(wave.Calls, outcry.Called{N: number, Shop: fmt.Sprintf("shop_%d", number)})
	}
	d.Apply(outcry.Event{At: at, Kind: outcry.EventCalled, Wave: wave})
	return d
}

// offers has the shop of a call offer until validUntil.
func (d desk) offers(n int, validUntil time.Time) desk {
	d.Apply(outcry.Event{Kind: outcry.EventOffer, Offer: &outcry.Offer{
		ID: outcry.OfferID(d.Request.ID, n), Call: n, Version: 1,
		Bid: outcry.Bid{Price: outcry.Money{Amount: 300, Currency: "GBP"}, ValidUntil: validUntil},
	}})
	return d
}

func (d desk) declines(n int) desk {
	d.Apply(outcry.Event{Kind: outcry.EventDeclined, Decline: &outcry.Decline{Call: n}})
	return d
}

func (d desk) closed(reason outcry.ClosedReason, at time.Time) desk {
	d.Apply(outcry.Event{At: at, Kind: outcry.EventClosed, Closing: &outcry.Closing{Reason: reason}})
	return d
}

func (d desk) orders(n int, state outcry.OrderState) desk {
	d.Apply(outcry.Event{Kind: outcry.EventOrder, Order: &outcry.OrderStep{
		Order: "ord_1", Offer: outcry.OfferID(d.Request.ID, n), State: state,
	}})
	return d
}

// rules call 1.6 times what is wanted at wave ends (10 s, 20 s), 1.3 times
// between; silence tells nothing unless a test says so.
func rules() policy.Waves {
	w := policy.Default().Waves
	w.HalfLifeS = 1e9
	return w
}

func TestLook_SaysWhenMoreShopsAreCalled(t *testing.T) {
	t.Parallel()
	valid := after(1000)
	for name, c := range map[string]struct {
		desk    desk
		now     float64 // seconds after the request
		change  func(*policy.Waves)
		answers float64
		most    int
	}{
		"at the start":                        {asked(), 0, nil, 3.2, 80},
		"with enough expected":                {asked().calls(6, noon), 1, nil, 0, 74},
		"below the trigger between waves":     {asked().calls(5, noon), 1, nil, 0.7, 75},
		"a decline lowers what is expected":   {asked().calls(6, noon).declines(0), 1, nil, 0.7, 74},
		"an offer counts whole":               {asked().calls(5, noon).offers(0, valid), 1, nil, 0, 75},
		"an expired offer does not count":     {asked().calls(5, noon).offers(0, noon), 1, nil, 1.2, 75},
		"just before the first wave's end":    {asked().calls(6, noon), 9.999, nil, 0, 74},
		"at the first wave's end":             {asked().calls(6, noon), 10, nil, 0.2, 74},
		"called again after that end":         {asked().calls(5, noon).calls(1, after(10)), 11, nil, 0, 74},
		"at the second wave's end":            {asked().calls(5, noon).calls(1, after(10)), 20, nil, 0.2, 74},
		"at an end, with more than enough":    {asked().calls(7, noon), 10, nil, -0.3, 73},
		"silent for long":                     {asked().calls(6, noon), 5, func(w *policy.Waves) { w.HalfLifeS = 0.01 }, 3.2, 74},
		"just before nobody is called":        {asked().calls(5, noon), 28.499, nil, 0.7, 75},
		"when nobody is called any more":      {asked().calls(5, noon), 28.5, nil, 0, 75},
		"the first wave also late":            {asked(), 29.999, nil, 3.2, 80},
		"never at the deadline":               {asked(), 30, nil, 0, 80},
		"never after it":                      {asked(), 31, nil, 0, 80},
		"at the cap":                          {asked().calls(5, noon), 1, func(w *policy.Waves) { w.MostCalls = 5 }, 0, 0},
		"over a cap that was lowered":         {asked().calls(5, noon), 10, func(w *policy.Waves) { w.MostCalls = 3 }, 0, -2},
		"one below the cap":                   {asked().calls(5, noon), 1, func(w *policy.Waves) { w.MostCalls = 6 }, 0.7, 1},
		"never more than a request can count": {asked(), 0, func(w *policy.Waves) { w.MostCalls = 5000 }, 3.2, outcry.MaxCalls},
		"closed":                              {asked().calls(1, noon).closed(outcry.ClosedWithdrawn, after(1)), 2, nil, 0, 79},
	} {
		w := rules()
		if c.change != nil {
			c.change(&w)
		}
		plan := calling.Look(c.desk.Board, after(c.now), w, half)
		if math.Abs(plan.Answers-c.answers) > 1e-6 || plan.Most != c.most {
			t.Errorf("%s: call for %.3f answers, at most %d; want %.3f, %d", name, plan.Answers, plan.Most, c.answers, c.most)
		}
	}
}

func TestLook_AgainATickLaterAtTheLatestAtTheDeadline(t *testing.T) {
	t.Parallel()
	long := asked()
	long.Request.Deadline = noon.Add(30 * 24 * time.Hour)
	for name, c := range map[string]struct {
		desk desk
		now  float64
		want time.Time
	}{
		"a tick":                       {asked(), 3, after(4)},
		"the deadline before the tick": {asked(), 29.5, after(30)},
		"long after the deadline":      {asked(), 300, after(30)},
		"a thousandth of a month":      {long, 0, after(30 * 24 * 3.6)},
	} {
		if got := calling.Look(c.desk.Board, after(c.now), rules(), half).Next; !got.Equal(c.want) {
			t.Errorf("%s: look again at %v, want %v", name, got.Sub(noon), c.want.Sub(noon))
		}
	}
}

func TestExpected_FallsWithSilenceByBayesRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := rules()
		w.HalfLifeS = rapid.Float64Range(0.1, 100).Draw(t, "half-life")
		chances := map[string]float64{}
		d := asked()
		silent := rapid.IntRange(0, 8).Draw(t, "silent")
		d.calls(silent+2, noon).offers(silent, after(1000)).declines(silent + 1)
		for i := range silent {
			chances[fmt.Sprintf("shop_%d", i)] = rapid.Float64Range(0.01, 0.99).Draw(t, "chance")
		}
		chance := func(shop string) float64 { return chances[shop] }
		at := rapid.Float64Range(0, 20).Draw(t, "silence")
		want := 1.0 // the offer; the decline counts nothing
		for _, c := range chances {
			later := math.Pow(0.5, at/w.HalfLifeS)
			want += c * later / (c*later + (1 - c))
		}
		got := calling.Expected(d.Board, after(at), w, chance)
		if math.Abs(got-want) > 1e-5 {
			t.Fatalf("%v after %v s, want %v", got, at, want)
		}
		if later := calling.Expected(d.Board, after(at+5), w, chance); later > got || silent > 0 && later == got && got > 1.001 {
			t.Fatalf("%v after %v s, %v five seconds later: silence raised it", got, at, later)
		}
	})
}

func TestExpected_Figures(t *testing.T) {
	t.Parallel()
	w := rules()
	w.HalfLifeS = 4
	d := asked().calls(1, noon)
	for seconds, want := range map[float64]float64{0: 0.5, 4: 1. / 3, 8: 0.2, 12: 1. / 9} {
		if got := calling.Expected(d.Board, after(seconds), w, half); math.Abs(got-want) > 1e-6 {
			t.Errorf("after %v s: %v, want %v", seconds, got, want)
		}
	}
	sure := func(string) float64 { return 1 }
	if got := calling.Expected(d.Board, after(12), w, sure); math.Abs(got-1) > 1e-6 {
		t.Errorf("who always answers still will: %v, want 1", got)
	}
}

func TestFill_TakesTheBestUntilTheirChancesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := asked().calls(3, noon)
		var candidates []outcry.Candidate
		for i := range rapid.IntRange(0, 10).Draw(t, "candidates") {
			candidates = append(candidates, outcry.Candidate{
				Shop: fmt.Sprintf("new_%d", i), DistanceM: 10.6, Score: float64(100 - i),
				Chance: rapid.Float64Range(0.01, 1).Draw(t, "chance"), Parts: []outcry.Part{{Name: "near", Points: float64(i)}},
			})
		}
		plan := calling.Plan{
			Answers: rapid.Float64Range(-1, 5).Draw(t, "answers"), Most: rapid.IntRange(-1, 8).Draw(t, "most"),
		}
		wave := calling.Fill(d.Board, plan, candidates)
		if wave == nil {
			if plan.Answers > 0 && plan.Most > 0 && len(candidates) > 0 {
				t.Fatalf("nobody of %d is called for %+v", len(candidates), plan)
			}
			return
		}
		sum, last := 0.0, 0.0
		for i, c := range wave.Calls {
			last = candidates[i].Chance
			sum += last
			if c.Shop != candidates[i].Shop || c.N != 3+i || c.DistanceM != 11 || c.Score != candidates[i].Score || c.Parts[0].Points != float64(i) {
				t.Fatalf("call %d is %+v, want that of %+v", i, c, candidates[i])
			}
		}
		if sum-last >= plan.Answers || len(wave.Calls) > plan.Most || wave.N != 2 {
			t.Fatalf("wave %d of %d for %v answers, %v already without the last", wave.N, len(wave.Calls), plan.Answers, sum-last)
		}
		if sum < plan.Answers && len(wave.Calls) < min(plan.Most, len(candidates)) {
			t.Fatalf("%d called for %v answers of %v; there were more", len(wave.Calls), sum, plan.Answers)
		}
	})
}

func TestDue_SaysWhetherAndWhyARequestCloses(t *testing.T) {
	t.Parallel()
	valid := after(1000)
	for name, c := range map[string]struct {
		desk desk
		now  float64
		want outcry.ClosedReason
	}{
		"nothing yet":                          {asked().calls(3, noon), 29.999, ""},
		"one of two offers":                    {asked().calls(3, noon).offers(0, valid), 1, ""},
		"as many offers as wanted":             {asked().calls(3, noon).offers(0, valid).offers(2, valid), 1, outcry.ClosedEnough},
		"one of them has expired":              {asked().calls(3, noon).offers(0, after(1)).offers(2, valid), 1, ""},
		"time is up and nobody was called":     {asked(), 30, outcry.ClosedNobody},
		"time is up and nobody offered":        {asked().calls(2, noon).declines(1), 30, outcry.ClosedNobody},
		"time is up with an offer":             {asked().calls(2, noon).offers(1, valid), 30, outcry.ClosedDeadline},
		"time is up with an expired offer":     {asked().calls(2, noon).offers(1, after(2)), 30, outcry.ClosedDeadline},
		"accepted":                             {asked().calls(2, noon).offers(1, valid).orders(1, outcry.OrderPlaced), 1, outcry.ClosedAccepted},
		"accepted as time is up":               {asked().calls(2, noon).offers(1, valid).orders(1, outcry.OrderPlaced), 30, outcry.ClosedAccepted},
		"its one order was refused":            {asked().calls(2, noon).offers(1, valid).orders(1, outcry.OrderPlaced).orders(1, outcry.OrderRefused), 1, ""},
		"closed already":                       {asked().calls(2, noon).offers(1, valid).closed(outcry.ClosedWithdrawn, after(1)), 30, ""},
		"enough, seen first after the time is": {asked().calls(2, noon).offers(0, valid).offers(1, valid), 30, outcry.ClosedEnough},
	} {
		got, due := calling.Due(c.desk.Board, after(c.now))
		if got != c.want || due != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, got, due, c.want)
		}
	}
}
