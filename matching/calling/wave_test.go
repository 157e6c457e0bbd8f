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

// half is a shop that offers to half of its calls, evenly within ten seconds.
func half(string) outcry.Curve { return outcry.Curve{0.025, 0.05, 0.1, 0.25, 0.5, 0.5, 0.5, 0.5} }

// slow is one whose offers come after a minute: silence tells nothing.
func slow(string) outcry.Curve { return outcry.Curve{7: 1} }

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
// between.
func rules() *policy.Waves {
	w := policy.Default().Waves
	w.Margin, w.Trigger, w.LoadMargin, w.LoadFrom, w.LoadFull, w.Rest = 1.6, 1.3, 1, 0.2, 0.6, 0
	return &w
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
		"with enough expected":                {asked().calls(6, noon), 0.2, nil, 0, 74},
		"just below the trigger":              {asked().calls(6, noon), 4, nil, 3.2 - 6*0.375, 74},
		"below the trigger between waves":     {asked().calls(5, noon), 0, nil, 0.7, 75},
		"a decline lowers what is expected":   {asked().calls(6, noon).declines(0), 0, nil, 0.7, 74},
		"an offer counts whole":               {asked().calls(5, noon).offers(0, valid), 0, nil, 0, 75},
		"an expired offer does not count":     {asked().calls(5, noon).offers(0, noon), 0, nil, 1.2, 75},
		"silence to the end of the wave":      {asked().calls(6, noon), 9.999999, nil, 3.2, 74},
		"at the first wave's end":             {asked().calls(3, noon).calls(6, after(9)), 10, nil, 3.2 - 6*(0.45/0.95), 71},
		"with 1.3 expected at that end":       {asked().calls(6, after(10)), 10, nil, 0, 74},
		"called again before that end":        {asked().calls(6, after(9.9)), 10, nil, 3.2 - 6*(0.495/0.995), 74},
		"a tick after that end":               {asked().calls(6, after(9.9)), 11, nil, 0, 74},
		"at the second wave's end":            {asked().calls(6, after(19.9)), 20, nil, 3.2 - 6*(0.495/0.995), 74},
		"at an end, with more than enough":    {asked().calls(8, after(9.9)), 10, nil, 3.2 - 8*(0.495/0.995), 72},
		"just before nobody is called":        {asked().calls(5, noon), 28.499, nil, 3.2, 75},
		"when nobody is called any more":      {asked().calls(5, noon), 28.5, nil, 0, 75},
		"the first wave also late":            {asked(), 29.999, nil, 3.2, 80},
		"never at the deadline":               {asked(), 30, nil, 0, 80},
		"never after it":                      {asked(), 31, nil, 0, 80},
		"at the cap":                          {asked().calls(5, noon), 0, func(w *policy.Waves) { w.MostCalls = 5 }, 0, 0},
		"over a cap that was lowered":         {asked().calls(5, noon), 10, func(w *policy.Waves) { w.MostCalls = 3 }, 0, -2},
		"one below the cap":                   {asked().calls(5, noon), 0, func(w *policy.Waves) { w.MostCalls = 6 }, 0.7, 1},
		"never more than a request can count": {asked(), 0, func(w *policy.Waves) { w.MostCalls = 5000 }, 3.2, outcry.MaxCalls},
		"closed":                              {asked().calls(1, noon).closed(outcry.ClosedWithdrawn, after(1)), 2, nil, 0, 79},
	} {
		w := rules()
		if c.change != nil {
			c.change(w)
		}
		plan := calling.Look(c.desk.Board, after(c.now), w, 0, half)
		if math.Abs(plan.Answers-c.answers) > 1e-4 || plan.Most != c.most {
			t.Errorf("%s: call for %.4f answers, at most %d; want %.4f, %d", name, plan.Answers, plan.Most, c.answers, c.most)
		}
	}
}

func TestLook_CallsFewerUnderALoad(t *testing.T) {
	t.Parallel()
	for load, want := range map[float64]float64{0: 3.2, 0.2: 3.2, 0.4: 2.6, 0.6: 2, 1: 2} {
		if got := calling.Look(asked().Board, noon, rules(), load, half).Answers; math.Abs(got-want) > 1e-9 {
			t.Errorf("at a load of %v: call for %v answers, want %v", load, got, want)
		}
	}
	// The trigger follows: five calls let 2.5 be expected, of 1.0 * 2 that do.
	if got := calling.Look(asked().calls(5, noon).Board, noon, rules(), 1, half).Answers; got > 0 {
		t.Errorf("call for %v more at full load, want none", got)
	}
}

func TestLook_SaysUntilWhenOffersShouldBeIn(t *testing.T) {
	t.Parallel()
	for now, want := range map[float64]float64{0: 10, 9.999: 10, 10: 20, 20: 30, 29: 30, 30: 30, 40: 30} {
		if got := calling.Look(asked().Board, after(now), rules(), 0, half).Until; !got.Equal(after(want)) {
			t.Errorf("after %v s: until %v, want %v s", now, got.Sub(noon), want)
		}
	}
}

func TestLook_AgainATickLaterAtTheLatestAtTheWavesEnd(t *testing.T) {
	t.Parallel()
	long := asked()
	long.Request.Deadline = noon.Add(30 * 24 * time.Hour)
	for name, c := range map[string]struct {
		desk desk
		now  float64
		want time.Time
	}{
		"a tick":                       {asked(), 3, after(4)},
		"the wave's end before it":     {asked(), 9.5, after(10)},
		"the deadline before the tick": {asked(), 29.5, after(30)},
		"long after the deadline":      {asked(), 300, after(301)},
		"a thousandth of a month":      {long, 0, after(30 * 24 * 3.6)},
	} {
		if got := calling.Look(c.desk.Board, after(c.now), rules(), 0, half).Next; !got.Equal(c.want) {
			t.Errorf("%s: look again at %v, want %v", name, got.Sub(noon), c.want.Sub(noon))
		}
	}
}

func TestExpected_FallsWithSilenceByBayesRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := asked()
		silent := rapid.IntRange(0, 8).Draw(t, "silent")
		d.calls(silent+2, noon).offers(silent, after(1000)).declines(silent + 1)
		chances := map[string]float64{}
		for i := range silent {
			chances[fmt.Sprintf("shop_%d", i)] = rapid.Float64Range(0.01, 0.99).Draw(t, "chance")
		}
		// Offers come evenly within a minute.
		curve := func(shop string) (c outcry.Curve) {
			for i, s := range outcry.Delays {
				c[i] = float32(chances[shop] * s / 60)
			}
			return c
		}
		at := rapid.Float64Range(0, 50).Draw(t, "silence")
		until := rapid.Float64Range(at, 60).Draw(t, "until")
		want := 1.0 // the offer; the decline counts nothing
		for _, c := range chances {
			want += c * (until - at) / 60 / (1 - c*at/60)
		}
		got := calling.Expected(d.Board, after(at), after(until), curve)
		if math.Abs(got-want) > 1e-4 {
			t.Fatalf("%v after %v s by %v s, want %v", got, at, until, want)
		}
	})
	if got := calling.Expected(asked().calls(1, noon).Board, after(20), after(60), slow); got != 1 {
		t.Errorf("%v of a shop that is always slow, want 1", got)
	}
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
		got, due := calling.Due(c.desk.Board, after(c.now), rules(), half)
		if got != c.want || due != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, got, due, c.want)
		}
	}
}

func TestDue_CollectsToTheDeadlineWhereThePolicySaysSo(t *testing.T) {
	t.Parallel()
	w := rules()
	w.StopAtEnough = false
	d := asked().calls(3, noon).offers(0, after(1000)).offers(2, after(1000))
	if reason, due := calling.Due(d.Board, after(1), w, half); due {
		t.Errorf("closed as %s with time left", reason)
	}
	if reason, _ := calling.Due(d.Board, after(30), w, half); reason != outcry.ClosedDeadline {
		t.Errorf("closed as %q at the deadline", reason)
	}
}

func TestDue_WaitsWithEnoughWhileMoreAreToBeExpected(t *testing.T) {
	t.Parallel()
	valid := after(1000)
	for name, c := range map[string]struct {
		desk desk
		now  float64
		rest float64
		want outcry.ClosedReason
	}{
		"at once of the other three 1.5": {asked().calls(5, noon).offers(0, valid).offers(1, valid), 0, 1, ""},
		"after 9.99 s it is 0.0015":      {asked().calls(5, noon).offers(0, valid).offers(1, valid), 9.99, 0.01, outcry.ClosedEnough},
		"and it is not less than nought": {asked().calls(5, noon).offers(0, valid).offers(1, valid), 9.99, 0.001, ""},
		"at once where it waits for 1.6": {asked().calls(5, noon).offers(0, valid).offers(1, valid), 0, 1.6, outcry.ClosedEnough},
		"declines are waited for no more": {
			asked().calls(5, noon).offers(0, valid).offers(1, valid).declines(2).declines(3).declines(4), 0, 0.01, outcry.ClosedEnough,
		},
		"all have answered":             {asked().calls(2, noon).offers(0, valid).offers(1, valid), 0, 0.01, outcry.ClosedEnough},
		"one that is not enough":        {asked().calls(2, noon).offers(0, valid).declines(1), 0, 0.01, ""},
		"time is up":                    {asked().calls(5, after(29)).offers(0, valid).offers(1, valid), 30, 0.01, outcry.ClosedEnough},
		"it waits for none with 0":      {asked().calls(5, noon).offers(0, valid).offers(1, valid), 0, 0, outcry.ClosedEnough},
		"all that may be was accepted":  {asked().calls(5, noon).offers(0, valid).orders(0, outcry.OrderPlaced), 0, 0.01, outcry.ClosedAccepted},
		"what was ordered counts as in": {asked().calls(2, noon).offers(0, valid).offers(1, valid).orders(1, outcry.OrderPlaced), 0, 0.01, outcry.ClosedAccepted},
	} {
		w := rules()
		w.Rest = c.rest
		got, due := calling.Due(c.desk.Board, after(c.now), w, half)
		if got != c.want || due != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, got, due, c.want)
		}
	}
}

func TestPlan_UnderALoadAsksForLess(t *testing.T) {
	t.Parallel()
	d, w := asked(), rules()
	plan := calling.Look(d.Board, noon, w, 0, half)
	for load, want := range map[float64]float64{0: 3.2, 0.2: 3.2, 0.4: 2.6, 0.6: 2, 1: 2} {
		if got := plan.Under(load, d.Request.Wanted, w).Answers; math.Abs(got-want) > 1e-9 {
			t.Errorf("under a load of %v %v offers are asked for, want %v", load, got, want)
		}
		if fresh := calling.Look(d.Board, noon, w, load, half).Answers; math.Abs(fresh-want) > 1e-9 {
			t.Errorf("looked at with a load of %v it is %v, want %v", load, fresh, want)
		}
	}
	rested := calling.Look(asked().calls(6, noon).Board, noon, w, 0, half)
	if got := rested.Under(1, 2, w).Answers; got > 0 {
		t.Errorf("%v more are asked for of a plan that asked for none", got)
	}
}
