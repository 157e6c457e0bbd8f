package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/cmd/outcry/live"
	"outcry/wire"
	"outcry/wire/dial"
)

// follow tells what happens to a request, line by line, until it is closed;
// then it shows the board, and accepts what it was told to.
func (a *asking) follow(ctx context.Context) error {
	if err := a.begin(); err != nil {
		return err
	}
	var order *wire.Order
	for e, err := range a.client.Watch(ctx, a.request.ID, 0) {
		if err != nil {
			return err
		}
		if err := a.event(e); err != nil {
			return err
		}
		if a.ask.Accept == "first" && e.Kind == wire.EventOffer && order == nil {
			if order, err = a.accept(ctx, e.Offer.ID, e.Offer.Version); err != nil {
				return err
			}
		}
		if e.Closed != nil || e.Board != nil && e.Board.Request.State == outcry.RequestClosed {
			return a.end(ctx, order)
		}
	}
	a.leave(ctx) // told to stop before the request was closed
	return context.Cause(ctx)
}

// begin says what was asked.
func (a *asking) begin() error {
	r := a.request
	if a.JSON {
		return a.tellEvent("asked", 0, r)
	}
	left := time.Time(r.Deadline).Sub(time.Time(r.CreatedAt))
	a.say("Asked for %s (%s) within %s of %.4g, %.4g; %s to answer.",
		column.Clean(a.name), r.Code, input.Distance(r.RadiusM), r.Place.Lat, r.Place.Lon, live.Clock(left))
	return nil
}

// event tells one event.
func (a *asking) event(e buyer.Event) error {
	if a.JSON {
		var data any
		if json.Valid(e.Data) {
			data = json.RawMessage(e.Data)
		}
		return a.tellEvent(e.Kind, e.Seq, data)
	}
	if line := words(e); line != "" {
		since := time.Since(time.Time(a.request.CreatedAt)).Truncate(100 * time.Millisecond)
		a.say("%6.1fs  %s", since.Seconds(), line)
	}
	return nil
}

// words say an event for people; "" where there is nothing to say.
func words(e buyer.Event) string {
	switch {
	case e.Called != nil:
		return fmt.Sprintf("○ called     %d shops, %d in all", len(e.Called.Shops), e.Called.Counts.Called)
	case e.Offer != nil:
		return "⬡ " + offered(e.Kind, e.Offer)
	case e.Declined != nil && e.Declined.Reason != "":
		return "× declined   " + column.Clean(e.Declined.Shop.Name+": "+e.Declined.Reason)
	case e.Declined != nil:
		return "× declined   " + column.Clean(e.Declined.Shop.Name)
	case e.Closed != nil:
		return fmt.Sprintf("closed       %s: %d offered, %d declined, %d called", e.Closed.Reason,
			e.Closed.Counts.Offered, e.Closed.Counts.Declined, e.Closed.Counts.Called)
	case e.Message != nil:
		return "message      " + column.Clean(e.Message.Text)
	case e.Order != nil:
		return "order        " + string(e.Order.State)
	case e.Kind == dial.Lost:
		return "No connection. Trying again."
	case e.Kind == dial.Back:
		return "Back on the line."
	}
	return ""
}

// offered says an offer, its revision or its withdrawal.
func offered(kind string, o *wire.OfferNews) string {
	verb := map[string]string{
		wire.EventOffer: "offer    ", wire.EventOfferRevised: "revised  ", wire.EventOfferWithdrawn: "withdrawn",
	}[kind]
	return strings.TrimRight(fmt.Sprintf("%s  %s  %s  %s  %s", verb, column.Left(o.Price.String(), 8),
		column.Left(column.Clean(o.Shop.Name), 28), column.Right(input.Distance(o.Shop.DistanceM).String(), 7),
		live.When(o.AvailableAt, time.Now())), " ")
}

// end shows the board of a closed request and accepts the best offer where that
// was wanted.
func (a *asking) end(ctx context.Context, order *wire.Order) error {
	board, err := a.client.Board(ctx, a.request.ID, "")
	if err != nil {
		return err
	}
	s := live.State{Board: board}
	if best, ok := s.Choice(); ok && a.ask.Accept == "best" && order == nil {
		if _, err = a.accept(ctx, best.ID, best.Version); err != nil {
			return err
		}
		if board, err = a.client.Board(ctx, a.request.ID, ""); err != nil {
			return err
		}
	}
	if a.JSON {
		return a.tellEvent("board", board.Seq, board)
	}
	if len(board.Offers) == 0 {
		a.say("\nNobody answered in time. Ask again within %s, or give more time.", input.Distance(2*a.request.RadiusM))
		return nil
	}
	a.say("")
	for _, line := range live.Table(board, a.width(), time.Now()) {
		a.say("%s", line)
	}
	return nil
}

// accept takes an offer; one that was taken back or changed meanwhile is told,
// and no failure.
func (a *asking) accept(ctx context.Context, offer string, version int) (*wire.Order, error) {
	order, err := a.client.Accept(ctx, offer, version, a.ask.Contact)
	if outcry.KindOf(err) == outcry.Conflict {
		if e, ok := errors.AsType[*outcry.Error](err); ok {
			a.note("Not accepted: %s", e.Msg)
		}
		return nil, nil //nolint:nilnil // no order, and nothing went wrong
	}
	if err != nil {
		return nil, err
	}
	if a.JSON {
		return &order, a.tellEvent("accepted", 0, order)
	}
	a.say("%8s ⬢ Accepted %s from %s: order %s. %s", "", order.Terms.Price, column.Clean(order.Shop.Name), order.ID, live.Next(order))
	return &order, nil
}
