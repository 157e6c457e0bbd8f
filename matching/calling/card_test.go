package calling_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"outcry"
	"outcry/matching/calling"
)

// square is where every shop stands.
type square outcry.Place

func (s square) Shop(id string) (outcry.Shop, bool) {
	return outcry.Shop{ID: id, Place: outcry.Place(s)}, true
}

func TestCard_TellsTheNeedButNeitherWhoNorWhere(t *testing.T) {
	t.Parallel()
	d := asked().calls(2, after(1))
	d.Request.Note, d.Request.Locale, d.Request.Attributes = "no nuts", "ko", json.RawMessage(`{"loaves":2}`)
	shop := square{Lat: 55.97, Lon: -3.2}
	card := calling.CardOf(d.Board, d.Call(1), after(2), shop)
	cell := d.Request.Place.Cell()
	if card.Need.PlaceCell != cell || cell == d.Request.Place {
		t.Errorf("the place is %v, want the cell %v", card.Need.PlaceCell, cell)
	}
	if want := int(math.Round(outcry.Place(shop).DistanceM(cell))); card.Need.DistanceM != want {
		t.Errorf("%d m away, want %d, from the cell", card.Need.DistanceM, want)
	}
	if card.ID != outcry.CallID(d.Request.ID, 1) || card.Shop != "shop_1" || card.Wave != 1 || !card.At.Equal(after(1)) ||
		card.State != outcry.CallWaiting || !card.Deadline.Equal(after(30)) || card.Offer != nil || card.OfferState != "" {
		t.Errorf("the card is %+v", card)
	}
	if n := card.Need; n.Note != "no nuts" || n.Locale != "ko" || string(n.Attributes) != `{"loaves":2}` || n.Code != "osm:shop=bakery" || n.Quantity != 1 {
		t.Errorf("the need is %+v", n)
	}
	text, err := json.Marshal(card)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{d.Request.Buyer, "55.95331", "-3.18127"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the card gives away %s", secret)
		}
	}
}

func TestCard_ShowsTheShopsOwnAnswer(t *testing.T) {
	t.Parallel()
	d := asked().calls(2, noon).offers(0, after(10))
	d.Apply(outcry.Event{Decline: &outcry.Decline{Call: 1, Reason: "sold out"}})
	d.closed(outcry.ClosedDeadline, after(30))
	card := calling.CardOf(d.Board, d.Call(0), after(31), square{})
	if card.State != outcry.CallOffered || card.OfferState != outcry.OfferExpired || card.Offer.Price.Amount != 300 ||
		card.Reason != outcry.ClosedDeadline || !card.Closed.Equal(after(30)) {
		t.Errorf("of the offer: %+v", card)
	}
	card.Offer.Price.Amount = 1
	if d.Call(0).Offer.Price.Amount != 300 {
		t.Error("whoever has the card can change the board")
	}
	if card = calling.CardOf(d.Board, d.Call(1), after(31), square{}); card.State != outcry.CallDeclined || card.Declined != "sold out" || card.Offer != nil {
		t.Errorf("of the decline: %+v", card)
	}
}
