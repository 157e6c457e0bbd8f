package server_test

import (
	"strconv"
	"strings"
	"time"

	"outcry"
	"outcry/onboarding"
)

// addShop registers, approves and connects a shop: shop NAME sells CODE[,CODE]
// [at LAT,LON] [serves METRES] [hours TEXT] [zone NAME] [speaks LANG] [can CAP]
// [level N] [quiet TEXT] [open N] [hourly N] [software] [away].
func (s *tale) addShop(where, name string, w []string) {
	s.t.Helper()
	place, radius := outcry.Place{Lat: 55.95, Lon: -3.19}, 5000
	r := onboarding.Registration{
		Name: name, Place: &place, ServiceRadiusM: &radius, TimeZone: "UTC",
		Languages: []string{"en"}, Capabilities: []string{"pickup"},
	}
	var codes []string
	connected := true
	for len(w) > 0 {
		key, rest := w[0], w[1:]
		switch key {
		case "software":
			w = rest
			continue
		case "away":
			connected, w = false, rest
			continue
		}
		value := rest[0]
		w = rest[1:]
		switch key {
		case "sells":
			codes = strings.Split(value, ",")
		case "at":
			place = s.place(where, value)
		case "serves":
			radius = s.number(where, value)
		case "hours":
			r.Hours = value
		case "zone":
			r.TimeZone = value
		case "speaks":
			r.Languages = strings.Split(value, ",")
		case "can":
			r.Capabilities = append(r.Capabilities, value)
		case "level":
			level := s.number(where, value)
			r.PriceLevel = &level
		case "quiet":
			r.QuietHours = value
		case "open":
			r.MostOpen = s.number(where, value)
		case "hourly":
			r.MostHourly = s.number(where, value)
		default:
			s.t.Fatalf("%s: a shop has no %q", where, key)
		}
	}
	ctx := s.t.Context()
	owner, _, err := s.server.Intake.JoinAsGuest(ctx, name, "en")
	s.must(where, err)
	owner.Guest = false
	shop, err := s.server.Onboarding.Register(ctx, outcry.NewActor(owner, outcry.Token{}, nil), r)
	s.must(where, err)
	_, err = s.server.Onboarding.Approve(ctx, s.operator, shop.ID)
	s.must(where, err)
	s.shops[name] = shop.ID
	s.actors[name] = outcry.NewActor(owner, outcry.Token{}, []string{shop.ID})
	_, err = s.server.Books.PutBook(ctx, s.actors[name], shop.ID, codes)
	s.must(where, err)
	if connected {
		s.server.Shops.Connect(shop.ID, 1, time.Now())
	}
}

// place reads "55.95,-3.19".
func (s *tale) place(where, text string) outcry.Place {
	lat, lon, _ := strings.Cut(text, ",")
	return outcry.Place{Lat: s.float(where, lat), Lon: s.float(where, lon)}
}

// number reads a whole number.
func (s *tale) number(where, text string) int {
	n, err := strconv.Atoi(text)
	s.must(where, err)
	return n
}

// float reads a number with decimals.
func (s *tale) float(where, text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	s.must(where, err)
	return x
}

// money reads "3.00" as pounds.
func (s *tale) money(where, text string) outcry.Money {
	return outcry.Money{Amount: int64(s.float(where, text)*100 + 0.5), Currency: "GBP"}
}

// span reads "20s".
func (s *tale) span(where, text string) time.Duration {
	d, err := time.ParseDuration(text)
	s.must(where, err)
	return d
}
