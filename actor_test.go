package outcry_test

import (
	"slices"
	"testing"

	"outcry"
)

// rights is what an actor may do, as mem_a and at shop_1, and whether it may
// only read.
type rights struct{ buys, serves1, serves2, operates, reads bool }

func rightsOf(a outcry.Actor) rights {
	return rights{a.Buys("mem_a"), a.Serves("shop_1"), a.Serves("shop_2"), a.Operates(), a.ReadOnly()}
}

func TestActor_MayDoWhatMemberAndKeySay(t *testing.T) {
	t.Parallel()
	person := outcry.Member{ID: "mem_a"}
	operator := outcry.Member{ID: "mem_a", Operator: true}
	both := []string{"shop_1", "shop_2"}
	scopes := func(s ...outcry.Scope) outcry.Token { return outcry.Token{Scopes: s} }
	for name, c := range map[string]struct {
		member outcry.Member
		token  outcry.Token
		staff  []string
		want   rights
	}{
		"a buyer's session":            {person, scopes(), nil, rights{buys: true}},
		"an owner's session":           {person, scopes(), both, rights{buys: true, serves1: true, serves2: true}},
		"staff of the other shop":      {person, scopes(), []string{"shop_2"}, rights{buys: true, serves2: true}},
		"an operator's session":        {operator, scopes(), nil, rights{buys: true, operates: true}},
		"an operator with shops":       {operator, scopes(), both, rights{buys: true, serves1: true, serves2: true, operates: true}},
		"a key to buy":                 {operator, scopes(outcry.ScopeBuy), both, rights{buys: true}},
		"a key for shops":              {operator, scopes(outcry.ScopeShop), both, rights{serves1: true, serves2: true}},
		"a key to operate":             {operator, scopes(outcry.ScopeOperate), both, rights{operates: true}},
		"a key to operate, no more so": {person, scopes(outcry.ScopeOperate), both, rights{}},
		"a key to read": {
			operator, scopes(outcry.ScopeRead), both,
			rights{buys: true, serves1: true, serves2: true, operates: true, reads: true},
		},
		"a buyer's key to read": {person, scopes(outcry.ScopeRead), nil, rights{buys: true, reads: true}},
		"a key to read and buy": {
			person, scopes(outcry.ScopeRead, outcry.ScopeBuy), both, rights{buys: true, serves1: true, serves2: true},
		},
		"a paired shop server": {
			operator, outcry.Token{Shop: "shop_1", Scopes: []outcry.Scope{outcry.ScopeShop}}, both, rights{serves1: true},
		},
		"a shop's key without scopes": {operator, outcry.Token{Shop: "shop_1"}, both, rights{serves1: true}},
		"a shop's key after leaving":  {person, outcry.Token{Shop: "shop_1"}, []string{"shop_2"}, rights{}},
		"a shop's key to buy": {
			person, outcry.Token{Shop: "shop_1", Scopes: []outcry.Scope{outcry.ScopeBuy}}, both, rights{},
		},
		"a stranger":               {outcry.Member{}, scopes(), nil, rights{}},
		"nobody who claims a shop": {outcry.Member{}, scopes(), both, rights{}},
	} {
		a := outcry.NewActor(c.member, c.token, c.staff)
		if got := rightsOf(a); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		for _, shop := range both {
			if listed := slices.Contains(a.Shops(), shop); listed != a.Serves(shop) {
				t.Errorf("%s: %s is listed: %v, served: %v", name, shop, listed, a.Serves(shop))
			}
		}
		if a.Buys("mem_b") || a.Buys("") || a.Serves("shop_3") || a.Serves("") {
			t.Errorf("%s: acts for somebody else", name)
		}
	}
	if got := rightsOf(outcry.Actor{}); got != (rights{}) {
		t.Errorf("the zero actor: %+v, want nothing", got)
	}
}

func TestActor_ShopsAreItsOwnCopy(t *testing.T) {
	t.Parallel()
	a := outcry.NewActor(outcry.Member{ID: "mem_a"}, outcry.Token{Shop: "shop_2"}, []string{"shop_1", "shop_2"})
	if got := a.Shops(); !slices.Equal(got, []string{"shop_2"}) {
		t.Errorf("acts for %v, want shop_2", got)
	}
	a.Shops()[0] = "shop_9"
	if !a.Serves("shop_2") || a.Serves("shop_9") {
		t.Error("whoever lists the shops can change them")
	}
}

func TestActor_HasTheRolesOfItsMember(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operator bool
		staff    []string
		want     []outcry.Role
	}{
		{false, nil, []outcry.Role{outcry.Buyer}},
		{false, []string{"shop_1"}, []outcry.Role{outcry.Buyer, outcry.Staff}},
		{true, nil, []outcry.Role{outcry.Buyer, outcry.Operator}},
		{true, []string{"shop_1"}, []outcry.Role{outcry.Buyer, outcry.Staff, outcry.Operator}},
	} {
		token := outcry.Token{ID: "key_1"}
		a := outcry.NewActor(outcry.Member{ID: "mem_a", Name: "Ann", Operator: c.operator}, token, c.staff)
		if got := a.Roles(); !slices.Equal(got, c.want) {
			t.Errorf("operator %v, staff %v: %v, want %v", c.operator, c.staff, got, c.want)
		}
		if a.Token().ID != "key_1" || a.Name != "Ann" || !a.Known() {
			t.Errorf("%+v does not show its member and token", a)
		}
	}
}

func TestActor_RefusalsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	operator := outcry.Member{ID: "mem_a", Operator: true}
	scoped := func(s outcry.Scope) outcry.Token { return outcry.Token{Scopes: []outcry.Scope{s}} }
	for name, c := range map[string]struct {
		actor                outcry.Actor
		read, write, operate string
	}{
		"a stranger":              {outcry.Actor{}, "no_token", "no_token", "no_token"},
		"a buyer":                 {outcry.NewActor(outcry.Member{ID: "mem_a"}, outcry.Token{}, nil), "", "", "operator_only"},
		"an operator":             {outcry.NewActor(operator, outcry.Token{}, nil), "", "", ""},
		"an operator's read key":  {outcry.NewActor(operator, scoped(outcry.ScopeRead), nil), "", "read_only", "read_only"},
		"an operator's buyer key": {outcry.NewActor(operator, scoped(outcry.ScopeBuy), nil), "", "", "operator_only"},
		"an operator's shop key":  {outcry.NewActor(operator, outcry.Token{Shop: "shop_1"}, []string{"shop_1"}), "", "", "operator_only"},
	} {
		kinds := map[string]outcry.Kind{"": "", "no_token": outcry.Unauthorized, "read_only": outcry.Forbidden, "operator_only": outcry.Forbidden}
		for verb, x := range map[string]struct {
			err  error
			want string
		}{
			"read": {c.actor.MayRead(), c.read}, "write": {c.actor.MayWrite(), c.write}, "operate": {c.actor.MayOperate(), c.operate},
		} {
			if outcry.CodeOf(x.err) != x.want || outcry.KindOf(x.err) != kinds[x.want] {
				t.Errorf("%s may %s: %v, want %q", name, verb, x.err, x.want)
			}
		}
	}
}
