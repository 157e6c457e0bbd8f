package sim

import (
	_ "embed"
	"strings"
	"sync"

	"outcry"
)

//go:embed town.tsv
var townText string

// town is what a place is known by: a row of town.tsv.
type town struct {
	place     outcry.Place
	zone      string
	currency  string
	languages []string // the first one is everybody's
}

var towns = sync.OnceValue(func() []town {
	var list []town
	for cells := range rows(townText) {
		list = append(list, town{
			zone: cells[0], place: outcry.Place{Lat: number(cells[1]), Lon: number(cells[2])},
			currency: cells[3], languages: strings.Fields(cells[4]),
		})
	}
	return list
})

// townNear is the town nearest to a place.
func townNear(p outcry.Place) town {
	list := towns()
	best, metres := list[0], p.DistanceM(list[0].place)
	for _, t := range list[1:] {
		if m := p.DistanceM(t.place); m < metres {
			best, metres = t, m
		}
	}
	return best
}

// currencyOf is the currency in which a shop asks for its price: that of its
// time zone, or of the nearest town where the table does not have the zone.
func currencyOf(s outcry.Shop) string {
	for _, t := range towns() {
		if t.zone == s.TimeZone {
			return t.currency
		}
	}
	return townNear(s.Place).currency
}
