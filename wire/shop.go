package wire

import (
	"math"

	"outcry"
)

// NewShop is the body of POST /v1/shops.
type NewShop struct {
	Name           string        `json:"name"`
	Place          *outcry.Place `json:"place,omitempty" doc:"needed"`
	ServiceRadiusM *int          `json:"service_radius_m,omitempty" doc:"needed: how far from its place it serves, in metres"`
	Hours          string        `json:"hours,omitempty" doc:"opening hours in OpenStreetMap's syntax; none: always open" example:"Mo-Fr 09:00-18:00; Sa 10:00-16:00"`
	TimeZone       string        `json:"time_zone,omitempty" doc:"needed: an IANA name" example:"Europe/London"`
	Languages      []string      `json:"languages,omitempty" doc:"BCP 47 tags, the preferred one first"`
	PriceLevel     *int          `json:"price_level,omitempty" doc:"1 (low) to 4 (high); 2 unless said"`
	Capabilities   []string      `json:"capabilities,omitempty" enum:"deliver,pickup,visit,reserve"`
	Contact        string        `json:"contact,omitempty" doc:"given to a buyer with an order, never before"`
	QuietHours     string        `json:"quiet_hours,omitempty" doc:"hours in OpenStreetMap's syntax, in the shop's time zone, in which it is not called even though it is open" example:"Mo-Su 22:00-07:00"`
	Limits         *NewShopCalls `json:"limits,omitempty" doc:"its own limits of calls, where they are lower than the policy's"`
}

// NewShopCalls are the limits of calls that a shop sets for itself; what is left
// out stays, and is 0 for a new shop: as the policy has it.
type NewShopCalls struct {
	Open   *int `json:"open,omitempty" doc:"how many calls may wait for its answer, 0 to 1000; 0: as the policy has it" example:"3"`
	Hourly *int `json:"hourly,omitempty" doc:"how many calls may come in any hour, 0 to 1000; 0: as the policy has it" example:"10"`
}

// ShopChange is the body of PATCH /v1/shops/{id}; what is left out stays.
type ShopChange struct {
	Name           *string       `json:"name,omitempty"`
	Place          *outcry.Place `json:"place,omitempty"`
	ServiceRadiusM *int          `json:"service_radius_m,omitempty"`
	Hours          *string       `json:"hours,omitempty"`
	TimeZone       *string       `json:"time_zone,omitempty"`
	Languages      *[]string     `json:"languages,omitempty"`
	PriceLevel     *int          `json:"price_level,omitempty"`
	Capabilities   *[]string     `json:"capabilities,omitempty"`
	Contact        *string       `json:"contact,omitempty"`
	QuietHours     *string       `json:"quiet_hours,omitempty" doc:"an empty text: none"`
	Limits         *NewShopCalls `json:"limits,omitempty"`
	PausedUntil    Until         `json:"paused_until,omitzero" nullable:"true" doc:"until when it takes no calls, RFC 3339; null or an empty text: it goes on" example:"2030-01-01T08:00:00Z"`
}

// ShopName is a shop in a list or beside something else.
type ShopName struct {
	ID    string           `json:"id"`
	Name  string           `json:"name"`
	State outcry.ShopState `json:"state,omitempty" enum:"pending,active,suspended"`
}

// Shop is a seller's place of business.
type Shop struct {
	ID             string           `json:"id"`
	Name           string           `json:"name"`
	Place          outcry.Place     `json:"place"`
	ServiceRadiusM int              `json:"service_radius_m"`
	Hours          string           `json:"hours"`
	TimeZone       string           `json:"time_zone"`
	Languages      []string         `json:"languages"`
	PriceLevel     int              `json:"price_level"`
	Capabilities   []string         `json:"capabilities" enum:"deliver,pickup,visit,reserve"`
	Contact        string           `json:"contact,omitempty" doc:"shown to its staff and the operator"`
	Answers        outcry.Answering `json:"answers" enum:"person,software" doc:"who answers its calls"`
	State          outcry.ShopState `json:"state" enum:"pending,active,suspended"`
	Reason         string           `json:"reason,omitempty" doc:"why it was suspended"`
	Rating         float64          `json:"rating" doc:"stars, 1 to 5: a mean that starts as five voices of 4"`
	Ratings        int              `json:"ratings" doc:"how many rated it"`
	Source         string           `json:"source,omitempty" doc:"where an imported shop came from"`
	CreatedAt      Time             `json:"created_at"`
	UpdatedAt      Time             `json:"updated_at"`
	QuietHours     string           `json:"quiet_hours,omitempty" doc:"when it is not called even though it is open; shown to its staff and the operator"`
	PausedUntil    Time             `json:"paused_until,omitzero" doc:"until when it takes no calls, 2100-01-01 where until told otherwise; missing where it takes them; shown to its staff and the operator"`
	Limits         *ShopCalls       `json:"limits,omitempty" doc:"its own limits of calls; shown to its staff and the operator"`
}

// ShopCalls are the limits of calls that a shop has set for itself; 0 is as the
// policy has it.
type ShopCalls struct {
	Open   int `json:"open" doc:"how many calls may wait for its answer"`
	Hourly int `json:"hourly" doc:"how many calls may come in any hour"`
}

// ShopOf is a shop with all that s says; whoever may not see its contact, and
// when and how often it is called, has got s without them and without its owner.
func ShopOf(s outcry.Shop) Shop {
	var limits *ShopCalls
	if s.Owner != "" {
		limits = &ShopCalls{Open: s.MostOpen, Hourly: s.MostHourly}
	}
	return Shop{
		ID: s.ID, Name: s.Name, Place: s.Place, ServiceRadiusM: s.ServiceRadiusM, Hours: s.Hours,
		TimeZone: s.TimeZone, Languages: Texts(s.Languages), PriceLevel: s.PriceLevel,
		Capabilities: Texts(s.Capabilities), Contact: s.Contact, Answers: s.Answers, State: s.State,
		Reason: s.Reason, Rating: stars(s.Rating), Ratings: s.Rating.Count, Source: s.Source,
		CreatedAt: Time(s.Created), UpdatedAt: Time(s.Updated),
		QuietHours: s.QuietHours, PausedUntil: Time(s.PausedUntil), Limits: limits,
	}
}

// stars is a rating to two decimals.
func stars(r outcry.Rating) float64 { return math.Round(r.Mean()*100) / 100 }

// Reason is the body of calls that may say why: a suspension, a decline, a
// refusal, a cancelling.
type Reason struct {
	Reason string `json:"reason,omitempty" doc:"why, at most 300 characters"`
}
