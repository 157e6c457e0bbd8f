package selection

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"outcry"
)

// verdict says whether the shop may be called, or what left it out.
func (l *look) verdict() Verdict {
	rule, why := l.broken()
	if rule == "" {
		return Verdict{OK: true, Candidate: l.candidate()}
	}
	return out(rule, "%s", why())
}

// broken is the first rule that leaves the shop out, and how to say so; "" for
// a shop that may be called.
func (l *look) broken() (Rule, func() string) {
	for i := range rules {
		if rules[i].breaks(l) {
			return rules[i].rule, func() string { return rules[i].why(l) }
		}
	}
	return "", nil
}

// rules are all there are, in their order.
var rules = []struct {
	rule   Rule
	breaks func(*look) bool
	why    func(*look) string
}{
	{RuleState, func(l *look) bool { return l.shop.State != outcry.ShopActive },
		func(l *look) string { return fmt.Sprintf("the shop is %s, not active", l.shop.State) }},
	{RuleCode, func(l *look) bool { return !l.sells() }, (*look).lacks},
	{RuleRadius, func(l *look) bool { return l.metres > float64(l.q.RadiusM) },
		func(l *look) string {
			return km(l.metres) + " away, the buyer asked within " + km(float64(l.q.RadiusM))
		}},
	{RuleService, func(l *look) bool { return l.metres > float64(l.shop.ServiceRadiusM) },
		func(l *look) string { return km(l.metres) + " away, it serves " + km(float64(l.shop.ServiceRadiusM)) }},
	{RuleHours, func(l *look) bool { return !l.hours.OpenAt(l.q.When.In(l.zone)) },
		func(l *look) string { return fmt.Sprintf("closed at that time: %s", l.hours) }},
	{RuleQuiet, func(l *look) bool { return l.quietAt(l.q.Now) },
		func(l *look) string { return fmt.Sprintf("takes no calls in its quiet hours: %s", l.quiet) }},
	{RulePaused, func(l *look) bool { return l.pausedAt(l.q.Now) },
		func(l *look) string {
			return "paused until " + l.shop.PausedUntil.In(l.zone).Format("2006-01-02 15:04 MST")
		}},
	{RuleLanguage, func(l *look) bool { return len(l.q.Languages) > 0 && !slices.ContainsFunc(l.q.Languages, l.speaks) },
		(*look).tongues},
	{RuleCapability, func(l *look) bool { return l.cannot() != "" },
		func(l *look) string { return fmt.Sprintf("it does not %s", l.cannot()) }},
	{RuleRating, func(l *look) bool { return l.stars < leastStars(l.q) }, (*look).rated},
	{RuleBudget, func(l *look) bool { return l.q.MostPrice > 0 && l.price > l.q.MostPrice },
		func(l *look) string { return dearer(l.price) + ", the budget allows " + against(l.q.MostPrice) }},
	{RuleReachable, func(l *look) bool { return !l.reachable() },
		func(*look) string { return "not connected, and the request ends too soon to wait for it" }},
	{RuleOpen, func(l *look) bool { return l.full == RuleOpen }, (*look).busy},
	{RuleHourly, func(l *look) bool { return l.full == RuleHourly }, (*look).spent},
}

// sells says whether the shop holds one of the codes.
func (l *look) sells() bool {
	return slices.ContainsFunc(l.q.Codes, func(c outcry.Code) bool { return slices.Contains(l.codes, c) })
}

func (l *look) lacks() string {
	if len(l.q.Codes) == 0 {
		return "the tree no longer has the code that was asked for"
	}
	return fmt.Sprintf("its book holds neither %s nor anything above or below it", l.q.Codes[0])
}

// speaks says whether the shop speaks the language, in any of its variants.
func (l *look) speaks(language string) bool {
	want, _, _ := strings.Cut(language, "-")
	return slices.ContainsFunc(l.shop.Languages, func(tag string) bool {
		has, _, _ := strings.Cut(tag, "-")
		return strings.EqualFold(has, want)
	})
}

func (l *look) tongues() string {
	says := strings.Join(l.shop.Languages, ", ")
	if says == "" {
		says = "no language that it named"
	}
	return fmt.Sprintf("speaks %s, the buyer asked for %s", says, strings.Join(l.q.Languages, " or "))
}

// cannot is the first thing needed that the shop does not do; "" for none.
func (l *look) cannot() outcry.Capability {
	for _, need := range l.q.Needs {
		if !slices.Contains(l.shop.Capabilities, need) {
			return need
		}
	}
	return ""
}

func (l *look) rated() string {
	least, asked := l.q.LeastRating, "the buyer asked for"
	if market := l.q.Policy.Selecting.LeastRating; market > least {
		least, asked = market, "the market asks for"
	}
	return fmt.Sprintf("rated %.1f stars, %s at least %s", below(l.shop.Rating.Mean(), least), asked,
		strconv.FormatFloat(least, 'f', -1, 64))
}

// below is a mean of stars to one decimal: rounded down where it would be taken
// for the least otherwise.
func below(mean, least float64) float64 {
	if rounded := math.Round(10*mean) / 10; rounded < least {
		return rounded
	}
	return math.Floor(10*mean) / 10
}

// against says in words a price against the others that a budget allows.
func against(price float64) string {
	switch part := 100 * (price - 1); {
	case part >= 0.5:
		return fmt.Sprintf("%.0f %% more", part)
	case part <= -0.5:
		return fmt.Sprintf("%.0f %% less", math.Abs(part))
	}
	return "what others ask"
}

// reachable says whether a call would be heard in time.
func (l *look) reachable() bool {
	rules := &l.q.Policy.Selecting
	return l.lines > 0 ||
		!l.seen.IsZero() && l.q.Now.Sub(l.seen).Seconds() <= rules.SeenWithinS ||
		l.q.Deadline.Sub(l.q.Now).Seconds() >= rules.PatienceS
}

func (l *look) busy() string {
	return fmt.Sprintf("%s for its answer, at most %d may", plural(l.calls, "call waits", "calls wait"), l.limit.Open)
}

func (l *look) spent() string {
	return fmt.Sprintf("%s in the last hour, at most %d may", plural(l.calls, "call", "calls"), l.limit.Hourly)
}

// plural is a number with the words for one or for more.
func plural(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
