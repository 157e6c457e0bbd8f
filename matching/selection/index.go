package selection

import (
	"math/bits"
	"sync"
	"sync/atomic"
	"time"

	"outcry"
)

// Index selects among millions of shops in microseconds, and exactly: as if it looked
// at each of them by rules.
//
// For each code it keeps the shops that hold it in k-d trees, and those that
// came lately in a tail that is looked through one by one. A node of a tree
// knows the box that its shops lie in and the best of their figures, so that
// whole branches are left out that cannot score as high as what was found
// already; the trees of all codes of a query are searched together. Whoever
// selects takes no lock: trees are replaced whole, and what changes in them is
// a machine word each.
//
// A change is seen by the next selecting. Build, at the start, and Run, from
// then on, only keep it quick: without them tails grow long.
//
// A policy is one that its Check accepts. A live line beyond 2047 of one shop is
// not counted, and when a shop spoke is kept to the microsecond.
type Index struct {
	manners  *manners
	roster   *roster
	codes    *ids
	shelves  column[atomic.Pointer[shelf]] // by the code's number
	expected atomic.Pointer[expected]
	searches sync.Pool     // of *search
	wake     chan struct{} // tells Run that a shelf asks for a merge

	// mu makes those wait for each other that change postings, and guards what
	// no selecting reads.
	mu     sync.RWMutex
	untidy []*shelf // that asked for a merge
	// early has the lines of shops that were not put yet, at most mostEarly.
	early map[string]presence
	// spare has the figures of shops whose postings do not tell all: they hold
	// no code, or are known for the price of one that they do not hold.
	spare map[uint32]*outcry.Figures
}

// expected are the figures of shops without their own, by who answers.
type expected struct{ person, software outcry.Figures }

// NewIndex makes an Index without shops.
func NewIndex() *Index {
	x := &Index{
		manners: newManners(), roster: newRoster(), codes: newIDs(), wake: make(chan struct{}, 1),
		early: map[string]presence{}, spare: map[uint32]*outcry.Figures{},
	}
	x.expected.Store(&expected{person: unlearned(), software: unlearned()})
	x.searches.New = func() any { return newSearch(x) }
	return x
}

// shelf is the shelf of a code; nil where no shop ever held it.
func (x *Index) shelf(code outcry.Code) *shelf {
	if n, ok := x.codes.find(string(code)); ok {
		return x.shelves.at(n).Load()
	}
	return nil
}

// number is the number of a code, which has a shelf from then on. The lock is
// held.
func (x *Index) number(code outcry.Code) uint32 {
	if n, ok := x.codes.find(string(code)); ok {
		return n
	}
	n := x.codes.add(string(code))
	x.shelves.grow(n + 1)
	x.shelves.at(n).Store(newShelf(outcry.Code(x.codes.text(n))))
	x.codes.publish(n, 0)
	return n
}

// Seen notes that a shop spoke to the server.
func (x *Index) Seen(id string, at time.Time) {
	moment := microseconds(at)
	n, d := x.roster.ids.glance(id)
	if d == nil {
		return
	}
	if !x.roster.hear(n, d, moment) {
		x.mu.Lock() // meanwhile no door moves
		n, d = x.roster.ids.open(id)
		x.roster.hear(n, d, moment)
		x.mu.Unlock()
	}
	x.later(moment)
}

// Connect notes that a shop opened (by +1) or closed (by -1) a live line. That
// of a shop that was not put yet counts from then on.
func (x *Index) Connect(id string, by int, at time.Time) {
	moment := microseconds(at)
	n, d := x.roster.ids.glance(id)
	if d != nil && x.roster.connect(n, d, by, moment) || x.await(id, by, at) {
		x.later(moment)
	}
}

// later tells Run when another day has come.
func (x *Index) later(moment uint64) {
	if x.roster.due(moment) {
		x.rouse()
	}
}

// Connected counts the shops that have a live line, of those that were put.
func (x *Index) Connected() int {
	const each = connected * (1<<64 - 1) / (1<<signBits - 1) // in every sign of a word
	n := 0
	for _, chunk := range x.roster.signs.view() {
		for i := range chunk {
			n += bits.OnesCount64(chunk[i].Load() & each)
		}
	}
	return n
}

// Shop is what is known of a shop, but for its owner, its contact, its times and
// its source. Its lists are not to be changed.
func (x *Index) Shop(id string) (outcry.Shop, bool) {
	n, ok := x.roster.ids.find(id)
	if !ok {
		return outcry.Shop{}, false
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.shop(n), true
}

// shop is what is known of a shop. The lock is held.
func (x *Index) shop(n uint32) outcry.Shop {
	c := x.roster.cards.at(n)
	m := x.manners.at(c.manner).ways.Load()
	s := outcry.Shop{
		ID: x.roster.ids.text(n), Name: x.roster.name(c), Place: c.place, ServiceRadiusM: int(c.radius),
		Hours: m.hours.text, TimeZone: m.zone.text, Languages: m.languages.value, PriceLevel: int(c.level),
		Capabilities: m.able.value, Answers: m.answers, QuietHours: m.quiet.text, MostOpen: m.open, MostHourly: m.hourly,
		State: m.state, Rating: outcry.Rating{Stars: int(c.stars), Count: int(c.rated)},
	}
	if d := x.roster.desks.at(n).Load(); d != nil {
		if until := d.paused.Load(); until != nil {
			s.PausedUntil = *until
		}
	}
	return s
}
