package wire

import (
	"encoding/json"

	"outcry"
)

// Need is what a called shop learns of a request: neither who asks nor exactly
// where.
type Need struct {
	Code       string          `json:"code"`
	Attributes json.RawMessage `json:"attributes,omitempty"`
	Note       string          `json:"note,omitempty"`
	Quantity   int             `json:"quantity"`
	Budget     *Budget         `json:"budget,omitempty"`
	PlaceCell  outcry.Place    `json:"place_cell" doc:"the middle of a cell about 1 km wide in which the buyer is"`
	DistanceM  int             `json:"distance_m" doc:"from the shop to the middle of the cell"`
	NeededAt   *Time           `json:"needed_at,omitempty"`
	Locale     string          `json:"locale,omitempty"`
}

// Call is one request delivered to one shop, as that shop sees it.
type Call struct {
	ID           string              `json:"id"`
	ShopID       string              `json:"shop_id"`
	Request      Need                `json:"request"`
	Deadline     Time                `json:"deadline"`
	Wave         int                 `json:"wave"`
	State        outcry.CallState    `json:"state" enum:"waiting,offered,declined,missed,closed"`
	CalledAt     Time                `json:"called_at"`
	ClosedAt     Time                `json:"closed_at,omitzero"`
	ClosedReason outcry.ClosedReason `json:"closed_reason,omitempty" enum:"enough,deadline,withdrawn,accepted,nobody"`
	Declined     string              `json:"declined_reason,omitempty"`
	Offer        *Offer              `json:"offer,omitempty" doc:"the shop's own"`
}
