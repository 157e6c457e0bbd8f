package onboarding

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"outcry"
)

// The bounds and defaults of a shop.
const (
	maxName           = 120 // characters
	maxContact        = 300 // characters
	maxLanguages      = 20
	maxLanguage       = 35 // bytes, RFC 5646
	maxTimeZone       = 64 // bytes
	lowestPrice       = 1
	highestPrice      = 4
	defaultPriceLevel = 2
	defaultLanguage   = "en"
	mostCalls         = 1000 // that a shop's own limits may say
)

// Registration is what a shop says of itself. Name, Place, ServiceRadiusM and
// TimeZone are needed. Hours "" are always open, no Languages are English, no
// PriceLevel is 2, no Capabilities are pickup; no QuietHours are none, and a
// limit of 0 is the policy's.
type Registration struct {
	Name           string
	Place          *outcry.Place
	ServiceRadiusM *int   // metres
	Hours          string // OSM's syntax
	TimeZone       string // IANA name
	Languages      []string
	PriceLevel     *int // 1 to 4
	Capabilities   []string
	Contact        string
	QuietHours     string // OSM's syntax, in which it is not called
	MostOpen       int    // calls that wait for its answer, at most
	MostHourly     int    // calls an hour, at most
}

// on is the shop as it is said to be, and notes everything that is wrong with
// that.
func (r Registration) on(s outcry.Shop, bad *outcry.Complaints) outcry.Shop {
	s.Name, s.Contact = checkName(bad, r.Name), strings.TrimSpace(r.Contact)
	if r.Place == nil {
		bad.Add("body.place", "write where the shop is, for example {\"lat\": 55.95, \"lon\": -3.19}")
	} else {
		r.Place.Check(bad, "body.place")
		s.Place = *r.Place
	}
	if r.ServiceRadiusM == nil {
		bad.Add("body.service_radius_m", "write how far from its place the shop serves, in metres, for example 3000")
	} else {
		outcry.CheckRadius(bad, "body.service_radius_m", *r.ServiceRadiusM)
		s.ServiceRadiusM = *r.ServiceRadiusM
	}
	s.Hours = strings.TrimSpace(r.Hours)
	checkHours(bad, "body.hours", s.Hours)
	s.QuietHours = strings.TrimSpace(r.QuietHours)
	checkQuietHours(bad, "body.quiet_hours", s.QuietHours)
	s.MostOpen = checkLimit(bad, "body.limits.open", r.MostOpen)
	s.MostHourly = checkLimit(bad, "body.limits.hourly", r.MostHourly)
	s.TimeZone = r.TimeZone
	checkTimeZone(bad, "body.time_zone", r.TimeZone)
	s.Languages = checkLanguages(bad, "body.languages", r.Languages)
	s.PriceLevel = defaultPriceLevel
	if r.PriceLevel != nil {
		s.PriceLevel = checkPriceLevel(bad, "body.price_level", *r.PriceLevel)
	}
	s.Capabilities = checkCapabilities(bad, "body.capabilities", r.Capabilities)
	if len(s.Capabilities) == 0 {
		s.Capabilities = []outcry.Capability{outcry.Pickup}
	}
	if utf8.RuneCountInString(r.Contact) > maxContact || !prose(r.Contact) {
		bad.Add("body.contact", "write at most %d characters", maxContact)
	}
	return s
}

// checkName gives the name without space around it, and notes what is wrong
// with it.
func checkName(c *outcry.Complaints, name string) string {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !plain(name) {
		c.Add("body.name", "write 1 to %d characters on one line", maxName)
	}
	return name
}

// checkHours gives what was read, and ok where nothing is wrong with it.
func checkHours(c *outcry.Complaints, location, text string) (hours outcry.Hours, ok bool) {
	hours, err := outcry.ParseHours(text)
	var bad *outcry.Error
	switch {
	case errors.As(err, &bad) && len(bad.Fields) > 0:
		for _, f := range bad.Fields {
			c.Add(location, "%s", f.Message)
		}
	case err != nil:
		c.Add(location, "%s", err)
	}
	return hours, err == nil
}

// checkQuietHours takes "" for none. Hours that never end are refused: a shop
// that is never called is a mistake, or means a pause.
func checkQuietHours(c *outcry.Complaints, location, text string) {
	if text == "" {
		return
	}
	hours, ok := checkHours(c, location, text)
	if ok && hours.Pattern() == (outcry.Hours{}).Pattern() {
		c.Add(location, "these never end, so the shop would never be called; write the hours, for example Mo-Su 22:00-07:00, or pause the shop")
	}
}

// checkLimit takes 0 for the policy's.
func checkLimit(c *outcry.Complaints, location string, most int) int {
	if most < 0 || most > mostCalls {
		c.Add(location, "write a whole number from 0 (as the policy has it) to %d", mostCalls)
	}
	return most
}

// checkTimeZone knows no "" and "Local": what they mean depends on the machine.
func checkTimeZone(c *outcry.Complaints, location, zone string) {
	if !knownTimeZone(zone) {
		c.Add(location, "write an IANA time zone, for example Europe/London or Asia/Seoul")
	}
}

func knownTimeZone(zone string) bool {
	if zone == "" || strings.EqualFold(zone, "Local") || len(zone) > maxTimeZone {
		return false
	}
	_, err := time.LoadLocation(zone)
	return err == nil
}

// checkLanguages gives each language once in its canonical form, English where
// there is none.
func checkLanguages(c *outcry.Complaints, location string, languages []string) []string {
	if len(languages) > maxLanguages {
		c.Add(location, "write at most %d languages", maxLanguages)
		return nil
	}
	var each []string
	for i, l := range languages {
		tag, err := language.Parse(l)
		if err != nil || tag == language.Und || len(l) > maxLanguage {
			c.Add(fmt.Sprintf("%s[%d]", location, i), "write a language tag (BCP 47), for example en, ko or pt-BR")
		} else if !slices.Contains(each, tag.String()) {
			each = append(each, tag.String())
		}
	}
	if len(languages) == 0 {
		return []string{defaultLanguage}
	}
	return each
}

func checkPriceLevel(c *outcry.Complaints, location string, level int) int {
	if level < lowestPrice || level > highestPrice {
		c.Add(location, "write a whole number from %d (low) to %d (high)", lowestPrice, highestPrice)
	}
	return level
}

// checkCapabilities gives each capability once.
func checkCapabilities(c *outcry.Complaints, location string, capabilities []string) []outcry.Capability {
	if len(capabilities) > 2*len(outcry.Capabilities) {
		c.Add(location, "write each capability once")
		return nil
	}
	var each []outcry.Capability
	for i, s := range capabilities {
		can := outcry.Capability(s)
		if !slices.Contains(outcry.Capabilities, can) {
			c.Add(fmt.Sprintf("%s[%d]", location, i), "write one of %v", outcry.Capabilities)
		} else if !slices.Contains(each, can) {
			each = append(each, can)
		}
	}
	return each
}

// plain says whether s is UTF-8 on one line.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl) }

// prose says whether s is UTF-8 that may have lines and tabs.
func prose(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}
