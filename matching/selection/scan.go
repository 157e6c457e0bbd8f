package selection

import (
	"slices"
	"strings"
	"sync"
	"time"

	"outcry"
)

// Scan selects by looking at every shop that holds a code. It is exact and
// simple: the oracle that any faster index must equal.
type Scan struct {
	mu     sync.RWMutex
	shops  map[string]*entry
	byCode map[outcry.Code]map[string]*entry
	// Many shops keep the same hours in the same zone: each is read once.
	hours map[string]outcry.Hours
	zones map[string]*time.Location
}

// entry is what a Scan knows of one shop.
type entry struct {
	shop  outcry.Shop
	codes []outcry.Code
	hours outcry.Hours
	zone  *time.Location
	lines int       // open lines
	seen  time.Time // when it last spoke to the server
}

// NewScan makes a Scan without shops.
func NewScan() *Scan {
	return &Scan{
		shops: map[string]*entry{}, byCode: map[outcry.Code]map[string]*entry{},
		hours: map[string]outcry.Hours{}, zones: map[string]*time.Location{},
	}
}

// Put takes in a shop and its book, or a change of either. Hours or a time zone
// that cannot be read are an error, and the shop stays as it was.
func (s *Scan) Put(l outcry.Listing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	hours, err := known(s.hours, l.Hours, outcry.ParseHours)
	if err != nil {
		return err
	}
	zone, err := known(s.zones, l.TimeZone, time.LoadLocation)
	if err != nil {
		return outcry.BadField("body.time_zone", "write an IANA time zone, for example Europe/London")
	}
	e := &entry{shop: l.Shop, codes: l.Codes, hours: hours, zone: zone}
	if old := s.shops[l.ID]; old != nil {
		e.lines, e.seen = old.lines, old.seen
		s.forget(old)
	}
	s.shops[l.ID] = e
	for _, c := range l.Codes {
		if s.byCode[c] == nil {
			s.byCode[c] = map[string]*entry{}
		}
		s.byCode[c][l.ID] = e
	}
	return nil
}

// known is what text was read as before, or is read as now.
func known[T any](before map[string]T, text string, read func(string) (T, error)) (T, error) {
	if v, ok := before[text]; ok {
		return v, nil
	}
	v, err := read(text)
	if err == nil {
		before[text] = v
	}
	return v, err
}

// forget takes a shop out of the codes that it held. The lock is held.
func (s *Scan) forget(e *entry) {
	for _, c := range e.codes {
		if delete(s.byCode[c], e.shop.ID); len(s.byCode[c]) == 0 {
			delete(s.byCode, c)
		}
	}
}

// Shop is what is known of a shop.
func (s *Scan) Shop(id string) (outcry.Shop, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, ok := s.shops[id]
	if !ok {
		return outcry.Shop{}, false
	}
	return e.shop, true
}

// Rated adds a buyer's stars to a shop's rating.
func (s *Scan) Rated(id string, stars int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.shops[id]; e != nil {
		e.shop.Rating.Stars += stars
		e.shop.Rating.Count++
	}
}

// Seen notes that a shop spoke to the server.
func (s *Scan) Seen(id string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.shops[id]; e != nil && at.After(e.seen) {
		e.seen = at
	}
}

// Connect notes that a shop opened (by +1) or closed (by -1) a live line.
func (s *Scan) Connect(id string, by int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.shops[id]; e != nil {
		e.lines = max(0, e.lines+by)
		e.seen = at
	}
}

// Connected counts the shops that have a live line.
func (s *Scan) Connected() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for _, e := range s.shops {
		if e.lines > 0 {
			n++
		}
	}
	return n
}

// Select gives the best candidates for a query, best first, at most most of
// them, leaving out the shops for which skip is true.
func (s *Scan) Select(q Query, most int, skip func(shop string) bool) []outcry.Candidate {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []outcry.Candidate
	looked := map[string]bool{}
	for _, code := range q.Codes {
		for id, e := range s.byCode[code] {
			if looked[id] || skip(id) {
				continue
			}
			looked[id] = true
			if v := e.judge(q, true); v.OK {
				found = append(found, v.Candidate)
			}
		}
	}
	slices.SortFunc(found, func(a, b outcry.Candidate) int {
		if better(a, b) {
			return -1
		}
		return 1
	})
	return found[:min(most, len(found))]
}

// Why says whether a query may call the shop, or the first rule that left it
// out. ok is false where there is no such shop.
func (s *Scan) Why(q Query, shop string) (v Verdict, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, ok := s.shops[shop]
	if !ok {
		return Verdict{}, false
	}
	sells := slices.ContainsFunc(q.Codes, func(c outcry.Code) bool { return slices.Contains(e.codes, c) })
	return e.judge(q, sells), true
}

// judge goes through the rules in their order; sells says whether the shop holds
// one of the codes.
func (e *entry) judge(q Query, sells bool) Verdict {
	if e.shop.State != outcry.ShopActive {
		return out(RuleState, "the shop is %s, not active", e.shop.State)
	}
	if len(q.Codes) == 0 {
		return out(RuleCode, "the tree no longer has the code that was asked for")
	}
	if !sells {
		return out(RuleCode, "its book holds neither %s nor anything above or below it", q.Codes[0])
	}
	metres := e.shop.Place.DistanceM(q.Place)
	if metres > float64(q.RadiusM) {
		return out(RuleRadius, "%s away, the buyer asked within %s", km(metres), km(float64(q.RadiusM)))
	}
	if metres > float64(e.shop.ServiceRadiusM) {
		return out(RuleService, "%s away, it serves %s", km(metres), km(float64(e.shop.ServiceRadiusM)))
	}
	if v := e.judgeManner(q); v.Rule != "" {
		return v
	}
	return Verdict{OK: true, Candidate: score(&e.shop, metres, q.Rules)}
}

// judgeManner looks at when and how the shop works.
func (e *entry) judgeManner(q Query) Verdict {
	if !e.hours.OpenAt(q.When.In(e.zone)) {
		return out(RuleHours, "closed at that time: %s", e.hours)
	}
	if len(q.Languages) > 0 && !slices.ContainsFunc(q.Languages, e.speaks) {
		return out(RuleLanguage, "speaks %s, the buyer asked for %s",
			strings.Join(e.shop.Languages, ", "), strings.Join(q.Languages, " or "))
	}
	for _, need := range q.Needs {
		if !slices.Contains(e.shop.Capabilities, need) {
			return out(RuleCapability, "it does not %s", need)
		}
	}
	if !e.reachable(q) {
		return out(RuleReachable, "not connected, and the request ends too soon to wait for it")
	}
	return Verdict{}
}

// speaks says whether the shop speaks the language, in any of its variants.
func (e *entry) speaks(language string) bool {
	want, _, _ := strings.Cut(language, "-")
	return slices.ContainsFunc(e.shop.Languages, func(l string) bool {
		has, _, _ := strings.Cut(l, "-")
		return strings.EqualFold(has, want)
	})
}

// reachable says whether a call would be heard in time.
func (e *entry) reachable(q Query) bool {
	return e.lines > 0 ||
		!e.seen.IsZero() && q.Now.Sub(e.seen).Seconds() <= q.Rules.SeenWithinS ||
		q.Deadline.Sub(q.Now).Seconds() >= q.Rules.PatienceS
}
