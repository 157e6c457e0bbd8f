package storetest

import (
	"time"

	"outcry"
)

var members = []promise{
	{"Member_IsKeptWhole", func(m *market) {
		one := m.member()
		got, err := m.Member(m.ctx, one.ID)
		m.ok(err)
		m.same("member", got, one)
		got, hash, err := m.MemberByEmail(m.ctx, one.Email)
		m.ok(err)
		m.same("member by email", got, one)
		m.same("hash", hash, "hash of "+one.ID)
	}},
	{"Member_SameIDAgainDoesNothing", func(m *market) {
		one := m.member()
		other := one
		other.Name = "Someone else"
		m.ok(m.AddMember(m.ctx, other, "other hash"))
		got, hash, err := m.MemberByEmail(m.ctx, one.Email)
		m.ok(err)
		m.same("member", got, one)
		m.same("hash", hash, "hash of "+one.ID)
	}},
	{"Member_EmailIsUniqueWhateverItsCase", func(m *market) {
		one := m.member()
		one.ID, one.Email = m.id(outcry.MemberPrefix), "Zoë.Ångström@Example.ORG"
		m.ok(m.AddMember(m.ctx, one, ""))
		two := outcry.Member{ID: m.id(outcry.MemberPrefix), Email: "zoë.ångström@example.org"}
		m.fails(m.AddMember(m.ctx, two, ""), outcry.Conflict, "email_taken")
		got, _, err := m.MemberByEmail(m.ctx, "ZOË.ÅNGSTRÖM@EXAMPLE.ORG")
		m.ok(err)
		m.same("member", got, one)
		_, err = m.Member(m.ctx, two.ID)
		m.fails(err, outcry.NotFound, "not_found")
	}},
	{"Member_GuestsHaveNoEmail", func(m *market) {
		for range 3 {
			m.ok(m.AddMember(m.ctx, outcry.Member{ID: m.id(outcry.MemberPrefix), Guest: true}, ""))
		}
		_, _, err := m.MemberByEmail(m.ctx, "")
		m.fails(err, outcry.NotFound, "not_found")
	}},
	{"Member_GuestIsClaimed", func(m *market) {
		guest := outcry.Member{ID: m.id(outcry.MemberPrefix), Guest: true, Created: m.tick()}
		m.ok(m.AddMember(m.ctx, guest, ""))
		guest.Guest, guest.Email, guest.Name = false, "new@example.org", "Bo"
		m.ok(m.UpdateMember(m.ctx, guest, "first"))
		guest.Name = "Bob"
		m.ok(m.UpdateMember(m.ctx, guest, ""))
		got, hash, err := m.MemberByEmail(m.ctx, "new@example.org")
		m.ok(err)
		m.same("member", got, guest)
		m.same("hash", hash, "first")
	}},
	{"Member_UpdateCannotTakeAnothersEmail", func(m *market) {
		one, two := m.member(), m.member()
		two.Email = one.Email
		m.fails(m.UpdateMember(m.ctx, two, ""), outcry.Conflict, "email_taken")
		m.fails(m.UpdateMember(m.ctx, outcry.Member{ID: "mem_none"}, ""), outcry.NotFound, "not_found")
	}},
	{"Member_Operator", func(m *market) {
		one := m.member()
		has, err := m.HasOperator(m.ctx)
		m.ok(err)
		m.same("has operator", has, false)
		one.Operator = true
		m.ok(m.UpdateMember(m.ctx, one, ""))
		has, err = m.HasOperator(m.ctx)
		m.ok(err)
		m.same("has operator", has, true)
	}},
	{"Member_Pages", func(m *market) {
		var want []outcry.Member
		for range 7 {
			want = append(want, m.member())
		}
		got := pages(m, func(p outcry.Page) ([]outcry.Member, string, error) { return m.Members(m.ctx, p) })
		m.same("members", got, want)
	}},
	{"Member_TextThatCannotBeKept", func(m *market) {
		for _, bad := range []string{"a\x00b", "\xff\xfe"} {
			m.fails(m.AddMember(m.ctx, outcry.Member{ID: m.id(outcry.MemberPrefix), Name: bad}, ""), outcry.Invalid, "invalid")
			_, err := m.Member(m.ctx, bad)
			m.fails(err, outcry.NotFound, "not_found")
			_, _, err = m.MemberByEmail(m.ctx, bad)
			m.fails(err, outcry.NotFound, "not_found")
			_, _, err = m.Requests(m.ctx, bad, outcry.Page{After: bad})
			m.ok(err)
		}
	}},
}

