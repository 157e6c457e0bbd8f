package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"outcry"
)

func TestMakeKey_IsShownOnceAndWorks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	key, secret, err := d.MakeKey(t.Context(), ada, " till ", []outcry.Scope{outcry.ScopeBuy, outcry.ScopeBuy, outcry.ScopeShop})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(secret, "ock_") || len(secret) != 47 || key.Name != "till" || !key.Expires.IsZero() ||
		!slices.Equal(key.Scopes, []outcry.Scope{outcry.ScopeBuy, outcry.ScopeShop}) || strings.Contains(fmt.Sprint(key), secret) {
		t.Errorf("the key is %+v, its secret %q", key, secret)
	}
	if a := d.who(secret); a.Member != ada.Member || !a.Buys(ada.Member) || a.Operates() {
		t.Errorf("shown as %+v", a)
	}
	keys, err := d.Keys(t.Context(), ada)
	if err != nil || len(keys) != 1 || keys[0].ID != key.ID {
		t.Errorf("the keys are %+v, %v", keys, err)
	}
}

func TestMakeKey_Faults(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	_, _, err := d.MakeKey(t.Context(), ada, "", []outcry.Scope{outcry.ScopeOperate, "everything"})
	wantsFaults(t, err, "body.name", "body.scopes[0]", "body.scopes[1]")
	_, _, err = d.MakeKey(t.Context(), ada, "k", slices.Repeat([]outcry.Scope{outcry.ScopeBuy}, 9))
	wantsFaults(t, err, "body.scopes")
	_, _, err = d.MakeKey(t.Context(), d.guest(), "k", nil)
	wants(t, err, outcry.Forbidden, "guest")
}

func TestMakeKey_AHundredAtMost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	for range 100 {
		if _, _, err := d.MakeKey(t.Context(), ada, "k", nil); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err := d.MakeKey(t.Context(), ada, "k", nil)
	wants(t, err, outcry.Conflict, "too_many_keys")
}

func TestRemoveKey_EndsItAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada, bea := d.join("ada@example.org"), d.join("bea@example.org")
	key, secret, err := d.MakeKey(t.Context(), ada, "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	d.who(secret)
	wants(t, d.RemoveKey(t.Context(), bea, key.ID), outcry.NotFound, "not_found")
	if err := d.RemoveKey(t.Context(), ada, key.ID); err != nil {
		t.Fatal(err)
	}
	_, err = d.Who(t.Context(), secret)
	wants(t, err, outcry.Unauthorized, "bad_token")
	wants(t, d.RemoveKey(t.Context(), ada, key.ID), outcry.NotFound, "not_found")
}

func TestKeys_WhoSeesWhich(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	for shop, name := range map[string]string{"": "own", "shop_1": "till 1", "shop_2": "till 2"} {
		k := outcry.Token{ID: "key_" + shop, Hash: "hash" + shop, Member: ada.Member, Name: name, Shop: shop}
		if err := d.store.AddToken(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	if keys, err := d.Keys(t.Context(), ada); err != nil || len(keys) != 3 {
		t.Errorf("the member sees %+v, %v", keys, err)
	}
	if keys, err := d.Keys(t.Context(), shopServer(ada)); err != nil || len(keys) != 1 || keys[0].Shop != "shop_1" {
		t.Errorf("the shop server sees %+v, %v", keys, err)
	}
	if keys, err := d.Keys(t.Context(), d.join("bea@example.org")); err != nil || len(keys) != 0 {
		t.Errorf("another member sees %+v, %v", keys, err)
	}
	_, err := d.Keys(t.Context(), outcry.Actor{})
	wants(t, err, outcry.Unauthorized, "no_token")
}
