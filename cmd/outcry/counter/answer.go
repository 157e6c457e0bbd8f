package counter

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"outcry"
	"outcry/cmd/outcry/counter/shelf"
	"outcry/cmd/outcry/pricelist"
	"outcry/wire"
)

// Counter decides what is answered to a call. It may be used by many at once.
type Counter struct {
	Shelf *shelf.Shelf
	Tree  Tree
	Clock func() time.Time

	zone    atomic.Pointer[time.Location]
	setting atomic.Pointer[Setting]
	traffic traffic
}

// Use has the counter answer by a setting from now on. It gives the lines of the
// price list whose stock was counted anew.
func (c *Counter) Use(s *Setting) []pricelist.Line {
	anew := c.Shelf.Recount(s.Prices.Lines())
	c.setting.Store(s)
	return anew
}

// In says where the shop's clock hangs, where its files do not say.
func (c *Counter) In(zone *time.Location) { c.zone.Store(zone) }

// Answer is what is answered to a call, and why. With neither an offer nor a
// decline it is By's to answer: the software's or a person's.
type Answer struct {
	By      By           `json:"by"`
	Bid     *wire.Bid    `json:"offer,omitempty"`
	Decline *wire.Reason `json:"decline,omitempty"`
	// Way is the entry of the file's answer that gives the call to By; "" where
	// there is none.
	Way string   `json:"way,omitempty"`
	Why []string `json:"why"`

	line  *pricelist.Line // whose stock the offer needs
	count int
}

func (a *Answer) because(format string, args ...any) {
	a.Why = append(a.Why, fmt.Sprintf(format, args...))
}

func (a *Answer) refuse(format string, args ...any) {
	a.Bid, a.Decline = nil, &wire.Reason{Reason: fmt.Sprintf(format, args...)}
}

// Decide says what is answered to a call. It changes nothing and asks no software.
// An error says why it cannot be told: the call is a person's then.
func (c *Counter) Decide(ctx context.Context, call wire.Call) (Answer, error) {
	a := Answer{By: ByPerson, Why: []string{}}
	set := c.setting.Load()
	path := []outcry.Code{outcry.Code(call.Request.Code)}
	if set.branches(path[0]) {
		var err error
		if path, err = c.path(ctx, call.Request.Code); err != nil {
			a.because("the codes above are not known")
			return a, err
		}
	}
	a.choose(set, path)
	s := c.scene(set, call)
	line, listed := c.line(set, path, s, &a)
	if err := a.rules(set, path, s); err != nil || a.Decline != nil || a.By == ByPerson || !listed {
		return a, err
	}
	a.offer(s, line)
	return a, nil
}

// choose says who answers, by the nearest code that is named.
func (a *Answer) choose(set *Setting, path []outcry.Code) {
	if len(set.Ways) == 0 {
		switch {
		case set.Prices != nil:
			a.By = ByPrices
		case !set.Software.None():
			a.By = BySoftware
		}
		return
	}
	for _, code := range append(slices.Clone(path), "") {
		if i := slices.IndexFunc(set.Ways, func(w Way) bool { return w.Code == code }); i >= 0 {
			a.By = set.Ways[i].By
			a.Way = fmt.Sprintf("answer[%d]: %s by %s", i, set.Ways[i].name(), a.By)
			return
		}
	}
	a.because("answer names neither the code nor one above it, nor %q", everyCode)
}

func (w Way) name() string {
	if w.Code == "" {
		return everyCode
	}
	return string(w.Code)
}

// scene is what the rules see of a call.
func (c *Counter) scene(set *Setting, call wire.Call) *scene {
	zone := set.Zone
	if zone == nil {
		if zone = c.zone.Load(); zone == nil {
			zone = time.Local
		}
	}
	now := c.Clock()
	s := &scene{call: call, now: now.In(zone), lastHour: c.traffic.since(now.Add(-time.Hour)), open: len(c.Shelf.Held())}
	_ = json.Unmarshal(call.Request.Attributes, &s.asked) // an object, or none
	return s
}

