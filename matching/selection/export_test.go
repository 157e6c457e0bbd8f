package selection

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"outcry"
	"outcry/policy"
)

// Hashes gives the hashes of ids that one index makes, and the shards that they
// belong to.
func Hashes() (of func(id string) uint64, shard func(hash uint64) int) {
	h := newHash()
	return h.of, func(hash uint64) int { return int(shardOf(hash)) }
}

// Scan selects by looking at every shop that holds a code. It is exact and
// simple: the oracle that Index must equal. Those that select wait for those who
// bring a change, and the other way round.
type Scan struct {
	mu     sync.RWMutex
	shops  map[string]*entry
	byCode map[outcry.Code]map[string]*entry
	// early has the shops that were heard of before they were put, at most
	// mostEarly.
	early map[string]presence
	// expected are the figures of shops that none are known of.
	expected expected
	// Many shops keep the same hours in the same zone: each is read once.
	hours map[string]outcry.Hours
	zones map[string]*time.Location
}

// NewScan makes a Scan without shops.
func NewScan() *Scan {
	return &Scan{
		shops: map[string]*entry{}, byCode: map[outcry.Code]map[string]*entry{}, early: map[string]presence{},
		expected: expected{person: unlearned(), software: unlearned()},
		hours:    map[string]outcry.Hours{}, zones: map[string]*time.Location{},
	}
}

// Put takes in a shop and its book, or a change of either. Hours or a time zone
// that cannot be read are an error of kind invalid, and the shop stays as it
// was.
func (s *Scan) Put(l outcry.Listing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.read(l)
	if err != nil {
		return err
	}
	if old := s.shops[l.ID]; old != nil {
		e.presence, e.figures, e.load = old.presence, old.figures, old.load
		s.forget(old)
	} else {
		e.presence, e.load = s.early[l.ID], &load{}
		delete(s.early, l.ID)
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

// read makes an entry of a listing. The lock is held.
func (s *Scan) read(l outcry.Listing) (*entry, error) {
	hours, err := known(s.hours, l.Hours, outcry.ParseHours)
	if err != nil {
		return nil, err
	}
	quiet, err := known(s.hours, l.QuietHours, outcry.ParseHours)
	if err != nil {
		return nil, outcry.BadField("body.quiet_hours", "write hours that can be read, for example 22:00-07:00")
	}
	zone, err := known(s.zones, l.TimeZone, time.LoadLocation)
	if err != nil {
		return nil, outcry.BadField("body.time_zone", "write an IANA time zone, for example Europe/London")
	}
	return &entry{shop: l.Shop, codes: l.Codes, hours: hours, quiet: quiet, zone: zone, vector: vectorOf(l.Place)}, nil
}

// known is what text was read as before, or is read as now.
func known[T any](before map[string]T, text string, read func(string) (T, error)) (T, error) {
	if v, ok := before[text]; ok {
		return v, nil
	}
	v, err := read(text)
	if err == nil {
		before[strings.Clone(text)] = v
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
	if e := s.shops[id]; e != nil {
		return e.shop, true
	}
	return outcry.Shop{}, false
}

// Rated adds a buyer's stars to a shop's rating.
func (s *Scan) Rated(id string, stars int) {
	s.change(id, func(e *entry) {
		e.shop.Rating.Stars += stars
		e.shop.Rating.Count++
	})
}

// Seen notes that a shop spoke to the server.
func (s *Scan) Seen(id string, at time.Time) {
	s.change(id, func(e *entry) {
		if at.After(e.seen) {
			e.seen = at
		}
	})
}

// Figure sets what was learned of a shop. The figures are rounded, and copied.
func (s *Scan) Figure(id string, f outcry.Figures) {
	f = rounded(f)
	s.change(id, func(e *entry) { e.figures = &f })
}

// Expect sets the figures of shops that Figure was not called for, by who
// answers. Their prices follow from the shop's price level alone.
func (s *Scan) Expect(person, software outcry.Figures) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expected = expected{person: rounded(person), software: rounded(software)}
}

// Connect notes that a shop opened (by +1) or closed (by -1) a live line. That
// of a shop that was not put yet counts from then on.
func (s *Scan) Connect(id string, by int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.shops[id]; e != nil {
		e.presence = presence{lines: max(0, e.lines+by), seen: at}
		return
	}
	before, ok := s.early[id]
	switch lines := before.lines + by; {
	case lines <= 0:
		delete(s.early, id)
	case ok || len(s.early) < mostEarly:
		s.early[id] = presence{lines: lines, seen: at}
	}
}

// Connected counts the shops that have a live line, of those that were put.
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

// Hold takes one open call and one call of the hour for a shop, or says no: at
// one of its limits, paused, in its quiet hours, not active or not known. It is
// exact whoever holds at once.
func (s *Scan) Hold(id string, now time.Time, limits *policy.Limits) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e := s.shops[id]
	return e != nil && e.shop.State == outcry.ShopActive && !e.quietAt(now) && !e.pausedAt(now) &&
		e.load.hold(now, e.limits(limits))
}

// Release says that an open call was answered or ended.
func (s *Scan) Release(id string) {
	if e := s.entry(id); e != nil {
		e.load.release()
	}
}

// Undo gives back a hold made at that moment whose call was never made: it is
// neither open nor one of the hour.
func (s *Scan) Undo(id string, at time.Time) {
	if e := s.entry(id); e != nil {
		e.load.undo(at)
	}
}

// Note counts a call made before a restart, for the hour alone.
func (s *Scan) Note(id string, at time.Time) {
	if e := s.entry(id); e != nil {
		e.load.note(at)
	}
}

// entry is what is known of a shop; nil where that is nothing.
func (s *Scan) entry(id string) *entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.shops[id]
}

