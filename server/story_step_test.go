package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/intake"
	"outcry/matching"
	"outcry/matching/deal"
)

// step goes on to the time of a line and does what it says, or checks it. A
// line may end with "-> code": the error that it must meet. "20 times every 60s"
// before what is done has it done so often.
func (s *tale) step(where string, w []string) {
	s.t.Helper()
	at := s.began.Add(s.span(where, w[0]))
	time.Sleep(time.Until(at))
	synctest.Wait()
	w = w[1:]
	want := ""
	if i := slices.Index(w, "->"); i >= 0 {
		want, w = w[i+1], w[:i]
	}
	times, every := 1, time.Duration(0)
	if len(w) > 4 && w[1] == "times" && w[2] == "every" {
		times, every, w = s.number(where, w[0]), s.span(where, w[3]), w[4:]
	}
	for i := range times {
		time.Sleep(time.Until(at.Add(time.Duration(i) * every)))
		synctest.Wait()
		err := s.do(where, w)
		if got := outcry.CodeOf(err); got != want {
			s.t.Fatalf("%s: ended with %q (%v), want %q", where, got, err, want)
		}
	}
}

// do does what a line says.
func (s *tale) do(where string, w []string) error {
	switch w[0] {
	case "restart":
		s.stop()
		s.start()
		for _, id := range s.shops {
			s.server.Shops.Connect(id, 1, time.Now())
		}
		synctest.Wait()
		return nil
	case "board":
		return s.checkBoard(where, w[1:])
	case "called":
		return s.checkCalled(where, w[1:])
	case "why":
		return s.checkWhy(where, w[1:])
	case "score":
		return s.checkScore(where, w[1:])
	case "reasons":
		return s.checkReasons(where, w[1:])
	case "operator":
		return s.operate(where, w[1:])
	case "wait":
		return nil
	case "race":
		return s.race(where, w[1:])
	}
	actor, ok := s.actors[w[0]]
	if !ok {
		s.t.Fatalf("%s: nobody is called %q", where, w[0])
	}
	if shop, ok := s.shops[w[0]]; ok {
		return s.shopDoes(where, w[0], shop, actor, w[1:])
	}
	return s.buyerDoes(where, w[0], actor, w[1:])
}

// ask reads: BUYER asks CODE as NAME within METRES for SPAN wanting N [rank R]
// [accepts N] [can CAP] [speaks LANG] [budget POUNDS] [rated STARS] [at LAT,LON]
// [needed SPAN].
func (s *tale) ask(where, buyer string, actor outcry.Actor, w []string) error {
	place, wanted, radius := outcry.Place{Lat: 55.95, Lon: -3.19}, 3, 3000
	code := w[0]
	d := intake.Draft{Code: &code, Place: &place, RadiusM: &radius, Wanted: &wanted, Locale: "en"}
	name := "it"
	for i := 1; i+1 < len(w); i += 2 {
		value := w[i+1]
		switch w[i] {
		case "as":
			name = value
		case "within":
			radius = s.number(where, value)
		case "for":
			seconds := s.span(where, value).Seconds()
			d.DeadlineS = &seconds
		case "wanting":
			wanted = s.number(where, value)
		case "rank":
			d.Rank = &value
		case "accepts":
			n := s.number(where, value)
			d.Accepts = &n
		case "can":
			d.Capabilities = append(d.Capabilities, value)
		case "speaks":
			d.Languages = append(d.Languages, value)
		case "budget":
			m := s.money(where, value)
			d.Budget = &m
		case "rated":
			stars := s.float(where, value)
			d.LeastRating = &stars
		case "at":
			place = s.place(where, value)
		case "needed":
			t := time.Now().Add(s.span(where, value))
			d.NeededAt = &t
		default:
			s.t.Fatalf("%s: an ask has no %q", where, w[i])
		}
	}
	r, err := s.server.Intake.Ask(s.t.Context(), actor, d)
	if err == nil {
		s.requests[name], s.buyers[name], s.last = r.ID, buyer, name
	}
	synctest.Wait()
	return err
}

// request is the id of the request named after "for" or "of", or of the one
// asked last.
func (s *tale) request(where string, w []string) string {
	name := s.last
	for i := range w {
		if (w[i] == "for" || w[i] == "of") && i+1 < len(w) {
			name = w[i+1]
		}
	}
	id, ok := s.requests[name]
	if !ok {
		s.t.Fatalf("%s: no request is called %q", where, name)
	}
	return id
}

// callTo is the id of the call that a request made to a shop; one that it did
// not make is a call that does not exist.
func (s *tale) callTo(where, request, shop string) string {
	sel, err := s.server.Market.Selection(s.t.Context(), s.operator, request)
	s.must(where, err)
	for _, c := range sel.Calls {
		if c.Shop == shop {
			return c.ID
		}
	}
	return outcry.CallID(request, outcry.MaxCalls-1)
}

// offerOf is the id of a shop's offer.
func (s *tale) offerOf(where, request, shop string) string {
	return strings.Replace(s.callTo(where, request, shop), outcry.CallPrefix, outcry.OfferPrefix, 1)
}

// after is the word behind key, or other.
func after(w []string, key, other string) string {
	if i := slices.Index(w, key); i >= 0 && i+1 < len(w) {
		return w[i+1]
	}
	return other
}

