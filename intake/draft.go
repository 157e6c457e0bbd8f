package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"outcry"
)

// Draft is a request as a buyer writes it; nil is what was left out. Exactly
// one of Code and Words and one of Deadline and DeadlineS is needed, Place and
// RadiusM are; the rest has defaults: 1 piece, 3 offers wanted, the best first,
// 1 order.
type Draft struct {
	Code         *string
	Words        *string // what the buyer calls it, in the language of Locale
	Attributes   json.RawMessage
	Quantity     *int
	Note         string
	Budget       *outcry.Money // the most it may cost
	Place        *outcry.Place
	RadiusM      *int
	NeededAt     *time.Time
	Deadline     *time.Time
	DeadlineS    *float64 // seconds from now
	Wanted       *int
	Accepts      *int
	Rank         *string
	Languages    []string
	Capabilities []string
	Locale       string   // "": the member's, or English
	LeastRating  *float64 // stars; 0: no matter
}

const (
	defaultWanted = 3
	maxLanguages  = 10
	// maxSuggested is how many codes an error suggests.
	maxSuggested = 5
	// lateness is how long ago something may have been needed: clocks differ.
	lateness = time.Minute
)

// checking is a draft on its way to be an ask.
type checking struct {
	Draft
	outcry.Complaints
	now time.Time
	ask outcry.Ask
}

// Check gives what a draft asks for, or everything that is wrong with it at
// once, each by its place in the body.
func (in *Intake) Check(_ context.Context, d Draft) (outcry.Ask, error) {
	return in.check(d, in.now())
}

func (in *Intake) check(d Draft, now time.Time) (outcry.Ask, error) {
	c := &checking{Draft: d, now: now}
	c.ask = outcry.Ask{
		Quantity: c.whole("body.quantity", d.Quantity, 1, outcry.MaxQuantity),
		Wanted:   c.whole("body.wanted_offers", d.Wanted, defaultWanted, outcry.MaxWanted),
		Note:     d.Note, Budget: d.Budget, Rank: outcry.RankBest, Locale: checkLocale(&c.Complaints, d.Locale),
	}
	c.whole("body.accepts", d.Accepts, 1, outcry.MaxWanted)
	c.checkWhere()
	c.checkWhen()
	c.checkManner()
	if d.Budget != nil {
		d.Budget.Check(&c.Complaints, "body.budget.max")
	}
	if utf8.RuneCountInString(d.Note) > outcry.MaxNote || !prose(d.Note) {
		c.Add("body.note", "write at most %d characters", outcry.MaxNote)
	}
	if in.checkCode(c) {
		if err := in.checkAttributes(c); err != nil {
			return outcry.Ask{}, err
		}
	}
	return c.ask, c.Err()
}

// whole is a number from 1 to most, or what it is where it was left out.
func (c *checking) whole(location string, n *int, otherwise, most int) int {
	if n == nil {
		return otherwise
	}
	if *n < 1 || *n > most {
		c.Add(location, "write a whole number from 1 to %d", most)
	}
	return *n
}

func (c *checking) checkWhere() {
	if c.Place == nil {
		c.Add("body.place", "write where it is needed, for example {\"lat\": 55.95, \"lon\": -3.19}")
	} else {
		c.Place.Check(&c.Complaints, "body.place")
		c.ask.Place = *c.Place
	}
	if c.RadiusM == nil {
		c.Add("body.radius_m", "write within how many metres, for example 3000")
	} else {
		outcry.CheckRadius(&c.Complaints, "body.radius_m", *c.RadiusM)
		c.ask.RadiusM = *c.RadiusM
	}
}

func (c *checking) checkWhen() {
	if c.NeededAt != nil {
		if c.NeededAt.Before(c.now.Add(-lateness)) || c.NeededAt.After(c.now.Add(outcry.MaxAhead)) {
			c.Add("body.needed_at", "write a time from now to %d days ahead", int(outcry.MaxAhead.Hours()/24))
		}
		at := c.NeededAt.UTC().Truncate(time.Millisecond)
		c.ask.NeededAt = &at
	}
	days := int(outcry.MaxDeadline.Hours() / 24)
	switch {
	case (c.Deadline == nil) == (c.DeadlineS == nil):
		c.Add("body.deadline_s", "write either deadline_s, for example 60, or deadline, a time")
	case c.DeadlineS != nil:
		s := *c.DeadlineS
		if !(s >= outcry.MinDeadline.Seconds() && s <= outcry.MaxDeadline.Seconds()) {
			c.Add("body.deadline_s", "write seconds from %.0f to %.0f (%d days)", outcry.MinDeadline.Seconds(), outcry.MaxDeadline.Seconds(), days)
			return
		}
		c.ask.Deadline = c.now.Add(time.Duration(math.Round(s*1000)) * time.Millisecond)
	default:
		c.ask.Deadline = c.Deadline.UTC().Truncate(time.Millisecond)
		if c.ask.Deadline.Before(c.now.Add(outcry.MinDeadline)) || c.ask.Deadline.After(c.now.Add(outcry.MaxDeadline)) {
			c.Add("body.deadline", "write a time from %g s to %d days from now", outcry.MinDeadline.Seconds(), days)
		}
	}
}

