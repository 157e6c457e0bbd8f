package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"outcry"
	"outcry/store"
)

var books = []promise{
	{"Book_EveryChangeIsAVersionAndAnEvent", func(m *market) {
		shop := m.shop()
		b, err := m.Book(m.ctx, shop.ID)
		m.ok(err)
		m.same("first book", b, outcry.Book{Shop: shop.ID})
		at := m.tick()
		b, e, err := m.PutBook(m.ctx, shop.ID, []outcry.Code{"x:b", "x:a", "x:b"}, at)
		m.ok(err)
		codes := []outcry.Code{"x:a", "x:b"}
		m.same("book", b, outcry.Book{Shop: shop.ID, Version: 1, Codes: codes, Updated: at})
		m.same("event", e, outcry.Event{
			Seq: 1, At: at, Kind: outcry.EventBook, Shop: shop.ID, Book: &outcry.BookChange{Version: 1, Codes: codes},
		})
		b, _, err = m.PutBook(m.ctx, shop.ID, nil, m.tick())
		m.ok(err)
		m.same("version", b.Version, 2)
		got, err := m.Book(m.ctx, shop.ID)
		m.ok(err)
		m.same("book read", got, b)
		m.same("log", len(m.tail(0)), 2)
		m.same("logged event", m.tail(0)[0], e)
	}},
	{"Book_SameCodesMakeNoVersion", func(m *market) {
		shop := m.shop()
		_, e, err := m.PutBook(m.ctx, shop.ID, nil, m.tick())
		m.ok(err)
		m.same("event of nothing", e, outcry.Event{})
		first, _, err := m.PutBook(m.ctx, shop.ID, []outcry.Code{"x:a", "x:b"}, m.tick())
		m.ok(err)
		b, e, err := m.PutBook(m.ctx, shop.ID, []outcry.Code{"x:b", "x:a"}, m.tick())
		m.ok(err)
		m.same("event", e, outcry.Event{})
		m.same("book", b, first)
	}},
	{"Book_IsAcknowledgedForwards", func(m *market) {
		shop := m.shop()
		for i := range 3 {
			_, _, err := m.PutBook(m.ctx, shop.ID, []outcry.Code{outcry.Code(fmt.Sprintf("x:%d", i))}, m.tick())
			m.ok(err)
		}
		for _, c := range []struct{ version, want int }{{2, 2}, {1, 2}, {3, 3}, {-1, 3}} {
			b, err := m.AcknowledgeBook(m.ctx, shop.ID, c.version)
			m.ok(err)
			m.same("acknowledged", b.Acknowledged, c.want)
		}
		_, err := m.AcknowledgeBook(m.ctx, shop.ID, 4)
		m.fails(err, outcry.Invalid, "invalid")
		b, _, err := m.PutBook(m.ctx, shop.ID, nil, m.tick())
		m.ok(err)
		m.same("acknowledged after a change", b.Acknowledged, 3)
		b, err = m.Book(m.ctx, shop.ID)
		m.ok(err)
		m.same("acknowledged, read", b.Acknowledged, 3)
	}},
	{"Book_OfNoShop", func(m *market) {
		_, err := m.Book(m.ctx, "shop_none")
		m.fails(err, outcry.NotFound, "not_found")
		_, _, err = m.PutBook(m.ctx, "shop_none", []outcry.Code{"x:a"}, m.tick())
		m.fails(err, outcry.NotFound, "not_found")
		_, err = m.AcknowledgeBook(m.ctx, "shop_none", 0)
		m.fails(err, outcry.NotFound, "not_found")
	}},
	{"Book_HoldsAtMostMaxBook", func(m *market) {
		shop := m.shop()
		codes := make([]outcry.Code, outcry.MaxBook+1)
		for i := range codes {
			codes[i] = outcry.Code(fmt.Sprintf("x:%05d", i))
		}
		_, _, err := m.PutBook(m.ctx, shop.ID, codes, m.tick())
		m.fails(err, outcry.Invalid, "invalid")
		b, _, err := m.PutBook(m.ctx, shop.ID, codes[:outcry.MaxBook], m.tick())
		m.ok(err)
		m.same("codes", b.Codes, codes[:outcry.MaxBook])
	}},
	{"Book_HoldersOfCodes", func(m *market) {
		ids := m.shops(3)
		for i, codes := range [][]outcry.Code{{"x:a", "x:b"}, {"x:b"}, {"x:c"}} {
			_, _, err := m.PutBook(m.ctx, ids[i], codes, m.tick())
			m.ok(err)
		}
		_, _, err := m.PutBook(m.ctx, ids[0], []outcry.Code{"x:a"}, m.tick())
		m.ok(err)
		for _, c := range []struct {
			codes []outcry.Code
			want  []string
		}{
			{[]outcry.Code{"x:b"}, ids[1:2]},
			{[]outcry.Code{"x:c", "x:a", "x:z"}, []string{ids[0], ids[2]}},
			{[]outcry.Code{"x:a", "x:b", "x:c"}, ids},
			{nil, nil},
		} {
			got, err := m.BooksWith(m.ctx, c.codes)
			m.ok(err)
			m.same("holders", got, c.want)
		}
	}},
}

