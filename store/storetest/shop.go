package storetest

import (
	"errors"
	"time"

	"outcry"
	"outcry/store"
)

var shops = []promise{
	{"Shop_IsKeptWhole", func(m *market) {
		want := m.shop()
		got, err := m.Shop(m.ctx, want.ID)
		m.ok(err)
		m.same("shop", got, want)
		other := want
		other.Name = "another"
		m.ok(m.AddShop(m.ctx, other))
		got, err = m.Shop(m.ctx, want.ID)
		m.ok(err)
		m.same("shop added twice", got, want)
		_, err = m.Shop(m.ctx, "shop_none")
		m.fails(err, outcry.NotFound, "not_found")
	}},
	{"Shop_OfNobodyIsRefused", func(m *market) {
		m.fails(m.AddShop(m.ctx, m.aShop("mem_none")), outcry.NotFound, "not_found")
		m.fails(m.AddStaff(m.ctx, "shop_none", m.member().ID), outcry.NotFound, "not_found")
	}},
	{"Shop_ListsByStaffAndState", func(m *market) {
		one, two, three := m.shop(), m.shop(), m.shop()
		m.ok(m.AddStaff(m.ctx, three.ID, one.Owner))
		two, err := m.ChangeShop(m.ctx, two.ID, func(s *outcry.Shop) error {
			s.State = outcry.ShopPending
			return nil
		})
		m.ok(err)
		for _, c := range []struct {
			which store.ShopFilter
			want  []outcry.Shop
		}{
			{store.ShopFilter{}, []outcry.Shop{one, two, three}},
			{store.ShopFilter{Staff: one.Owner}, []outcry.Shop{one, three}},
			{store.ShopFilter{State: outcry.ShopPending}, []outcry.Shop{two}},
			{store.ShopFilter{State: outcry.ShopPending, Staff: one.Owner}, nil},
		} {
			got := pages(m, func(p outcry.Page) ([]outcry.Shop, string, error) {
				return m.Shops(m.ctx, c.which, outcry.Page{After: p.After, Limit: 1})
			})
			m.same("shops", got, c.want)
		}
	}},
	{"Shop_ChangesAtomically", func(m *market) {
		shop := m.shop()
		errs := together(20, func(int) error {
			_, err := m.ChangeShop(m.ctx, shop.ID, func(s *outcry.Shop) error {
				s.ServiceRadiusM++
				return nil
			})
			return err
		})
		m.same("failures", 20-count(errs, ""), 0)
		got, err := m.Shop(m.ctx, shop.ID)
		m.ok(err)
		m.same("radius", got.ServiceRadiusM, shop.ServiceRadiusM+20)
	}},
	{"Shop_SaysWhenItIsNotCalled", func(m *market) {
		shop, until := m.shop(), m.tick().Add(time.Hour)
		for _, want := range []struct {
			quiet        string
			paused       time.Time
			open, hourly int
		}{{"Su 00:00-24:00", until, 1, 1000}, {}} {
			got, err := m.ChangeShop(m.ctx, shop.ID, func(s *outcry.Shop) error {
				s.QuietHours, s.MostOpen, s.MostHourly = want.quiet, want.open, want.hourly
				if s.PausedUntil = want.paused; !want.paused.IsZero() {
					s.PausedUntil = want.paused.Add(time.Microsecond) // what is kept are milliseconds
				}
				return nil
			})
			m.ok(err)
			shop.QuietHours, shop.PausedUntil, shop.MostOpen, shop.MostHourly = want.quiet, want.paused, want.open, want.hourly
			m.same("shop", got, shop)
			again, err := m.Shop(m.ctx, shop.ID)
			m.ok(err)
			m.same("shop again", again, shop)
		}
	}},
	{"Shop_ChangeRefusedWritesNothing", func(m *market) {
		shop := m.shop()
		no := errors.New("no")
		_, err := m.ChangeShop(m.ctx, shop.ID, func(s *outcry.Shop) error {
			s.Name = "changed"
			return no
		})
		if !errors.Is(err, no) {
			m.Fatalf("error %v, want the change's own", err)
		}
		got, err := m.Shop(m.ctx, shop.ID)
		m.ok(err)
		m.same("shop", got, shop)
		_, err = m.ChangeShop(m.ctx, "shop_none", func(*outcry.Shop) error { return nil })
		m.fails(err, outcry.NotFound, "not_found")
	}},
	{"Shop_ChangeKeepsWhatIsFixed", func(m *market) {
		shop := m.shop()
		got, err := m.ChangeShop(m.ctx, shop.ID, func(s *outcry.Shop) error {
			*s = outcry.Shop{ID: "shop_x", Owner: "mem_x", Name: "new", Rating: outcry.Rating{Stars: 5, Count: 1}, Source: "x"}
			return nil
		})
		m.ok(err)
		m.same("shop", got, outcry.Shop{ID: shop.ID, Owner: shop.Owner, Name: "new", Created: shop.Created})
		again, err := m.Shop(m.ctx, shop.ID)
		m.ok(err)
		m.same("shop again", again, got)
	}},
}

var pairings = []promise{
	{"Pairing_GivesAKeyOnce", func(m *market) {
		shop := m.shop()
		m.ok(m.AddPairing(m.ctx, "code", shop.ID, m.tick().Add(time.Minute)))
		id, err := m.TakePairing(m.ctx, "code", m.tick(), outcry.Token{ID: "key_1", Hash: "h1", Name: "shop server"})
		m.ok(err)
		m.same("shop", id, shop.ID)
		k, member, staff, err := m.TokenByHash(m.ctx, "h1")
		m.ok(err)
		m.same("key", k, outcry.Token{ID: "key_1", Hash: "h1", Name: "shop server", Member: shop.Owner, Shop: shop.ID})
		m.same("member", member.ID, shop.Owner)
		m.same("staff", staff, []string{shop.ID})
		got, err := m.Shop(m.ctx, shop.ID)
		m.ok(err)
		m.same("answers", got.Answers, outcry.BySoftware)
		_, err = m.TakePairing(m.ctx, "code", m.tick(), outcry.Token{ID: "key_2", Hash: "h2"})
		m.fails(err, outcry.NotFound, "pairing_gone")
	}},
	{"Pairing_ExpiresAtItsTime", func(m *market) {
		shop, at := m.shop(), m.tick()
		m.ok(m.AddPairing(m.ctx, "code", shop.ID, at))
		_, err := m.TakePairing(m.ctx, "code", at, outcry.Token{ID: "key_1", Hash: "h1"})
		m.fails(err, outcry.NotFound, "pairing_gone")
		_, err = m.TakePairing(m.ctx, "code", at.Add(-time.Millisecond), outcry.Token{ID: "key_1", Hash: "h1"})
		m.ok(err)
	}},
	{"Pairing_RacedForIsTakenOnce", func(m *market) {
		shop, at := m.shop(), m.tick()
		m.ok(m.AddPairing(m.ctx, "code", shop.ID, at.Add(time.Minute)))
		errs := together(16, func(i int) error {
			id := string(rune('a' + i))
			_, err := m.TakePairing(m.ctx, "code", at, outcry.Token{ID: "key_" + id, Hash: id, Name: "n"})
			return err
		})
		m.same("taken", count(errs, ""), 1)
		m.same("gone", count(errs, "pairing_gone"), 15)
		keys, err := m.Keys(m.ctx, shop.Owner)
		m.ok(err)
		m.same("keys", len(keys), 1)
	}},
}