// shopDoes what a line says of a shop.
func (s *tale) shopDoes(where, name, shop string, actor outcry.Actor, w []string) error {
	ctx, m := s.t.Context(), s.server.Market
	switch w[0] {
	case "connects", "leaves":
		by := map[string]int{"connects": 1, "leaves": -1}[w[0]]
		s.server.Shops.Connect(shop, by, time.Now())
		return nil
	case "pauses", "resumes":
		return s.pause(where, shop, actor, w)
	}
	request := s.request(where, w)
	call, offer := s.callTo(where, request, shop), s.offerOf(where, request, shop)
	version := s.number(where, after(w, "version", "0"))
	bid := outcry.Bid{Message: after(w, "saying", "")}
	if text := after(w, "until", ""); text != "" {
		bid.ValidUntil = time.Now().Add(s.span(where, text))
	}
	var err error
	switch w[0] {
	case "offers":
		bid.Price = s.money(where, w[1])
		_, err = m.Offer(ctx, actor, call, bid)
	case "revises":
		bid.Price = s.money(where, w[1])
		_, err = m.Revise(ctx, actor, offer, version, bid)
	case "withdraws":
		_, err = m.WithdrawOffer(ctx, actor, offer, version)
	case "declines":
		_, err = m.Decline(ctx, actor, call, after(w, "saying", ""))
	case "says":
		_, err = m.Say(ctx, actor, request, shop, w[1])
	case "confirms", "refuses", "fulfils", "cancels":
		err = s.moves(actor, request, name, w)
	case "rates":
		_, err = m.Rate(ctx, actor, s.orders[request+name].ID, s.number(where, w[1]), "")
	default:
		s.t.Fatalf("%s: a shop does not do that", where)
	}
	return err
}

// verbs are the moves of an order as tales say them.
var verbs = map[string]outcry.OrderVerb{
	"confirms": outcry.Confirm, "refuses": outcry.Refuse, "fulfils": outcry.Fulfil,
	"completes": outcry.Complete, "cancels": outcry.Cancel,
}

// moves has a party move the order with a shop.
func (s *tale) moves(actor outcry.Actor, request, shop string, w []string) error {
	o, err := s.server.Market.Step(s.t.Context(), actor, s.orders[request+shop].ID, verbs[w[0]], after(w, "saying", ""))
	if want := after(w, "becomes", string(o.State)); err == nil && string(o.State) != want {
		return fmt.Errorf("the order is %s, want %s", o.State, want)
	}
	return err
}

// buyerDoes what a line says of a buyer.
func (s *tale) buyerDoes(where, name string, actor outcry.Actor, w []string) error {
	ctx, m := s.t.Context(), s.server.Market
	if w[0] == "asks" {
		return s.ask(where, name, actor, w[1:])
	}
	request := s.request(where, w)
	var err error
	switch w[0] {
	case "accepts":
		err = s.accept(where, actor, request, w[1], s.number(where, after(w, "version", "1")))
	case "withdraws":
		_, err = m.Withdraw(ctx, actor, request)
	case "extends":
		_, err = m.Extend(ctx, actor, request, time.Now().Add(s.span(where, w[1])))
	case "widens":
		_, err = m.Widen(ctx, actor, request, widening(s, where, w))
	case "says":
		_, err = m.Say(ctx, actor, request, s.shops[after(w, "to", "")], w[1])
	case "completes", "cancels", "confirms":
		err = s.moves(actor, request, w[1], w)
	case "rates":
		_, err = m.Rate(ctx, actor, s.orders[request+w[1]].ID, s.number(where, w[2]), "")
	default:
		s.t.Fatalf("%s: a buyer does not do that", where)
	}
	return err
}

func widening(s *tale, where string, w []string) matching.Widening {
	return matching.Widening{
		RadiusM: s.number(where, after(w, "within", "0")), Wanted: s.number(where, after(w, "wanting", "0")),
		Code: outcry.Code(after(w, "code", "")),
	}
}

// accept has a buyer accept a shop's offer.
func (s *tale) accept(where string, actor outcry.Actor, request, shop string, version int) error {
	offer := s.offerOf(where, request, s.shops[shop])
	o, err := s.server.Market.Accept(s.t.Context(), actor, offer, deal.Acceptance{Version: version, Contact: "at the door"})
	if err == nil {
		s.orders[request+shop] = o
	}
	return err
}

// race has a buyer accept several shops' offers at the same moment, each many
// times: "race BUYER accepts A B C wins 1".
func (s *tale) race(where string, w []string) error {
	wins := s.number(where, after(w, "wins", "1"))
	shops := w[2:slices.Index(w, "wins")]
	request := s.request(where, nil)
	ids := make([]string, len(shops))
	for i, shop := range shops {
		ids[i] = s.offerOf(where, request, s.shops[shop])
	}
	results := make(chan error)
	const times = 10
	for i := range times * len(ids) {
		go func() {
			_, err := s.server.Market.Accept(s.t.Context(), s.actors[w[0]], ids[i%len(ids)], deal.Acceptance{Version: 1})
			results <- err
		}()
	}
	won := 0
	for range times * len(ids) {
		if <-results == nil {
			won++
		}
	}
	if won != wins {
		return fmt.Errorf("%d won, want %d", won, wins)
	}
	return nil
}