// aListing is a shop with codes, as an import brings it.
func (m *market) aListing(source string, codes ...outcry.Code) outcry.Listing {
	shop := m.aShop("")
	shop.Source = source
	return outcry.Listing{Shop: shop, Codes: codes}
}

// all gives every listing there is.
func (m *market) all() []outcry.Listing {
	m.Helper()
	var all []outcry.Listing
	m.ok(m.EachListing(m.ctx, func(l outcry.Listing) error {
		all = append(all, l)
		return nil
	}))
	return all
}

var listings = []promise{
	{"Listing_ImportAddsAndUpdates", func(m *market) {
		owner := m.member().ID
		one, two := m.aListing("node/1", "x:a"), m.aListing("node/2", "x:b", "x:c")
		one.Rating = outcry.Rating{Stars: 9, Count: 2}
		added, err := m.ImportShops(m.ctx, owner, []outcry.Listing{one, two})
		m.ok(err)
		m.same("added", added, 2)
		one.Owner, two.Owner = owner, owner
		m.same("listings", m.all(), []outcry.Listing{one, two})
		m.same("events of new shops", len(m.tail(0)), 0)
		paused := m.tick().Add(time.Minute)
		_, err = m.ChangeShop(m.ctx, one.ID, func(s *outcry.Shop) error {
			s.State, s.Answers, s.Reason = outcry.ShopSuspended, outcry.BySoftware, "spam"
			s.QuietHours, s.PausedUntil, s.MostOpen, s.MostHourly = "Su", paused, 1, 2
			return nil
		})
		m.ok(err)

		next, three := m.aListing("node/1", "x:a", "x:d"), m.aListing("node/3")
		next.Name, next.Place = "New name", outcry.Place{Lat: 1, Lon: 2}
		next.Rating = outcry.Rating{Stars: 1, Count: 1} // what buyers said counts, not what a file says later
		added, err = m.ImportShops(m.ctx, owner, []outcry.Listing{next, two, three})
		m.ok(err)
		m.same("added again", added, 1)
		three.Owner = owner
		next.ID, next.Owner, next.Created, next.Rating = one.ID, owner, one.Created, one.Rating
		next.State, next.Answers, next.Reason = outcry.ShopSuspended, outcry.BySoftware, "spam"
		next.QuietHours, next.PausedUntil, next.MostOpen, next.MostHourly = "Su", paused, 1, 2
		m.same("listings again", m.all(), []outcry.Listing{next, two, three})
		m.same("events of changed books", len(m.tail(0)), 1)
		b, err := m.Book(m.ctx, one.ID)
		m.ok(err)
		m.same("version", b.Version, 2)
		holders, err := m.BooksWith(m.ctx, []outcry.Code{"x:d"})
		m.ok(err)
		m.same("holders", holders, []string{one.ID})
	}},
	{"Listing_ImportOfThousands", func(m *market) {
		owner := m.member().ID
		want := make([]outcry.Listing, 2001)
		for i := range want {
			want[i] = m.aListing(fmt.Sprintf("node/%d", i), outcry.Code(fmt.Sprintf("x:%d", i%7)), "x:z")
			if i%10 == 0 {
				want[i].Source = ""
			}
			if i%11 == 0 {
				want[i].Codes = nil
			}
			want[i].Owner = owner
		}
		twice := want[1]
		twice.Name = "an earlier row of the same place"
		added, err := m.ImportShops(m.ctx, owner, append([]outcry.Listing{twice}, want...))
		m.ok(err)
		m.same("added", added, len(want))
		added, err = m.ImportShops(m.ctx, owner, want)
		m.ok(err)
		m.same("added again", added, 0)
		m.same("listings", m.all(), want)
		mine, _, err := m.Shops(m.ctx, store.ShopFilter{Staff: owner}, outcry.Page{Limit: outcry.MaxPage})
		m.ok(err)
		m.same("owner's shops", len(mine), outcry.MaxPage)
	}},
	{"Listing_IsReadAsItWasWritten", func(m *market) {
		owner := m.member().ID
		odd := m.aListing("way/1", `x:"`, `x:\`, "x:a,b", `x:","`, "x:[]", "x:<&>", "x:\n", "x:\u2028", "x:빵", "x:\x7f")
		odd.Languages = []string{`a","b`, "", `\u0041`, "de"}
		odd.Capabilities = []outcry.Capability{"x y", `"`}
		odd.Place = outcry.Place{Lat: -90, Lon: 1. / 3}
		odd.ServiceRadiusM, odd.PriceLevel = outcry.MaxRadiusM, -1
		odd.Answers, odd.State, odd.Reason = outcry.BySoftware, outcry.ShopSuspended, "spam"
		odd.Rating = outcry.Rating{Stars: 1 << 40, Count: 1 << 39}
		bare := outcry.Listing{Shop: outcry.Shop{ID: m.id(outcry.ShopPrefix)}}
		one := m.aListing("way/2", "x:a")
		one.Languages, one.Capabilities = []string{""}, nil
		want := []outcry.Listing{odd, bare, one}
		_, err := m.ImportShops(m.ctx, owner, want)
		m.ok(err)
		for i := range want {
			want[i].Owner = owner
			slices.Sort(want[i].Codes)
		}
		m.same("listings", m.all(), want)
		for _, l := range want {
			shop, err := m.Shop(m.ctx, l.ID)
			m.ok(err)
			m.same("shop", shop, l.Shop)
		}
	}},
	{"Listing_ImportOfABadRowKeepsTheOthersOut", func(m *market) {
		bad := m.aListing("node/2")
		bad.Name = "\xff"
		added, err := m.ImportShops(m.ctx, m.member().ID, []outcry.Listing{m.aListing("node/1"), bad})
		m.fails(err, outcry.Invalid, "invalid")
		m.same("added", added, 0)
		m.same("listings", len(m.all()), 0)
	}},
	{"Listing_EachEndsAtTheFirstErrorAndMayCallTheStore", func(m *market) {
		m.shops(5)
		stop, n := errors.New("stop"), 0
		err := m.EachListing(m.ctx, func(l outcry.Listing) error {
			if _, _, err := m.PutBook(m.ctx, l.ID, []outcry.Code{"x:a"}, m.tick()); err != nil {
				return err
			}
			if n++; n == 3 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || n != 3 {
			m.Fatalf("error %v after %d, want stop after 3", err, n)
		}
	}},
}

var signals = []promise{
	{"Signal_IsKeptWholeAndReplaced", func(m *market) {
		bread := outcry.Signal{
			Code: "x:bread", Parent: "x:food", Names: map[string]string{"en": "Bread", "ko": "빵"},
			Synonyms: map[string][]string{"en": {"loaf", "baguette"}},
			Forms:    outcry.Forms{Request: []byte(`{"type":"object"}`), Offer: []byte(`{"type":"object","x":"<"}`)},
		}
		food := outcry.Signal{Code: "x:food", Names: map[string]string{"en": "Food"}}
		m.ok(m.PutSignals(m.ctx, []outcry.Signal{{Code: "x:food"}, bread, food}))
		got, err := m.Signals(m.ctx)
		m.ok(err)
		m.same("signals", got, []outcry.Signal{bread, food})
		bread.Retired, bread.ReplacedBy, bread.Forms = true, "x:food", outcry.Forms{}
		m.ok(m.PutSignals(m.ctx, []outcry.Signal{bread}))
		got, err = m.Signals(m.ctx)
		m.ok(err)
		m.same("signals again", got, []outcry.Signal{bread, food})
	}},
	{"Signal_Thousands", func(m *market) {
		want := make([]outcry.Signal, 5000)
		for i := range want {
			want[i] = outcry.Signal{Code: outcry.Code(fmt.Sprintf("x:%05d", i)), Names: map[string]string{"en": "a < b"}}
		}
		m.ok(m.PutSignals(m.ctx, want))
		got, err := m.Signals(m.ctx)
		m.ok(err)
		m.same("signals", got, want)
	}},
	{"Signal_PicksAreCountedAndErased", func(m *market) {
		errs := together(20, func(i int) error {
			return m.AddPick(m.ctx, "fresh bread", []outcry.Code{"x:a", "x:b"}[i%2])
		})
		m.same("failures", 20-count(errs, ""), 0)
		m.ok(m.AddPick(m.ctx, "shoes", "x:s"))
		picks, err := m.Picks(m.ctx)
		m.ok(err)
		m.same("picks", picks, map[string]map[outcry.Code]int{"fresh bread": {"x:a": 10, "x:b": 10}, "shoes": {"x:s": 1}})
		m.ok(m.ErasePicks(m.ctx))
		picks, err = m.Picks(m.ctx)
		m.ok(err)
		m.same("picks", len(picks), 0)
	}},
}

var requests = []promise{
	{"Request_IsKeptWhole", func(m *market) {
		want := m.request(2)
		again := want
		again.Note = "another"
		m.ok(m.AddRequest(m.ctx, again))
		got, err := m.Request(m.ctx, want.ID)
		m.ok(err)
		m.same("request", got, want)
		bare := outcry.Request{ID: m.id(outcry.RequestPrefix), Buyer: want.Buyer, State: outcry.RequestClosed}
		m.ok(m.AddRequest(m.ctx, bare))
		got, err = m.Request(m.ctx, bare.ID)
		m.ok(err)
		m.same("bare request", got, bare)
		_, err = m.Request(m.ctx, "req_none")
		m.fails(err, outcry.NotFound, "not_found")
		m.fails(m.AddRequest(m.ctx, m.aRequest("mem_none")), outcry.NotFound, "not_found")
	}},
	{"Request_ListsTheNewestFirst", func(m *market) {
		one := m.request(1)
		want := []outcry.Request{one}
		for range 6 {
			q := m.aRequest(one.Buyer)
			m.ok(m.AddRequest(m.ctx, q))
			want = append(want, q)
		}
		other := m.request(1)
		slices.Reverse(want)
		got := pages(m, func(p outcry.Page) ([]outcry.Request, string, error) { return m.Requests(m.ctx, one.Buyer, p) })
		m.same("buyer's requests", got, want)
		got = pages(m, func(p outcry.Page) ([]outcry.Request, string, error) { return m.Requests(m.ctx, "", p) })
		m.same("all requests", got, append([]outcry.Request{other}, want...))
	}},
	{"Request_OpenUntilClosed", func(m *market) {
		one, two := m.request(1), m.request(1)
		q := m.aRequest(one.Buyer)
		m.ok(m.AddRequest(m.ctx, q))
		m.write(one.ID, m.closed(outcry.ClosedNobody))
		open, err := m.OpenRequests(m.ctx)
		m.ok(err)
		m.same("open", open, []outcry.Request{two, q})
		n, err := m.CountOpen(m.ctx, one.Buyer)
		m.ok(err)
		m.same("open of the buyer", n, 1)
	}},
}
