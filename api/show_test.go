package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/api"
	"outcry/matching/board"
	"outcry/matching/calling"
	"outcry/policy"
)

// names are shops by their ids.
type names map[string]outcry.Shop

func (n names) Shop(id string) (outcry.Shop, bool) {
	s, ok := n[id]
	return s, ok
}

// deal is a board with two called shops, of which the first has offered.
func deal() (*outcry.Board, names, []outcry.Event) {
	at := time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)
	asked := outcry.Request{
		ID: outcry.NewID(outcry.RequestPrefix, at, strings.NewReader("0123456789")), Buyer: "mem_secret", Accepts: 1, State: outcry.RequestOpen, Created: at,
		Ask: outcry.Ask{Code: "osm:shop=bakery", Quantity: 1, Place: outcry.Place{Lat: 55.9533331, Lon: -3.1883337}, RadiusM: 3000,
			Deadline: at.Add(time.Minute), Wanted: 2, Rank: outcry.RankBest},
	}
	offer := outcry.Offer{
		ID: outcry.OfferID(asked.ID, 0), Version: 1, At: at, First: at,
		Bid: outcry.Bid{Price: outcry.Money{Amount: 450, Currency: "GBP"}, ValidUntil: at.Add(time.Hour)},
	}
	events := []outcry.Event{
		{Seq: 1, At: at, Kind: outcry.EventCalled, Request: asked.ID, Wave: &outcry.Wave{N: 1, Calls: []outcry.Called{{N: 0, Shop: "shop_a"}, {N: 1, Shop: "shop_b"}}}},
		{Seq: 2, At: at, Kind: outcry.EventOffer, Request: asked.ID, Shop: "shop_a", Offer: &offer},
		{Seq: 3, At: at, Kind: outcry.EventDeclined, Request: asked.ID, Shop: "shop_b", Decline: &outcry.Decline{Call: 1, Reason: "sold out"}},
		{Seq: 4, At: at, Kind: outcry.EventMessage, Request: asked.ID, Shop: "shop_b", Message: &outcry.Message{ID: "msg_1", Shop: "shop_b", Text: "hm", At: at}},
		{Seq: 5, At: at, Kind: outcry.EventOrder, Request: asked.ID, Shop: "shop_a", Order: &outcry.OrderStep{Order: "ord_1", Offer: offer.ID, State: outcry.OrderPlaced}},
		{Seq: 6, At: at, Kind: outcry.EventChanged, Request: asked.ID, Change: &outcry.Change{Deadline: at, RadiusM: 3000, Code: "osm:shop=bakery", Wanted: 2}},
		{Seq: 7, At: at, Kind: outcry.EventClosed, Request: asked.ID, Closing: &outcry.Closing{Reason: outcry.ClosedAccepted}},
		{Seq: 8, At: at, Kind: outcry.EventBook, Shop: "shop_a", Book: &outcry.BookChange{Version: 2}},
	}
	b := outcry.NewBoard(asked)
	for _, e := range events[:3] {
		b.Apply(e)
	}
	return b, names{"shop_a": {ID: "shop_a", Name: "Crumb", Contact: "0131"}, "shop_b": {ID: "shop_b", Name: "Crust", Contact: "0131"}}, events
}

// TestCall_TellsNeitherWhoNorWhere: before a deal a shop learns the need and the
// rough place alone.
func TestCall_TellsNeitherWhoNorWhere(t *testing.T) {
	t.Parallel()
	b, shops, _ := deal()
	text, err := json.Marshal(api.CallOf(calling.CardOf(b, b.Call(0), b.Request.Created, shops)))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"mem_secret", "55.9533331", "3.1883337", "radius", "buyer", "shop_b", "wanted"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the call tells %s: %s", secret, text)
		}
	}
	cell := b.Request.Place.Cell()
	if want := mustJSON(t, cell); !strings.Contains(string(text), `"place_cell":`+want) || cell == b.Request.Place {
		t.Errorf("the call lacks the cell %s: %s", want, text)
	}
}

func TestEvents_EachSideHearsItsOwn(t *testing.T) {
	t.Parallel()
	b, shops, events := deal()
	slips := board.Slips(b, shops, outcry.RankBest, board.Scales{Ranking: policy.Default().Ranking}, b.Request.Created)
	heard := map[string][]string{}
	for _, e := range events {
		if name, data, ok := api.BoardEvent(e, api.Standing{Counts: b.Counts(), Slips: slips, Shops: shops}); ok {
			heard["buyer"] = append(heard["buyer"], name)
			if text := mustJSON(t, data); strings.Contains(text, "0131") || strings.Contains(text, "0001-01-01") {
				t.Errorf("the buyer's %s tells a contact or a time that is none: %s", name, text)
			}
		}
		for _, shop := range []string{"shop_a", "shop_b", "shop_c"} {
			var card *calling.Card
			if c := b.Called(shop); c != nil {
				found := calling.CardOf(b, c, b.Request.Created, shops)
				card = &found
			}
			name, data, ok := api.ShopEvent(e, shop, card)
			if !ok {
				continue
			}
			heard[shop] = append(heard[shop], name)
			for _, other := range []string{"shop_a", "shop_b"} {
				if text := mustJSON(t, data); other != shop && strings.Contains(text, other) || strings.Contains(text, "mem_secret") {
					t.Errorf("%s hears of %s or of the buyer: %s", shop, other, text)
				}
			}
		}
	}
	for who, want := range map[string]string{
		"buyer": "called offer declined message order changed closed", "shop_a": "call order closed book", "shop_b": "call message closed", "shop_c": "",
	} {
		if got := strings.Join(heard[who], " "); got != want {
			t.Errorf("%s heard %q, want %q", who, got, want)
		}
	}
}

func TestBoardEvent_AnOldVersionKeepsItsOwnTerms(t *testing.T) {
	t.Parallel()
	b, shops, events := deal()
	old := events[1]
	next := *old.Offer
	next.Version, next.Price.Amount = 2, 400
	b.Apply(outcry.Event{Seq: 9, Kind: outcry.EventOfferRevised, Request: b.Request.ID, Shop: "shop_a", Offer: &next})
	slips := board.Slips(b, shops, outcry.RankBest, board.Scales{Ranking: policy.Default().Ranking}, b.Request.Created)
	_, data, _ := api.BoardEvent(old, api.Standing{Counts: b.Counts(), Slips: slips, Shops: shops})
	text := mustJSON(t, data)
	if !strings.Contains(text, `"amount":450`) || !strings.Contains(text, `"version":1`) || !strings.Contains(text, `"rank":0`) || !strings.Contains(text, `"name":"Crumb"`) {
		t.Errorf("the first version is told as %s", text)
	}
}
