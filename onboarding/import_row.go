package onboarding

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"outcry"
)

// taker makes listings of rows.
type taker struct {
	plan   Plan
	kinds  Kinds
	now    time.Time
	random io.Reader
	// guessed counts the shops whose hours go by a time zone that nobody told.
	guessed int
}

// taken is what a row became: a listing, with what was taken otherwise than it
// was written, or a reason why it was not. The listing has its name and source
// either way.
type taken struct {
	listing outcry.Listing
	reason  string
	notes   []string
}

func (t *taken) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// take makes a listing of a row.
func (t *taker) take(r row) taken {
	var out taken
	s := &out.listing.Shop
	s.Name, _ = t.plan.get(r, "name")
	s.Name = shorten(s.Name, maxName)
	id, _ := t.plan.get(r, "id")
	s.Source = sourceOf(t.plan, id)
	if out.reason = r.broken; out.reason != "" {
		return out
	}
	if len(r.values) == 0 && r.place == nil {
		out.reason = "the row is empty"
		return out
	}
	if s.Place, out.reason = t.plan.placeOf(r); out.reason != "" {
		return out
	}
	k := kindFinder{kinds: t.kinds, plan: t.plan, row: r, locale: t.plan.Languages[0]}
	out.listing.Codes, out.reason = k.find()
	if out.notes = append(out.notes, k.notes...); out.reason != "" {
		return out
	}
	t.nameIt(r, &out, k.codes[0])
	if s.Source == "" {
		s.Source = sourceOf(t.plan, unnumbered(s.Name, s.Place))
	}
	t.describe(r, &out, k.codes)
	s.ID = outcry.NewID(outcry.ShopPrefix, t.now, t.random)
	s.Answers, s.State, s.Created, s.Updated = outcry.ByPerson, t.plan.State, t.now, t.now
	return out
}

// maxID is the longest id of a row, in bytes.
const maxID = 200

// sourceOf is by what a row is known again; "" where it has no id.
func sourceOf(plan Plan, id string) string {
	if len(id) > maxID {
		sum := sha256.Sum256([]byte(id))
		id = hex.EncodeToString(sum[:])
	}
	if id == "" || plan.Source == "" {
		return id
	}
	return plan.Source + "/" + id
}

// unnumbered is the id of a row that has none: by its name and place, to some
// ten metres.
func unnumbered(name string, at outcry.Place) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%.4f\x00%.4f", strings.ToLower(name), at.Lat, at.Lon))
	return "unnumbered/" + hex.EncodeToString(sum[:8])
}

// nameIt gives a shop without a name that of its brand, its operator or its
// kind.
func (t *taker) nameIt(r row, out *taken, kind outcry.Code) {
	if out.listing.Name != "" {
		return
	}
	for _, field := range []string{"brand", "operator"} {
		if v, _ := t.plan.get(r, field); v != "" {
			out.listing.Name = shorten(v, maxName)
			out.note("it has no name and was given that of its %s", field)
			return
		}
	}
	signal, _ := t.kinds.Get(kind)
	if signal.Code == "" {
		signal.Code = kind
	}
	out.listing.Name = shorten(signal.Name(t.plan.Languages[0]), maxName)
	out.note("it has no name and was given that of its kind")
}

// describe fills in what else there is to say of a shop.
func (t *taker) describe(r row, out *taken, kinds []outcry.Code) {
	s := &out.listing.Shop
	s.TimeZone, s.Contact = t.plan.TimeZone, t.contactOf(r)
	if zone, _ := t.plan.get(r, "time_zone"); knownTimeZone(zone) {
		s.TimeZone = zone
	} else if zone != "" {
		out.note("the time zone %q is not known; it was taken as %s", clip(zone), s.TimeZone)
	}
	s.Hours = t.hoursOf(r, out)
	if s.TimeZone == "" {
		s.TimeZone = zoneAt(s.Place)
		if s.Hours != "" {
			t.guessed++
		}
	}
	s.Languages = t.languagesOf(r, out)
	s.PriceLevel = t.priceOf(r, out)
	s.Capabilities = t.capabilitiesOf(r, out, kinds)
	s.ServiceRadiusM = t.radiusOf(r, out, s.Capabilities)
}

