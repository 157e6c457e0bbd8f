package store

import (
	"encoding/json"
	"fmt"

	"outcry"
)

// encode writes what each event carries as the body of its row.
func encode(events []outcry.Event) ([]string, error) {
	bodies := make([]string, len(events))
	for i, e := range events {
		v, there := carried(e)
		if !there {
			return nil, outcry.BadField("events", "event %d, of kind %q, lacks what its kind says", i, e.Kind)
		}
		body, err := toJSON(v)
		if err != nil {
			return nil, err
		}
		bodies[i] = body
	}
	return bodies, nil
}

// carried is the part of an event that its kind says; there is false where it
// is missing, or the kind is unknown.
func carried(e outcry.Event) (v any, there bool) {
	switch e.Kind {
	case outcry.EventCalled:
		return e.Wave, e.Wave != nil
	case outcry.EventOffer, outcry.EventOfferRevised, outcry.EventOfferWithdrawn:
		return e.Offer, e.Offer != nil
	case outcry.EventDeclined:
		return e.Decline, e.Decline != nil
	case outcry.EventChanged:
		return e.Change, e.Change != nil
	case outcry.EventClosed:
		return e.Closing, e.Closing != nil
	case outcry.EventMessage:
		return e.Message, e.Message != nil
	case outcry.EventOrder:
		return e.Order, e.Order != nil
	case outcry.EventBook:
		return e.Book, e.Book != nil
	}
	return nil, false
}

func scanEvent(r row) (e outcry.Event, err error) {
	var at int64
	var body []byte
	if err := r.Scan(&e.Seq, &at, &e.Kind, &e.Request, &e.Shop, &body); err != nil {
		return e, err
	}
	e.At = fromMS(at)
	if err := decode(&e, body); err != nil {
		return e, fmt.Errorf("event %d: %w", e.Seq, err)
	}
	return e, nil
}

// decode reads the part of e that its kind says.
func decode(e *outcry.Event, body []byte) error {
	switch e.Kind {
	case outcry.EventCalled:
		return into(body, &e.Wave)
	case outcry.EventOffer, outcry.EventOfferRevised, outcry.EventOfferWithdrawn:
		return into(body, &e.Offer)
	case outcry.EventDeclined:
		return into(body, &e.Decline)
	case outcry.EventChanged:
		return into(body, &e.Change)
	case outcry.EventClosed:
		return into(body, &e.Closing)
	case outcry.EventMessage:
		return into(body, &e.Message)
	case outcry.EventOrder:
		return into(body, &e.Order)
	case outcry.EventBook:
		return into(body, &e.Book)
	}
	return fmt.Errorf("the log has an event of the unknown kind %q", e.Kind)
}

func into[T any](body []byte, at **T) error {
	*at = new(T)
	return json.Unmarshal(body, *at)
}
