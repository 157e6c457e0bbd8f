package sim

import (
	"time"

	"outcry"
)

// seller is one driven shop.
type seller struct {
	shop     outcry.Shop
	actor    outcry.Actor
	temper   Temper
	zone     *time.Location
	currency string
	calls    int // heard so far
}

// newSeller is the shop as a member of its staff works there.
func newSeller(seed uint64, staff string, shop outcry.Shop) *seller {
	zone, err := time.LoadLocation(shop.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return &seller{
		shop: shop, temper: TemperOf(seed, shop), zone: zone, currency: currencyOf(shop),
		actor: outcry.NewActor(outcry.Member{ID: staff}, outcry.Token{}, []string{shop.ID}),
	}
}

// writes is the language in which the shop writes: the buyer's where it was
// said, else its own first one.
func (s *seller) writes(locale string) string {
	if locale == "" && len(s.shop.Languages) > 0 {
		return s.shop.Languages[0]
	}
	return locale
}
