package calling

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf8"

	"outcry"
	"outcry/policy"
)

// Forms checks the attributes of an offer against the form of its code;
// location is where they stand in the input.
type Forms interface {
	CheckOffer(code outcry.Code, attributes []byte, location string) error
}

// Desk is where answers to one request are checked.
type Desk struct {
	Board *outcry.Board
	Now   time.Time
	Forms Forms
	Rules policy.Offers
}

// Offer takes a shop's offer to a call. A shop has one live offer: the same one
// again is taken as said before (no event), another one is refused.
func (d Desk) Offer(c *outcry.Call, bid outcry.Bid) (outcry.Offer, *outcry.Event, error) {
	if c.Offer != nil && !c.Withdrawn {
		if same(c.Offer.Bid, bid) {
			return *c.Offer, nil, nil
		}
		if err := d.open("offer"); err != nil {
			return outcry.Offer{}, nil, err
		}
		return outcry.Offer{}, nil, &outcry.Error{Op: "offer", Kind: outcry.Conflict, Code: "already_offered",
			Msg: "the shop has an offer to this call; revise it with PUT /v1/offers/" + outcry.OfferID(d.Board.Request.ID, c.N)}
	}
	if err := d.open("offer"); err != nil {
		return outcry.Offer{}, nil, err
	}
	bid, err := d.checked(bid)
	if err != nil {
		return outcry.Offer{}, nil, err
	}
	o := outcry.Offer{
		ID: outcry.OfferID(d.Board.Request.ID, c.N), Call: c.N, Version: 1, Bid: bid, At: d.Now, First: d.Now,
	}
	if c.Offer != nil {
		o.Version = c.Offer.Version + 1
	}
	return o, d.event(outcry.EventOffer, c, o), nil
}

// Revise makes a new version of an offer. It may be revised while it is live,
// also after the request has closed; version must be the present one.
func (d Desk) Revise(c *outcry.Call, version int, bid outcry.Bid) (outcry.Offer, *outcry.Event, error) {
	if err := d.standing(c, version, "revise offer"); err != nil {
		return outcry.Offer{}, nil, err
	}
	bid, err := d.checked(bid)
	if err != nil {
		return outcry.Offer{}, nil, err
	}
	o := *c.Offer
	o.Version, o.Bid, o.At = o.Version+1, bid, d.Now
	return o, d.event(outcry.EventOfferRevised, c, o), nil
}

// Withdraw takes an offer back. One that is withdrawn already stays so.
func (d Desk) Withdraw(c *outcry.Call, version int) (outcry.Offer, *outcry.Event, error) {
	if c.Withdrawn {
		return *c.Offer, nil, nil
	}
	if err := d.standing(c, version, "withdraw offer"); err != nil {
		return outcry.Offer{}, nil, err
	}
	o := *c.Offer
	o.Version, o.At = o.Version+1, d.Now
	return o, d.event(outcry.EventOfferWithdrawn, c, o), nil
}

// Decline refuses a call. A call that is declined already stays so.
func (d Desk) Decline(c *outcry.Call, reason string) (*outcry.Event, error) {
	if c.Declined != nil {
		return nil, nil
	}
	if err := d.open("decline"); err != nil {
		return nil, err
	}
	if c.Offer != nil && !c.Withdrawn {
		return nil, &outcry.Error{Op: "decline", Kind: outcry.Conflict, Code: "already_offered",
			Msg: "the shop has offered; withdraw the offer with DELETE /v1/offers/" + c.Offer.ID}
	}
	if utf8.RuneCountInString(reason) > outcry.MaxReason {
		return nil, outcry.BadField("body.reason", "write at most %d characters", outcry.MaxReason)
	}
	return &outcry.Event{
		At: d.Now, Kind: outcry.EventDeclined, Request: d.Board.Request.ID, Shop: c.Shop,
		Decline: &outcry.Decline{Call: c.N, Reason: reason},
	}, nil
}

// event is the log's row for a version of an offer.
func (d Desk) event(kind outcry.EventKind, c *outcry.Call, o outcry.Offer) *outcry.Event {
	return &outcry.Event{At: d.Now, Kind: kind, Request: d.Board.Request.ID, Shop: c.Shop, Offer: &o}
}

// open says why a request takes no answers, with when and why it closed.
func (d Desk) open(op string) error {
	b := d.Board
	if !b.Closed() && d.Now.Before(b.Request.Deadline) {
		return nil
	}
	why, at := outcry.ClosedDeadline, b.Request.Deadline
	if b.Closed() {
		why, at = b.Request.Reason, b.Request.Closed
	}
	return &outcry.Error{Op: op, Kind: outcry.Closed, Code: "call_closed",
		Msg: fmt.Sprintf("closed at %s: %s. Yours was not taken.", at.UTC().Format("2006-01-02T15:04:05.000Z"), whyClosed[why])}
}

