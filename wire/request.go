package wire

import (
	"encoding/json"

	"outcry"
)

// Budget is the most that something may cost.
type Budget struct {
	Max outcry.Money `json:"max"`
}

// BudgetOf is a budget of that much; nil stays nil.
func BudgetOf(m *outcry.Money) *Budget {
	if m == nil {
		return nil
	}
	return &Budget{Max: *m}
}

// Money is the most; nil where there is no budget.
func (b *Budget) Money() *outcry.Money {
	if b == nil {
		return nil
	}
	return &b.Max
}

// NewRequest is the body of POST /v1/requests: what a buyer calls out. Exactly
// one of code and words says what for, except that words beside a code teach
// the search what they meant; exactly one of deadline and deadline_s says until
// when.
type NewRequest struct {
	Code         *string         `json:"code,omitempty" doc:"a signal code" example:"osm:shop=bakery"`
	Words        *string         `json:"words,omitempty" doc:"what is needed in words, from which a code is found; beside a code they teach the search" example:"fresh bread"`
	Attributes   json.RawMessage `json:"attributes,omitempty" doc:"an object that fills in the code's request form"`
	Quantity     *int            `json:"quantity,omitempty" doc:"1 unless said"`
	Note         string          `json:"note,omitempty"`
	Budget       *Budget         `json:"budget,omitempty"`
	Place        *outcry.Place   `json:"place,omitempty" doc:"needed; shops learn a cell about 1 km wide"`
	RadiusM      *int            `json:"radius_m,omitempty" doc:"needed, in metres"`
	NeededAt     *Time           `json:"needed_at,omitempty" doc:"when the shop must be open; now unless said"`
	Deadline     *Time           `json:"deadline,omitempty" doc:"until when offers are taken"`
	DeadlineS    *float64        `json:"deadline_s,omitempty" doc:"the same, in seconds from now"`
	Wanted       *int            `json:"wanted_offers,omitempty" doc:"the request closes when so many are in; 3 unless said"`
	Accepts      *int            `json:"accepts,omitempty" doc:"how many orders it may become; 1 unless said"`
	Rank         *string         `json:"rank,omitempty" enum:"best,price,near,rating,soon" doc:"best unless said"`
	Languages    []string        `json:"languages,omitempty" doc:"any one of them will do"`
	Capabilities []string        `json:"capabilities,omitempty" enum:"deliver,pickup,visit,reserve" doc:"all of them are needed"`
	Locale       string          `json:"locale,omitempty" doc:"the language of the words; the member's unless said"`
	LeastRating  *float64        `json:"least_rating,omitempty" doc:"shops rated below so many stars, 1 to 5, are not called; 0 or left out: no matter" example:"4"`
}

// Request is a buyer's matching request, as its buyer sees it.
type Request struct {
	ID           string              `json:"id"`
	State        outcry.RequestState `json:"state" enum:"open,closed"`
	ClosedReason outcry.ClosedReason `json:"closed_reason,omitempty" enum:"enough,deadline,withdrawn,accepted,nobody"`
	ClosedAt     Time                `json:"closed_at,omitzero"`
	Code         string              `json:"code"`
	Words        string              `json:"words,omitempty" doc:"as typed, where the code came from words"`
	Attributes   json.RawMessage     `json:"attributes,omitempty"`
	Quantity     int                 `json:"quantity"`
	Note         string              `json:"note,omitempty"`
	Budget       *Budget             `json:"budget,omitempty"`
	Place        outcry.Place        `json:"place"`
	RadiusM      int                 `json:"radius_m"`
	NeededAt     *Time               `json:"needed_at,omitempty"`
	Deadline     Time                `json:"deadline"`
	Wanted       int                 `json:"wanted_offers"`
	Accepts      int                 `json:"accepts"`
	Rank         outcry.Rank         `json:"rank" enum:"best,price,near,rating,soon"`
	Languages    []string            `json:"languages,omitempty"`
	Capabilities []string            `json:"capabilities,omitempty" enum:"deliver,pickup,visit,reserve"`
	Locale       string              `json:"locale,omitempty"`
	LeastRating  float64             `json:"least_rating,omitzero" doc:"shops rated below so many stars are not called; missing: no matter"`
	CreatedAt    Time                `json:"created_at"`
	Policy       int                 `json:"policy_version" doc:"the version of the policy that runs it"`
	// Counts are missing in lists.
	Counts *outcry.Counts `json:"counts,omitempty" doc:"how many shops were called and what became of it; missing in lists"`
}

// RequestOf is a request without its counts.
func RequestOf(r outcry.Request) Request {
	return Request{
		ID: r.ID, State: r.State, ClosedReason: r.Reason, ClosedAt: Time(r.Closed), Code: string(r.Code), Words: r.Words,
		Attributes: r.Attributes, Quantity: r.Quantity, Note: r.Note, Budget: BudgetOf(r.Budget), Place: r.Place,
		RadiusM: r.RadiusM, NeededAt: Maybe(r.NeededAt), Deadline: Time(r.Deadline), Wanted: r.Wanted, Accepts: r.Accepts,
		Rank: r.Rank, Languages: r.Languages, Capabilities: Texts(r.Needs), Locale: r.Locale,
		LeastRating: r.LeastRating, CreatedAt: Time(r.Created), Policy: r.Policy,
	}
}

// CountedRequest is a request with its counts.
func CountedRequest(r outcry.Request, n outcry.Counts) Request {
	out := RequestOf(r)
	out.Counts = &n
	return out
}

// Extension is the body of POST /v1/requests/{id}/extend.
type Extension struct {
	Deadline  *Time    `json:"deadline,omitempty"`
	DeadlineS *float64 `json:"deadline_s,omitempty" doc:"the new deadline, in seconds from now"`
}

// Widening is the body of POST /v1/requests/{id}/widen; what is left out stays.
type Widening struct {
	RadiusM int    `json:"radius_m,omitzero" minimum:"1" doc:"a larger radius, in metres"`
	Code    string `json:"code,omitempty" minLength:"1" doc:"a code above the present one"`
	Wanted  int    `json:"wanted_offers,omitzero" minimum:"1" doc:"more offers"`
}

// Preview says what a request would meet, without asking.
type Preview struct {
	MatchingShops int    `json:"matching_shops" doc:"how many shops could be called"`
	Code          string `json:"code" doc:"the code that was asked for, or found from the words"`
	Name          string `json:"name"`
	Forms         Forms  `json:"forms"`
}
