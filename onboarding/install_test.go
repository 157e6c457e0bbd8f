package onboarding_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
)

func TestPair_OnceWithinTenMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall(t)
		shop := h.active("ada")
		code, expires, err := h.NewPairing(t.Context(), h.actor("ada"), shop.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^[BCDFGHJKMNPQRSTVWXYZ]{4}-[BCDFGHJKMNPQRSTVWXYZ]{4}$`).MatchString(code) || !expires.Equal(time.Now().Add(10*time.Minute)) {
			t.Errorf("the code is %q until %s", code, expires)
		}
		time.Sleep(10*time.Minute - time.Millisecond)
		got, secret, err := h.Pair(t.Context(), " "+strings.ToLower(strings.ReplaceAll(code, "-", " ")), "")
		if err != nil || got != shop.ID || !strings.HasPrefix(secret, "ock_") || len(secret) != 47 {
			t.Fatalf("paired with %q by %q, %v", got, secret, err)
		}
		if h.listed(shop.ID).Answers != outcry.BySoftware {
			t.Error("its calls are still thought to be answered by people")
		}
		_, _, err = h.Pair(t.Context(), code, "again")
		wants(t, err, outcry.NotFound, "pairing_gone")
	})
}

func TestPair_NotAfterTenMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall(t)
		code, _, err := h.NewPairing(t.Context(), h.actor("op"), h.active("ada").ID)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		_, _, err = h.Pair(t.Context(), code, "till")
		wants(t, err, outcry.NotFound, "pairing_gone")
	})
}

func TestPair_TheKeyIsTheShopsAlone(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	shop := h.active("ada")
	code, _, err := h.NewPairing(t.Context(), h.actor("op"), shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Pair(t.Context(), code, " till 1 "); err != nil {
		t.Fatal(err)
	}
	keys, err := h.store.Keys(t.Context(), "mem_ada")
	if err != nil || len(keys) != 1 || keys[0].Shop != shop.ID || keys[0].Name != "till 1" ||
		len(keys[0].Scopes) != 1 || keys[0].Scopes[0] != outcry.ScopeShop {
		t.Errorf("the owner's keys are %+v, %v", keys, err)
	}
}

func TestPair_OneOfManyAtOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	code, _, err := h.NewPairing(t.Context(), h.actor("op"), h.active("ada").ID)
	if err != nil {
		t.Fatal(err)
	}
	var paired atomic.Int32
	var all sync.WaitGroup
	for range 15 {
		all.Go(func() {
			if _, _, err := h.Pair(t.Context(), code, "till"); err == nil {
				paired.Add(1)
			}
		})
	}
	all.Wait()
	if paired.Load() != 1 {
		t.Errorf("paired %d times", paired.Load())
	}
}

func TestPair_HearsTwentyWrongCodesAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall(t)
		code, _, err := h.NewPairing(t.Context(), h.actor("op"), h.active("ada").ID)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			_, _, err := h.Pair(t.Context(), "BBBB-BBBB", "")
			wants(t, err, outcry.NotFound, "pairing_gone")
		}
		_, _, err = h.Pair(t.Context(), code, "till")
		wants(t, err, outcry.Limited, "too_many_tries")
		var e *outcry.Error
		if errors.As(err, &e) && e.Retry != 60 {
			t.Errorf("to be tried again in %d s, want 60", e.Retry)
		}
		time.Sleep(time.Minute)
		if _, _, err := h.Pair(t.Context(), code, "till"); err != nil {
			t.Errorf("a minute later: %v", err)
		}
	})
}

func TestPair_RightCodesAreNotLimited(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var all sync.WaitGroup
	for i := range 60 {
		shop := h.active("ada").ID
		all.Go(func() {
			code, _, err := h.NewPairing(t.Context(), h.actor("op"), shop)
			if err != nil {
				t.Error(err)
				return
			}
			if got, _, err := h.Pair(t.Context(), code, fmt.Sprint("till ", i)); err != nil || got != shop {
				t.Errorf("paired with %s, %v", got, err)
			}
		})
	}
	all.Wait()
}

func TestPair_Faults(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for _, code := range []string{"", "ABCD", "AAAA-AAAA", "BCDF-GHJKM", "BCDF-GH0O", strings.Repeat("B", 10_000), "ＢＣＤＦ"} {
		_, _, err := h.Pair(t.Context(), code, strings.Repeat("x", 121))
		wantsFaults(t, err, "path.code", "body.name")
	}
	_, _, err := h.NewPairing(t.Context(), h.actor("op"), "shop_none")
	wants(t, err, outcry.NotFound, "not_found")
}
