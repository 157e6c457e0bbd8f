package storetest

import (
	"fmt"
	"slices"

	"outcry"
	"outcry/store"
)

// deal is a request with shops called and the orders that could be made of
// their offers, at one's will.
func (m *market) deal(accepts, shops int) (q outcry.Request, orders []outcry.Order) {
	m.Helper()
	q = m.request(accepts)
	ids := m.shops(shops)
	m.write(q.ID, m.called(1, 0, ids...))
	for i, shop := range ids {
		orders = append(orders, m.order(q, i, shop))
	}
	return q, orders
}

// place commits orders to the end of their request's log.
func (m *market) place(orders ...outcry.Order) error {
	m.Helper()
	request := orders[0].Request
	_, err := m.Commit(m.ctx, outcry.Batch{Request: request, Base: m.end(request), Placed: orders})
	return err
}

// move commits one order's new state.
func (m *market) move(o outcry.Order, to outcry.OrderState) outcry.Order {
	m.Helper()
	o.State, o.Updated, o.Reason = to, m.tick(), "because"
	m.commit(outcry.Batch{Request: o.Request, Moved: []outcry.Order{o}})
	return o
}

var orders = []promise{
	{"Order_IsKeptWhole", func(m *market) {
		_, orders := m.deal(1, 1)
		m.ok(m.place(orders...))
		got, err := m.Order(m.ctx, orders[0].ID)
		m.ok(err)
		m.same("order", got, orders[0])
		_, err = m.Order(m.ctx, "ord_none")
		m.fails(err, outcry.NotFound, "not_found")
	}},
	{"Order_AsManyAsAcceptedAndNoMore", func(m *market) {
		_, orders := m.deal(2, 4)
		m.ok(m.place(orders[0]))
		m.fails(m.place(orders[1], orders[2]), outcry.Conflict, "already_accepted")
		m.ok(m.place(orders[1]))
		m.fails(m.place(orders[2]), outcry.Conflict, "already_accepted")
	}},
	{"Order_CalledOffLeavesItsPlace", func(m *market) {
		_, orders := m.deal(2, 5)
		m.ok(m.place(orders[0], orders[1]))
		m.move(orders[0], outcry.OrderCancelled)
		m.ok(m.place(orders[2]))
		m.fails(m.place(orders[3]), outcry.Conflict, "already_accepted")
		m.move(orders[1], outcry.OrderRefused)
		m.ok(m.place(orders[3]))
		m.fails(m.place(orders[4]), outcry.Conflict, "already_accepted")
		m.move(orders[2], outcry.OrderCompleted)
		m.fails(m.place(orders[4]), outcry.Conflict, "already_accepted")
	}},
	{"Order_OneAnOffer", func(m *market) {
		q, orders := m.deal(3, 1)
		m.ok(m.place(orders[0]))
		m.fails(m.place(m.order(q, 0, orders[0].Shop)), outcry.Conflict, "already_accepted")
		m.move(orders[0], outcry.OrderCancelled)
		m.fails(m.place(m.order(q, 0, orders[0].Shop)), outcry.Conflict, "already_accepted")
	}},
	{"Order_AllOfABatchOrNothing", func(m *market) {
		q, orders := m.deal(3, 2)
		twice := m.order(q, 0, orders[0].Shop)
		_, err := m.Commit(m.ctx, outcry.Batch{
			Request: q.ID, Base: m.end(q.ID), Placed: []outcry.Order{orders[0], twice},
			Events: []outcry.Event{m.closed(outcry.ClosedAccepted)},
		})
		m.fails(err, outcry.Conflict, "already_accepted")
		_, err = m.Order(m.ctx, orders[0].ID)
		m.fails(err, outcry.NotFound, "not_found")
		m.same("log", len(m.tail(0)), 1)
	}},
	{"Order_MovesButKeepsItsTerms", func(m *market) {
		q, orders := m.deal(1, 1)
		m.ok(m.place(orders[0]))
		forged := orders[0]
		forged.Terms.Price.Amount, forged.Contact, forged.BuyerRated = 1, "x", 5
		moved := m.move(forged, outcry.OrderConfirmed)
		got, err := m.Order(m.ctx, moved.ID)
		m.ok(err)
		want := orders[0]
		want.State, want.Updated, want.Reason = moved.State, moved.Updated, moved.Reason
		m.same("order", got, want)
		forged.ID = "ord_none"
		_, err = m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: m.end(q.ID), Moved: []outcry.Order{forged}})
		m.fails(err, outcry.NotFound, "not_found")
		other := m.request(1)
		_, err = m.Commit(m.ctx, outcry.Batch{Request: other.ID, Moved: orders})
		m.fails(err, outcry.NotFound, "not_found")
		_, err = m.Commit(m.ctx, outcry.Batch{Request: other.ID, Placed: []outcry.Order{m.order(q, 0, orders[0].Shop)}})
		m.fails(err, outcry.Invalid, "invalid")
	}},
	{"Order_Lists", func(m *market) {
		q, orders := m.deal(5, 5)
		m.ok(m.place(orders...))
		other, others := m.deal(1, 1)
		m.ok(m.place(others...))
		slices.Reverse(orders)
		for _, c := range []struct {
			which store.OrderFilter
			want  []outcry.Order
		}{
			{store.OrderFilter{}, append(slices.Clone(others), orders...)},
			{store.OrderFilter{Buyer: q.Buyer}, orders},
			{store.OrderFilter{Request: q.ID}, orders},
			{store.OrderFilter{Shop: orders[2].Shop}, orders[2:3]},
			{store.OrderFilter{Buyer: q.Buyer, Request: other.ID}, nil},
		} {
			got := pages(m, func(p outcry.Page) ([]outcry.Order, string, error) { return m.Orders(m.ctx, c.which, p) })
			m.same(fmt.Sprintf("orders of %+v", c.which), got, c.want)
		}
	}},
	{"Rating_EachSideOnceAndTheBuyersCounts", func(m *market) {
		q, orders := m.deal(1, 2)
		o := orders[0]
		m.ok(m.place(o))
		rate := func(r outcry.OrderRating) error {
			_, err := m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: m.end(q.ID), Rated: []outcry.OrderRating{r}})
			return err
		}
		m.ok(rate(outcry.OrderRating{Order: o.ID, Shop: o.Shop, By: outcry.PartyBuyer, Stars: 4, Text: "맛있어요"}))
		m.fails(rate(outcry.OrderRating{Order: o.ID, Shop: o.Shop, By: outcry.PartyBuyer, Stars: 1}), outcry.Conflict, "already_rated")
		m.ok(rate(outcry.OrderRating{Order: o.ID, Shop: o.Shop, By: outcry.PartyShop, Stars: 2}))
		m.fails(rate(outcry.OrderRating{Order: o.ID, Shop: o.Shop, By: outcry.PartyOperator, Stars: 2}), outcry.Invalid, "invalid")
		m.fails(rate(outcry.OrderRating{Order: o.ID, Shop: o.Shop, By: outcry.PartyShop, Stars: 6}), outcry.Invalid, "invalid")
		m.fails(rate(outcry.OrderRating{Order: "ord_none", Shop: o.Shop, By: outcry.PartyShop, Stars: 2}), outcry.NotFound, "not_found")
		m.fails(rate(outcry.OrderRating{Order: o.ID, Shop: orders[1].Shop, By: outcry.PartyShop, Stars: 2}), outcry.NotFound, "not_found")
		got, err := m.Order(m.ctx, o.ID)
		m.ok(err)
		m.same("stars", []int{got.BuyerRated, got.ShopRated}, []int{4, 2})
		shop, err := m.Shop(m.ctx, o.Shop)
		m.ok(err)
		m.same("rating", shop.Rating, outcry.Rating{Stars: 4, Count: 1})
	}},
}
