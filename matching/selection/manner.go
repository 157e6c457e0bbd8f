package selection

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"outcry"
	"outcry/policy"
)

// manner is when and how a shop works: what many shops have in common and what
// does not hang on where they are. It is one line of the processor's cache.
// Where its number is given to another manner, born is changed before all else:
// who reads without a lock reads born before and after.
type manner struct {
	// opened and quieted remember what was found for a minute: opened for the
	// present one, and for two others.
	opened  [3]atomic.Uint64
	quieted atomic.Uint64
	born    atomic.Uint64 // by the clock of manners
	speaks  atomic.Uint64 // a bit for each of the first tongues
	marks   atomic.Uint64 // and above canAt a bit for each of outcry.Capabilities
	ways    atomic.Pointer[ways]
}

// The marks of a manner.
const (
	active = 1 << iota
	always // open at all times
	calm   // has quiet hours
	odd    // speaks or can what has no bit

	canAt = 8
)

// ways is a manner in full.
type ways struct {
	mannerKey
	users int // shops; the index's lock guards it
}

// mannerKey is what tells manners apart.
type mannerKey struct {
	hours, quiet *kept[outcry.Hours]
	zone         *kept[*time.Location]
	languages    *kept[[]string]
	able         *kept[[]outcry.Capability]
	state        outcry.ShopState
	answers      outcry.Answering
	open, hourly int
}

// moment is a time as manners see it.
type moment struct {
	time.Time
	minute uint64 // since 1970; 0 where it is not one to remember
	place  int    // in what manners remember
}

func momentOf(t time.Time) moment {
	m := moment{Time: t}
	if minute := t.Unix() / 60; minute > 0 && minute < 1<<31 {
		m.minute = uint64(minute)
	}
	return m
}

// meets says whether shops of this manner may be called: it gives the manner in
// full, or nil. sure is false where the number was given to another manner after
// the clock stood at start.
func (m *manner) meets(p *probe, start uint64) (w *ways, sure bool) {
	born := m.born.Load()
	w = m.ways.Load()
	marks := m.marks.Load()
	if marks&active == 0 || !m.open(p, marks, born, w) || m.quiet(p, marks, born, w) || !m.serves(&p.asks, marks, w) {
		w = nil
	}
	return w, born <= start && m.born.Load() == born
}

// open says whether the shop is open when it is needed.
func (m *manner) open(p *probe, marks, born uint64, w *ways) bool {
	if marks&always != 0 {
		return true
	}
	found := &m.opened[p.when.place]
	if is, known := p.when.recall(found, born); known {
		return is
	}
	return p.when.look(w.hours.value, w.zone.value, found, born)
}

// quiet says whether the shop is in its quiet hours.
func (m *manner) quiet(p *probe, marks, born uint64, w *ways) bool {
	if marks&calm == 0 {
		return false
	}
	if is, known := p.now.recall(&m.quieted, born); known {
		return is
	}
	return p.now.look(w.quiet.value, w.zone.value, &m.quieted, born)
}

// recall gives what was found before for the same minute, if it was: hours
// change at full minutes of the clock.
func (t *moment) recall(found *atomic.Uint64, born uint64) (open, known bool) {
	was := found.Load()
	return was&1 != 0, was&^1 == born<<32|t.minute<<1 && t.minute != 0
}

// look finds whether hours are open, and remembers it.
func (t *moment) look(h outcry.Hours, zone *time.Location, found *atomic.Uint64, born uint64) bool {
	local := t.In(zone)
	open := h.OpenAt(local)
	// Clocks that are off by less than a minute were given up by 1972.
	if _, offset := local.Zone(); offset%60 == 0 && t.minute != 0 {
		key := born<<32 | t.minute<<1
		if open {
			key |= 1
		}
		found.Store(key)
	}
	return open
}

// limits are those of a shop under a policy's.
func (w *ways) limits(l *policy.Limits) policy.ShopLimit {
	return l.Of(w.answers, w.open, w.hourly)
}

// abilities is what a query asks of how a shop works.
type abilities struct {
	speaks    uint64 // a bit for each language of which one will do
	can       uint64 // a bit for each capability that is needed
	odd       bool   // a language or a need has no bit
	languages []string
	needs     []outcry.Capability
}

// serves says whether the shop speaks one of the languages and can do all that
// is needed.
func (m *manner) serves(a *abilities, marks uint64, w *ways) bool {
	if a.odd || marks&odd != 0 {
		return w.serves(a)
	}
	return (len(a.languages) == 0 || m.speaks.Load()&a.speaks != 0) && marks>>canAt&a.can == a.can
}

// serves looks at names instead of bits.
func (w *ways) serves(a *abilities) bool {
	for _, need := range a.needs {
		if !slices.Contains(w.able.value, need) {
			return false
		}
	}
	return len(a.languages) == 0 || slices.ContainsFunc(a.languages, func(asked string) bool {
		return slices.ContainsFunc(w.languages.value, func(spoken string) bool {
			return strings.EqualFold(baseOf(asked), baseOf(spoken))
		})
	})
}

// baseOf is a language without its variant.
func baseOf(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}

// abilityBits has a bit for each capability; without says that one has none.
func abilityBits(list []outcry.Capability) (bits uint64, without bool) {
	for _, c := range list {
		i := slices.Index(outcry.Capabilities, c)
		if i < 0 || i >= 64-canAt {
			without = true
			continue
		}
		bits |= 1 << i
	}
	return bits, without
}