// line is that of the price list which answers, if the price list does.
func (c *Counter) line(set *Setting, path []outcry.Code, s *scene, a *Answer) (line pricelist.Line, listed bool) {
	if a.By != ByPrices {
		return line, false
	}
	want := max(1, s.call.Request.Quantity)
	line, agreed, ok := set.Prices.Best(path, s.call.Request.Attributes, func(l pricelist.Line) bool {
		return !l.Counted || c.Shelf.Left(l) >= want
	})
	if !ok {
		a.By = ByPerson
		if set.Software.None() || len(set.Ways) > 0 {
			a.because("not in the price list: %s", s.call.Request.Code)
		} else {
			a.By = BySoftware
			a.because("not in the price list, so it is the software's")
		}
		return line, false
	}
	if line.Key() == s.call.Request.Code {
		a.because("line %d of the price list", line.Row)
	} else {
		a.because("line %d of the price list, for %s", line.Row, line.Key())
	}
	switch {
	case agreed == 1:
		a.because("1 of its attributes agrees")
	case agreed > 1:
		a.because("%d of its attributes agree", agreed)
	}
	s.draft = &draft{
		price: units(&line.Price), currency: line.Price.Currency, lead: line.Lead.Minutes(), message: line.Message, counted: line.Counted,
	}
	if line.Counted {
		s.draft.stock = c.Shelf.Left(line)
	}
	return line, true
}

// rules applies the rules, from the first to the last.
func (a *Answer) rules(set *Setting, path []outcry.Code, s *scene) error {
	for i := range set.Rules {
		r := &set.Rules[i]
		if r.Code != "" && !slices.Contains(path, r.Code) || r.offer && s.draft == nil {
			continue
		}
		ends, err := a.rule(r, s)
		if err != nil {
			a.By = ByPerson
			return fmt.Errorf("rule %s: %w", r.Name, err)
		}
		if ends {
			return nil
		}
	}
	return nil
}

// rule applies a rule where it holds; ends says that no other follows.
func (a *Answer) rule(r *Rule, s *scene) (ends bool, err error) {
	if r.when != nil {
		if holds, err := r.when.holds(s); err != nil || !holds {
			return false, err
		}
	}
	a.because("rule %s", r.Name)
	switch {
	case r.decline != nil:
		reason, err := r.decline.fill(s, outcry.MaxReason)
		a.refuse("%s", reason)
		return true, err
	case r.by != "":
		a.By = r.by
		return true, nil
	}
	return false, r.change(s)
}

// change changes the offer; all of it sees what stood before.
func (r *Rule) change(s *scene) (err error) {
	d := *s.draft
	if r.price != nil {
		if d.price, err = r.price.worth(s); err != nil {
			return err
		}
		if d.price < 0 || d.price*scale(d.currency) > outcry.MaxAmount {
			return fmt.Errorf("it gives the price %g", d.price)
		}
		d.price = math.Round(d.price*scale(d.currency)) / scale(d.currency)
	}
	if r.lead != nil {
		if d.lead, err = r.lead.worth(s); err != nil {
			return err
		}
		d.lead = min(max(d.lead, 0), outcry.MaxAhead.Minutes())
	}
	if r.message != nil {
		if d.message, err = r.message.fill(s, outcry.MaxMessage); err != nil {
			return err
		}
	}
	*s.draft = d
	return nil
}

// offer is what the line says, as the rules have left it.
func (a *Answer) offer(s *scene, line pricelist.Line) {
	want := max(1, s.call.Request.Quantity)
	if line.Counted {
		if s.draft.stock < want {
			a.soldOut(s.draft.stock, want)
			return
		}
		a.line, a.count = &line, want
	}
	line.Price.Amount = int64(math.Round(s.draft.price * scale(line.Price.Currency)))
	line.Lead, line.Message = time.Duration(s.draft.lead*float64(time.Minute)), s.draft.message
	bid := line.Bid(s.call, s.now)
	a.Bid = &bid
}

// soldOut declines since too few are left.
func (a *Answer) soldOut(left, want int) {
	a.because("%d left, %d asked for", left, want)
	if left == 0 {
		a.refuse("sold out")
		return
	}
	a.refuse("only %d left", left)
}
