package store

import (
	"context"

	"outcry"
)

const orderColumns = "id, request_id, offer_id, shop_id, buyer_id, terms, contact, state, reason, created, updated, buyer_rated, shop_rated"

func scanOrder(r row) (o outcry.Order, err error) {
	var terms string
	var created, updated int64
	err = r.Scan(&o.ID, &o.Request, &o.Offer, &o.Shop, &o.Buyer, &terms, &o.Contact, &o.State, &o.Reason,
		&created, &updated, &o.BuyerRated, &o.ShopRated)
	if err != nil {
		return o, err
	}
	o.Created, o.Updated = fromMS(created), fromMS(updated)
	return o, fromJSON(terms, &o.Terms)
}

// Order gives an order, or NotFound.
func (s *Store) Order(ctx context.Context, id string) (outcry.Order, error) {
	o, found, err := find(ctx, s.read, scanOrder, "SELECT "+orderColumns+" FROM orders WHERE id = $1", id)
	if err == nil && !found {
		return o, outcry.Missing("order")
	}
	return o, wrap("read order", err)
}

// OrderFilter says which orders are listed; what is empty does not matter.
type OrderFilter struct {
	Buyer, Shop, Request string
}

// Orders lists orders, the newest first.
func (s *Store) Orders(ctx context.Context, which OrderFilter, p outcry.Page) ([]outcry.Order, string, error) {
	f := filter{text: "SELECT " + orderColumns + " FROM orders"}
	for _, c := range []struct{ condition, value string }{
		{"buyer_id =", which.Buyer}, {"shop_id =", which.Shop}, {"request_id =", which.Request},
	} {
		if c.value != "" {
			f.and(c.condition, c.value)
		}
	}
	f.order("id", true, p)
	items, next, err := page(ctx, s.read, &f, p, reading[outcry.Order]{scanOrder, func(o outcry.Order) string { return o.ID }})
	return items, next, wrap("list orders", err)
}

// commitOrders writes a batch's orders and ratings. Moves go first: an order
// that is called off makes room for another.
func (t *tx) commitOrders(ctx context.Context, b outcry.Batch) error {
	for _, o := range b.Moved {
		if err := t.moveOrder(ctx, b.Request, o); err != nil {
			return wrap("move order", err)
		}
	}
	if err := t.placeOrders(ctx, b); err != nil {
		return wrap("place order", err)
	}
	for _, r := range b.Rated {
		if err := t.rate(ctx, b.Request, r); err != nil {
			return wrap("rate order", err)
		}
	}
	return nil
}

// moveOrder writes an order's new state. Its terms never change.
func (t *tx) moveOrder(ctx context.Context, request string, o outcry.Order) error {
	n, err := t.exec(ctx, "UPDATE orders SET state = $1, reason = $2, updated = $3 WHERE id = $4 AND request_id = $5",
		string(o.State), o.Reason, ms(o.Updated), o.ID, request)
	if err == nil && n == 0 {
		return outcry.Missing("order")
	}
	return err
}

// placeOrders gives each new order a slot of its own among those that the
// request accepts; an order that was refused or called off has left its slot.
func (t *tx) placeOrders(ctx context.Context, b outcry.Batch) error {
	if len(b.Placed) == 0 {
		return nil
	}
	accepts, _, err := find(ctx, t, scanNumber, "SELECT accepts FROM requests WHERE id = $1", b.Request)
	if err != nil {
		return err
	}
	taken, err := list(ctx, t, scanNumber,
		"SELECT slot FROM orders WHERE request_id = $1 AND state <> 'refused' AND state <> 'cancelled' ORDER BY slot", b.Request)
	if err != nil {
		return err
	}
	var free []int64
	for slot := range accepts {
		if len(taken) > 0 && taken[0] == slot {
			taken = taken[1:]
			continue
		}
		free = append(free, slot)
	}
	if len(b.Placed) > len(free) {
		return alreadyAccepted("the request has as many orders as it accepts")
	}
	for i, o := range b.Placed {
		if err := t.placeOrder(ctx, b.Request, free[i], o); err != nil {
			return err
		}
	}
	return nil
}

func alreadyAccepted(msg string) error {
	return &outcry.Error{Kind: outcry.Conflict, Code: "already_accepted", Msg: msg}
}

func (t *tx) placeOrder(ctx context.Context, request string, slot int64, o outcry.Order) error {
	if o.Request != request {
		return outcry.BadField("placed", "order %s is of another request", o.ID)
	}
	terms, err := toJSON(o.Terms)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `INSERT INTO orders (id, request_id, slot, offer_id, shop_id, buyer_id, price, currency, terms, contact,
		state, reason, created, updated, buyer_rated, shop_rated)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0) ON CONFLICT DO NOTHING`,
		o.ID, o.Request, slot, o.Offer, o.Shop, o.Buyer, o.Terms.Price.Amount, o.Terms.Price.Currency, terms, o.Contact,
		string(o.State), o.Reason, ms(o.Created), ms(o.Updated))
	if err == nil && n == 0 {
		return alreadyAccepted("this offer has become an order before")
	}
	return err
}

// rate takes one party's rating of an order, once; a buyer's counts for the
// shop.
func (t *tx) rate(ctx context.Context, request string, r outcry.OrderRating) error {
	column, known := map[outcry.Party]string{outcry.PartyBuyer: "buyer_rated", outcry.PartyShop: "shop_rated"}[r.By]
	if !known || r.Stars < 1 || r.Stars > 5 {
		return outcry.BadField("rating", "the buyer or the shop gives 1 to 5 stars")
	}
	shop, found, err := find(ctx, t, scanText, "SELECT shop_id FROM orders WHERE id = $1 AND request_id = $2", r.Order, request)
	switch {
	case err != nil:
		return err
	case !found || shop != r.Shop:
		return outcry.Missing("order")
	}
	n, err := t.exec(ctx, "INSERT INTO ratings (order_id, by_party, shop_id, stars, words) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
		r.Order, string(r.By), shop, int64(r.Stars), r.Text)
	switch {
	case err != nil:
		return err
	case n == 0:
		return &outcry.Error{Kind: outcry.Conflict, Code: "already_rated", Msg: "each side rates an order once"}
	}
	if _, err := t.exec(ctx, "UPDATE orders SET "+column+" = $1 WHERE id = $2", int64(r.Stars), r.Order); err != nil {
		return err
	}
	if r.By == outcry.PartyBuyer {
		_, err = t.exec(ctx, "UPDATE shops SET stars = stars + $1, ratings = ratings + 1 WHERE id = $2", int64(r.Stars), shop)
	}
	return err
}