func (c *checking) checkManner() {
	if c.Rank != nil {
		c.ask.Rank = outcry.Rank(*c.Rank)
		if !slices.Contains(outcry.Ranks, c.ask.Rank) {
			c.Add("body.rank", "write one of %v", outcry.Ranks)
		}
	}
	if len(c.Languages) > maxLanguages {
		c.Add("body.languages", "write at most %d languages", maxLanguages)
		c.Languages = nil
	}
	if c.LeastRating != nil {
		c.ask.LeastRating = *c.LeastRating
		if stars := c.ask.LeastRating; stars != 0 && !(stars >= 1 && stars <= 5) {
			c.Add("body.least_rating", "write stars from 1 to 5, for example 4.5, or 0 where it does not matter")
		}
	}
	for i, l := range c.Languages {
		tag, ok := parseLanguage(l)
		if !ok {
			c.Add(fmt.Sprintf("body.languages[%d]", i), "write a language tag (BCP 47), for example en, ko or pt-BR")
		} else if !slices.Contains(c.ask.Languages, tag) {
			c.ask.Languages = append(c.ask.Languages, tag)
		}
	}
	if len(c.Capabilities) > 2*len(outcry.Capabilities) {
		c.Add("body.capabilities", "write each capability once")
		c.Capabilities = nil
	}
	for i, s := range c.Capabilities {
		need := outcry.Capability(s)
		if !slices.Contains(outcry.Capabilities, need) {
			c.Add(fmt.Sprintf("body.capabilities[%d]", i), "write one of %v", outcry.Capabilities)
		} else if !slices.Contains(c.ask.Needs, need) {
			c.ask.Needs = append(c.ask.Needs, need)
		}
	}
}

// checkCode finds the code that a draft asks for; ok says that there is one.
func (in *Intake) checkCode(c *checking) (ok bool) {
	switch {
	case (c.Code == nil) == (c.Words == nil):
		c.Add("body.code", "write either code, for example osm:shop=bakery, or words")
		return false
	case c.Words != nil:
		return in.checkWords(c, strings.TrimSpace(*c.Words))
	}
	code, err := outcry.ParseCode(*c.Code)
	if bad, ok := errors.AsType[*outcry.Error](err); ok {
		c.Add("body.code", "%s", bad.Fields[0].Message)
		return false
	}
	signal, ok := in.Signals.Get(code)
	switch {
	case !ok:
		c.Add("body.code", "there is no signal %s%s", code, in.suggestion(code))
		return false
	case signal.Retired && signal.ReplacedBy != "":
		c.Add("body.code", "the signal %s is retired; write %s", code, signal.ReplacedBy)
		return false
	case signal.Retired:
		c.Add("body.code", "the signal %s is retired; GET /v1/signals?q=WORDS finds others", code)
		return false
	}
	c.ask.Code = code
	return true
}

// suggestion names codes that may have been meant.
func (in *Intake) suggestion(code outcry.Code) string {
	near := in.Signals.Suggest(code)
	if len(near) == 0 {
		return "; GET /v1/signals?q=WORDS finds codes"
	}
	var names []string
	for _, n := range near[:min(maxSuggested, len(near))] {
		names = append(names, string(n))
	}
	return "; is it one of " + strings.Join(names, ", ") + "?"
}

func (in *Intake) checkWords(c *checking, words string) (ok bool) {
	if n := utf8.RuneCountInString(words); n < 1 || n > outcry.MaxWords || !plain(words) {
		c.Add("body.words", "write 1 to %d characters on one line", outcry.MaxWords)
		return false
	}
	if c.ask.Code, ok = in.Signals.Best(words, c.ask.Locale); !ok {
		c.Add("body.words", "nothing is known by these words; try others, or find a code with GET /v1/signals?q=WORDS")
	}
	c.ask.Words = words
	return ok
}

// checkAttributes adds what the form of the code finds wrong. The error is one
// of the checking itself.
func (in *Intake) checkAttributes(c *checking) error {
	if !bytes.Equal(bytes.TrimSpace(c.Attributes), []byte("null")) {
		c.ask.Attributes = c.Attributes
	}
	err := in.Signals.CheckRequest(c.ask.Code, c.ask.Attributes, "body.attributes")
	var bad *outcry.Error
	if errors.As(err, &bad) && bad.Kind == outcry.Invalid {
		c.Complaints = append(c.Complaints, bad.Fields...)
		return nil
	}
	return wrapped("check attributes", err)
}
