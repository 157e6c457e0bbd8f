package shop

import (
	"bytes"
	"context"
	"errors"
	"time"

	"outcry"
	"outcry/wire"
	"outcry/wire/dial"
)

// answers are the ways in which a shop answers, those of a Client and of a Line.
type answers interface {
	Offer(ctx context.Context, call string, bid wire.Bid) (wire.Offer, error)
	Revise(ctx context.Context, offer string, version int, bid wire.Bid) (wire.Offer, error)
	Withdraw(ctx context.Context, offer string, version int) error
	Decline(ctx context.Context, call, reason string) error
}

var (
	_ answers = (*Client)(nil)
	_ answers = (*Line)(nil)
)

// Offer answers a call, as Client.Offer does. The same offer again is the same
// answer.
func (l *Line) Offer(ctx context.Context, call string, bid wire.Bid) (o wire.Offer, err error) {
	a := dial.Ask{Type: wire.UpOffer, Data: wire.UpBid{CallID: call, Bid: bid}}
	if err = l.line.Ask(ctx, a, &o); errors.Is(err, dial.ErrNoLine) {
		return l.client.Offer(ctx, call, bid)
	}
	return o, err
}

// Revise makes a new version of an offer out of the version that it is at; 0 is
// whichever stands. Where the line broke after the market had taken it, it is the
// version that the market has.
func (l *Line) Revise(ctx context.Context, offer string, version int, bid wire.Bid) (o wire.Offer, err error) {
	a := dial.Ask{Type: wire.UpRevise, Data: wire.UpBid{OfferID: offer, Version: version, Bid: bid}}
	err = l.line.Ask(ctx, a, &o)
	switch {
	case errors.Is(err, dial.ErrNoLine):
		return l.client.Revise(ctx, offer, version, bid)
	case outcry.CodeOf(err) == "offer_changed":
		if own, ok := l.revised(ctx, offer, version, bid); ok {
			return own, nil
		}
	}
	return o, err
}

// revised looks whether an offer is at the version that a revision would have
// made, and says what it said.
func (l *Line) revised(ctx context.Context, offer string, version int, bid wire.Bid) (o wire.Offer, ok bool) {
	request, n, ok := outcry.RequestOf(offer)
	if !ok {
		return o, false
	}
	call, err := l.client.Call(ctx, outcry.CallID(request, n))
	if err != nil || call.Offer == nil || call.Offer.ID != offer || call.Offer.Version != version+1 {
		return o, false
	}
	o = *call.Offer
	same := o.Price == bid.Price && o.Message == bid.Message && sameTime(o.AvailableAt, bid.AvailableAt) &&
		(bid.ValidUntil == nil || sameTime(&o.ValidUntil, bid.ValidUntil)) &&
		bytes.Equal(bytes.TrimSpace(o.Attributes), bytes.TrimSpace(bid.Attributes))
	return o, same
}

func sameTime(a, b *wire.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && time.Time(*a).Equal(time.Time(*b))
}

// Withdraw takes an offer back, in the version that it is at, until it is
// accepted; 0 is whichever stands. One that is withdrawn stays so.
func (l *Line) Withdraw(ctx context.Context, offer string, version int) error {
	a := dial.Ask{Type: wire.UpWithdraw, Data: wire.UpOut{OfferID: offer, Version: version}}
	err := l.line.Ask(ctx, a, nil)
	if errors.Is(err, dial.ErrNoLine) {
		return l.client.Withdraw(ctx, offer, version)
	}
	return err
}

// Decline refuses a call. The reason may be "". One that is declined stays so.
func (l *Line) Decline(ctx context.Context, call, reason string) error {
	a := dial.Ask{Type: wire.UpDecline, Data: wire.UpOut{CallID: call, Reason: reason}}
	err := l.line.Ask(ctx, a, nil)
	if errors.Is(err, dial.ErrNoLine) {
		return l.client.Decline(ctx, call, reason)
	}
	return err
}

// Say writes to the buyer of a call. A text is never said twice by itself: where
// the line broke before the answer came the error has the code "maybe", and
// Client.Messages shows whether it was said.
func (l *Line) Say(ctx context.Context, call, text string) (m wire.Message, err error) {
	a := dial.Ask{Type: wire.UpMessage, Data: wire.UpText{CallID: call, Text: text}, Once: true}
	if err = l.line.Ask(ctx, a, &m); errors.Is(err, dial.ErrNoLine) {
		return l.client.Say(ctx, call, text)
	}
	return m, err
}

// Acknowledge tells the market that this shop server holds a version of the
// book.
func (l *Line) Acknowledge(ctx context.Context, version int) (b wire.Book, err error) {
	a := dial.Ask{Type: wire.UpAck, Data: wire.Acknowledgement{Version: version}}
	if err = l.line.Ask(ctx, a, &b); errors.Is(err, dial.ErrNoLine) {
		return l.client.Acknowledge(ctx, version)
	}
	return b, err
}