// zoneAt is the time zone of a place by its longitude: an hour for 15 degrees.
// The signs of these zones' names run against the usual ones.
func zoneAt(p outcry.Place) string {
	if hours := int(math.Round(p.Lon / 15)); hours != 0 {
		return fmt.Sprintf("Etc/GMT%+d", -hours)
	}
	return "Etc/GMT"
}

// hoursOf are a row's opening hours. Those that cannot be read are unknown: the
// shop is taken as always open, and told.
func (t *taker) hoursOf(r row, out *taken) string {
	hours, _ := t.plan.get(r, "hours")
	_, err := outcry.ParseHours(hours)
	if err == nil {
		return hours
	}
	why := err.Error()
	var bad *outcry.Error
	if errors.As(err, &bad) && len(bad.Fields) > 0 {
		why = bad.Fields[0].Message
	}
	out.note("the opening hours %q cannot be read, so that it counts as always open: %s", clip(hours), why)
	return ""
}

func (t *taker) languagesOf(r row, out *taken) []string {
	text, _ := t.plan.get(r, "languages")
	var each []string
	for _, one := range parts(text, ";,| ") {
		tag, err := language.Parse(one)
		if err != nil || tag == language.Und || len(one) > maxLanguage || len(each) == maxLanguages {
			out.note("the language %q is not known and was left out; write tags such as en", clip(one))
		} else if !slices.Contains(each, tag.String()) {
			each = append(each, tag.String())
		}
	}
	if len(each) == 0 {
		return t.plan.Languages
	}
	return each
}

// priceOf reads "2" and "££".
func (t *taker) priceOf(r row, out *taken) int {
	text, _ := t.plan.get(r, "price_level")
	if text == "" {
		return t.plan.PriceLevel
	}
	level, err := strconv.Atoi(text)
	if sign, _ := utf8.DecodeRuneInString(text); err != nil && strings.ContainsRune("£$€₩¥", sign) && strings.Trim(text, string(sign)) == "" {
		level, err = utf8.RuneCountInString(text), nil
	}
	if err != nil || level < lowestPrice || level > highestPrice {
		out.note("the price level %q is none; it was taken as %d", clip(text), t.plan.PriceLevel)
		return t.plan.PriceLevel
	}
	return level
}

// How far shops serve where neither the file nor the plan says, in metres.
const (
	defaultRadiusM = 5_000
	visitRadiusM   = 20_000
)

func (t *taker) radiusOf(r row, out *taken, can []outcry.Capability) int {
	otherwise := t.plan.ServiceRadiusM
	if otherwise == 0 {
		otherwise = defaultRadiusM
		if slices.Contains(can, outcry.Visit) {
			otherwise = visitRadiusM
		}
	}
	text, key := t.plan.get(r, "radius")
	if text == "" {
		return otherwise
	}
	metres, ok := readMetres(text, strings.HasSuffix(key, "km"))
	if !ok {
		out.note("the radius %q cannot be read; it was taken as %d m", clip(text), otherwise)
		return otherwise
	}
	return metres
}

// contactOf puts together how a shop is reached, as much as fits.
func (t *taker) contactOf(r row) string {
	first, _ := t.plan.get(r, "contact")
	all := []string{first}
	for _, key := range contactKeys {
		all = append(all, r.values[key])
	}
	address, _ := t.plan.get(r, "address")
	if street := r.values["addr:street"]; address == "" && street != "" {
		address = strings.TrimSpace(r.values["addr:housenumber"] + " " + street)
	}
	var contact string
	for _, one := range append(all, address) {
		next := contact
		if next != "" {
			next += ", "
		}
		if one == "" || strings.Contains(contact, one) || utf8.RuneCountInString(next+one) > maxContact {
			continue
		}
		contact = next + one
	}
	return contact
}

// shorten cuts a text to at most n characters.
func shorten(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return strings.TrimSpace(string(runes[:n]))
	}
	return s
}