// change changes what is known of a shop, if anything is.
func (s *Scan) change(id string, how func(*entry)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.shops[id]; e != nil {
		how(e)
	}
}

// Select appends the best candidates for a query to into, best first, at most
// most of them; none for a most of 0 or below.
func (s *Scan) Select(q *Query, most int, into []Candidate) ([]Candidate, Tally) {
	if most <= 0 {
		return into, Tally{}
	}
	found, atLimit := s.find(q)
	slices.SortFunc(found, Compare)
	return append(into, found[:min(most, len(found))]...), Tally{Free: len(found), AtLimit: atLimit}
}

// Explore appends up to most different shops that may be called, drawn by
// chance, each as likely as any other; only newcomers, if those are asked for.
func (s *Scan) Explore(q *Query, r *rand.Rand, most int, newcomers bool, into []Candidate) []Candidate {
	found, _ := s.find(q)
	if newcomers {
		found = slices.DeleteFunc(found, func(c Candidate) bool { return c.Calls >= q.Policy.Exploring.Newcomer })
	}
	// In one order, so that the same chance draws the same shops.
	slices.SortFunc(found, func(a, b Candidate) int { return cmp.Compare(a.Shop, b.Shop) })
	most = max(0, min(most, len(found)))
	for i := range most {
		k := i + r.IntN(len(found)-i)
		found[i], found[k] = found[k], found[i]
	}
	return append(into, found[:most]...)
}

// Count counts the shops that may be called, at most most.
func (s *Scan) Count(q *Query, most int) int {
	found, _ := s.find(q)
	return max(0, min(most, len(found)))
}

// Why says whether a query may call the shop, or the first rule that left it
// out. ok is false where there is no such shop. Skip plays no part.
func (s *Scan) Why(q *Query, shop string) (v Verdict, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, ok := s.shops[shop]
	if !ok {
		return Verdict{}, false
	}
	return e.look(q, &s.expected).verdict(), true
}

// find is the shops that may be called, in no order, and how many more there
// would be but for their limits.
func (s *Scan) find(q *Query) (found []Candidate, atLimit int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	looked := map[string]bool{}
	for _, code := range q.Codes {
		for id, e := range s.byCode[code] {
			if looked[id] || q.Skip != nil && q.Skip(id) {
				continue
			}
			looked[id] = true
			l := e.look(q, &s.expected)
			switch rule, _ := l.broken(); rule {
			case "":
				found = append(found, l.candidate())
			case RuleOpen, RuleHourly:
				atLimit++
			}
		}
	}
	return found, atLimit
}