var tokens = []promise{
	{"Token_ShowsItsMemberAndShops", func(m *market) {
		shop, other := m.shop(), m.shop()
		owner, err := m.Member(m.ctx, shop.Owner)
		m.ok(err)
		m.ok(m.AddStaff(m.ctx, other.ID, owner.ID))
		m.ok(m.AddStaff(m.ctx, other.ID, owner.ID))
		k := outcry.Token{
			ID: "key_1", Hash: "h1", Member: owner.ID, Name: "till", Scopes: []outcry.Scope{outcry.ScopeShop, outcry.ScopeRead},
			Created: m.tick(), Expires: m.tick(),
		}
		m.ok(m.AddToken(m.ctx, k))
		m.ok(m.AddToken(m.ctx, k))
		got, member, staff, err := m.TokenByHash(m.ctx, "h1")
		m.ok(err)
		m.same("token", got, k)
		m.same("member", member, owner)
		m.same("staff", staff, []string{shop.ID, other.ID})
	}},
	{"Token_OfOneShopShowsThatShopAlone", func(m *market) {
		shop, other := m.shop(), m.shop()
		m.ok(m.AddStaff(m.ctx, other.ID, shop.Owner))
		m.ok(m.AddToken(m.ctx, outcry.Token{ID: "key_1", Hash: "h1", Member: shop.Owner, Shop: other.ID}))
		_, _, staff, err := m.TokenByHash(m.ctx, "h1")
		m.ok(err)
		m.same("staff", staff, []string{other.ID})
	}},
	{"Token_UnknownHashOrMember", func(m *market) {
		_, _, _, err := m.TokenByHash(m.ctx, "nobody's")
		m.fails(err, outcry.NotFound, "not_found")
		m.fails(m.AddToken(m.ctx, outcry.Token{ID: "key_1", Hash: "h1", Member: "mem_none"}), outcry.NotFound, "not_found")
	}},
	{"Token_KeysAreListedAndEndedByTheirOwner", func(m *market) {
		one, two := m.member(), m.member()
		key := outcry.Token{ID: "key_1", Hash: "h1", Member: one.ID, Name: "app"}
		m.ok(m.AddToken(m.ctx, key))
		m.ok(m.AddToken(m.ctx, outcry.Token{ID: "key_2", Hash: "h2", Member: one.ID, Expires: m.tick().Add(time.Hour)}))
		m.ok(m.AddToken(m.ctx, outcry.Token{ID: "key_3", Hash: "h3", Member: two.ID, Name: "app"}))
		keys, err := m.Keys(m.ctx, one.ID)
		m.ok(err)
		m.same("keys", keys, []outcry.Token{key})
		m.fails(m.RemoveToken(m.ctx, one.ID, "key_3"), outcry.NotFound, "not_found")
		m.ok(m.RemoveToken(m.ctx, one.ID, "key_1"))
		m.fails(m.RemoveToken(m.ctx, one.ID, "key_1"), outcry.NotFound, "not_found")
		_, _, _, err = m.TokenByHash(m.ctx, "h1")
		m.fails(err, outcry.NotFound, "not_found")
		_, _, _, err = m.TokenByHash(m.ctx, "h3")
		m.ok(err)
	}},
	{"Token_SessionsEndTogetherAllButOne", func(m *market) {
		one, two := m.member(), m.member()
		for id, token := range map[string]outcry.Token{
			"s1": {Member: one.ID}, "s2": {Member: one.ID}, "k1": {Member: one.ID, Name: "app"}, "s3": {Member: two.ID},
		} {
			token.ID, token.Hash = id, "hash of "+id
			m.ok(m.AddToken(m.ctx, token))
		}
		m.ok(m.EndSessions(m.ctx, one.ID, "s1"))
		_, _, _, err := m.TokenByHash(m.ctx, "hash of s2")
		m.fails(err, outcry.NotFound, "not_found")
		for _, id := range []string{"s1", "k1", "s3"} {
			_, _, _, err := m.TokenByHash(m.ctx, "hash of "+id)
			m.ok(err)
		}
	}},
}