// whyClosed tells the reasons in words.
var whyClosed = map[outcry.ClosedReason]string{
	outcry.ClosedEnough:    "enough offers were in",
	outcry.ClosedDeadline:  "time was up",
	outcry.ClosedNobody:    "time was up",
	outcry.ClosedWithdrawn: "the buyer withdrew the request",
	outcry.ClosedAccepted:  "the buyer accepted another offer",
}

// standing says why an offer cannot be changed by its shop.
func (d Desk) standing(c *outcry.Call, version int, op string) error {
	switch state := d.Board.OfferState(c, d.Now); {
	case state == "":
		return outcry.Missing("offer")
	case state == outcry.OfferWithdrawn:
		return &outcry.Error{Op: op, Kind: outcry.Conflict, Code: "offer_withdrawn",
			Msg: "the offer is withdrawn; while the request is open POST a new one to its call"}
	case state == outcry.OfferAccepted:
		return &outcry.Error{Op: op, Kind: outcry.Conflict, Code: "offer_accepted",
			Msg: "the offer was accepted: its terms are those of an order now"}
	case state == outcry.OfferLost:
		return &outcry.Error{Op: op, Kind: outcry.Conflict, Code: "offer_lost",
			Msg: "the buyer has closed the deal or withdrawn the request"}
	case version != 0 && version != c.Offer.Version:
		return &outcry.Error{Op: op, Kind: outcry.Conflict, Code: "offer_changed",
			Msg: fmt.Sprintf("the offer is at version %d, not %d; look again", c.Offer.Version, version)}
	}
	return nil
}

// checked is the bid with what the shop left open filled in, or what is wrong
// with it.
func (d Desk) checked(bid outcry.Bid) (outcry.Bid, error) {
	var bad outcry.Complaints
	asked := d.Board.Request
	bid.Price.Check(&bad, "body.price")
	if asked.Budget != nil && len(bad) == 0 {
		if bid.Price.Currency != asked.Budget.Currency {
			bad.Add("body.price.currency", "the buyer pays in %s", asked.Budget.Currency)
		} else if bid.Price.Amount > asked.Budget.Amount {
			bad.Add("body.price.amount", "the buyer pays at most %d (%s)", asked.Budget.Amount, asked.Budget)
		}
	}
	if utf8.RuneCountInString(bid.Message) > outcry.MaxMessage {
		bad.Add("body.message", "write at most %d characters", outcry.MaxMessage)
	}
	d.checkTimes(&bid, &bad)
	if err := bad.Err(); err != nil {
		return bid, err
	}
	return bid, d.Forms.CheckOffer(asked.Code, bid.Attributes, "body.attributes")
}

// checkTimes fills in how long the offer stands and checks both of its times.
func (d Desk) checkTimes(bid *outcry.Bid, bad *outcry.Complaints) {
	if at := bid.AvailableAt; at != nil && (at.Before(d.Now.Add(-time.Minute)) || at.After(d.Now.Add(outcry.MaxAhead))) {
		bad.Add("body.available_at", "write a time from now to %d days ahead", int(outcry.MaxAhead.Hours()/24))
	}
	if bid.ValidUntil.IsZero() {
		from := d.Board.Request.Deadline
		if from.Before(d.Now) {
			from = d.Now
		}
		bid.ValidUntil = from.Add(policy.Seconds(d.Rules.ValidForS)).UTC().Truncate(time.Millisecond)
	}
	if !bid.ValidUntil.After(d.Now) || bid.ValidUntil.After(d.Now.Add(outcry.MaxAhead)) {
		bad.Add("body.valid_until", "write a time from now to %d days ahead", int(outcry.MaxAhead.Hours()/24))
	}
}

// same says whether a bid repeats one that was taken.
func same(taken, again outcry.Bid) bool {
	if !again.ValidUntil.IsZero() && !again.ValidUntil.Equal(taken.ValidUntil) {
		return false
	}
	if (again.AvailableAt == nil) != (taken.AvailableAt == nil) ||
		again.AvailableAt != nil && !again.AvailableAt.Equal(*taken.AvailableAt) {
		return false
	}
	return again.Price == taken.Price && again.Message == taken.Message &&
		bytes.Equal(bytes.TrimSpace(again.Attributes), bytes.TrimSpace(taken.Attributes))
}
