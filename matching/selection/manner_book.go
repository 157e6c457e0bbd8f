package selection

import (
	"strings"
	"sync/atomic"
	"time"

	"outcry"
)

// manners numbers the manners of all shops, each once. Who looks one up waits
// for nobody; who takes or drops one holds the index's lock.
type manners struct {
	numbers column[manner]
	byKey   map[mannerKey]uint32
	count   uint32
	free    []uint32 // numbers that no shop has any more
	// clock counts how often a number was given away that another manner had.
	clock atomic.Uint64

	hours     keeping[outcry.Hours]
	zones     keeping[*time.Location]
	languages keeping[[]string]
	able      keeping[[]outcry.Capability]

	// tongues are base languages; the place in the list is their bit. It is
	// copied to be changed.
	tongues atomic.Pointer[[]string]
}

// mostTongues is how many languages have a bit. Shops that speak others are
// looked at by name.
const mostTongues = 64

func newManners() *manners {
	b := &manners{byKey: map[mannerKey]uint32{}}
	b.hours.read, b.zones.read = outcry.ParseHours, time.LoadLocation
	b.languages.read = func(text string) ([]string, error) { return listOf[string](text), nil }
	b.able.read = func(text string) ([]outcry.Capability, error) { return listOf[outcry.Capability](text), nil }
	b.tongues.Store(new([]string))
	return b
}

// at is the manner of a number.
func (b *manners) at(n uint32) *manner { return b.numbers.at(n) }

// take is the number of a shop's manner, which has one user more. Hours or a
// time zone that cannot be read are an error of kind invalid.
func (b *manners) take(shop *outcry.Shop) (uint32, error) {
	key, err := b.key(shop)
	if err != nil {
		return 0, err
	}
	if n, ok := b.byKey[key]; ok {
		b.dropParts(&key)
		b.at(n).ways.Load().users++
		return n, nil
	}
	n, born := b.number()
	m := b.at(n)
	m.born.Store(born)
	b.fill(m, key)
	b.byKey[key] = n
	return n, nil
}

// fill makes a manner what its key says.
func (b *manners) fill(m *manner, key mannerKey) {
	can, odder := abilityBits(key.able.value)
	marks := can << canAt
	speaks, oddest := b.bits(key.languages.value, true)
	if odder || oddest {
		marks |= odd
	}
	if key.state == outcry.ShopActive {
		marks |= active
	}
	if strings.TrimSpace(key.hours.text) == "" {
		marks |= always
	}
	if strings.TrimSpace(key.quiet.text) != "" {
		marks |= calm
	}
	m.speaks.Store(speaks)
	m.marks.Store(marks)
	m.ways.Store(&ways{mannerKey: key, users: 1})
}

// number is one that no shop has, and the time of its birth.
func (b *manners) number() (n uint32, born uint64) {
	if last := len(b.free) - 1; last >= 0 {
		n = b.free[last]
		b.free = b.free[:last]
		return n, b.clock.Add(1)
	}
	b.count++
	b.numbers.grow(b.count)
	return b.count - 1, 0
}

// key takes up the parts of a shop's manner.
func (b *manners) key(shop *outcry.Shop) (mannerKey, error) {
	k := mannerKey{state: shop.State, answers: shop.Answers, open: shop.MostOpen, hourly: shop.MostHourly}
	var err error
	if k.hours, err = b.hours.take(shop.Hours); err != nil {
		return k, err
	}
	if k.quiet, err = b.hours.take(shop.QuietHours); err != nil {
		b.hours.drop(k.hours)
		return k, outcry.BadField("body.quiet_hours", "write hours that can be read, for example 22:00-07:00")
	}
	if k.zone, err = b.zones.take(shop.TimeZone); err != nil {
		b.hours.drop(k.hours)
		b.hours.drop(k.quiet)
		return k, outcry.BadField("body.time_zone", "write an IANA time zone, for example Europe/London")
	}
	// A list of texts cannot fail.
	k.languages, _ = b.languages.take(textOf(shop.Languages))
	k.able, _ = b.able.take(textOf(shop.Capabilities))
	return k, nil
}

// drop says that a shop no longer has the manner; without users its number is
// given to another. No posting may have the number then.
func (b *manners) drop(n uint32) {
	w := b.at(n).ways.Load()
	if w.users--; w.users > 0 {
		return
	}
	delete(b.byKey, w.mannerKey)
	b.dropParts(&w.mannerKey)
	b.free = append(b.free, n)
}

func (b *manners) dropParts(k *mannerKey) {
	b.hours.drop(k.hours)
	b.hours.drop(k.quiet)
	b.zones.drop(k.zone)
	b.languages.drop(k.languages)
	b.able.drop(k.able)
}

// bits has a bit for each base language; without says that one has none. New ones
// are given a bit where that is asked for and there is one left.
func (b *manners) bits(languages []string, give bool) (bits uint64, without bool) {
	for _, l := range languages {
		base := baseOf(l)
		tongues := *b.tongues.Load()
		i := 0
		for i < len(tongues) && !strings.EqualFold(tongues[i], base) {
			i++
		}
		switch {
		case i < len(tongues):
			bits |= 1 << i
		case give && i < mostTongues:
			more := append(tongues[:i:i], base)
			b.tongues.Store(&more)
			bits |= 1 << i
		case give || i == mostTongues:
			without = true
		}
	}
	return bits, without
}

// kept is something read from a text, and how often it is used.
type kept[T any] struct {
	text  string
	value T
	users int
}

// keeping reads each text once for as long as somebody uses it.
type keeping[T any] struct {
	read   func(string) (T, error)
	byText map[string]*kept[T]
}

func (k *keeping[T]) take(text string) (*kept[T], error) {
	if v := k.byText[text]; v != nil {
		v.users++
		return v, nil
	}
	value, err := k.read(text)
	if err != nil {
		return nil, err
	}
	if k.byText == nil {
		k.byText = map[string]*kept[T]{}
	}
	v := &kept[T]{text: strings.Clone(text), value: value, users: 1}
	k.byText[v.text] = v
	return v, nil
}

func (k *keeping[T]) drop(v *kept[T]) {
	if v.users--; v.users == 0 {
		delete(k.byText, v.text)
	}
}

// textOf is a list as one text; a list of nothing has an empty one.
func textOf[T ~string](list []T) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return string(list[0])
	}
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteByte(0)
		}
		b.WriteString(string(s))
	}
	return b.String()
}

// listOf is the list that was joined.
func listOf[T ~string](text string) []T {
	if text == "" {
		return nil
	}
	var list []T
	for s := range strings.SplitSeq(text, "\x00") {
		list = append(list, T(strings.Clone(s)))
	}
	return list
}
