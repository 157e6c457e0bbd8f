package matching_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
)

func texts(thread []outcry.Message) (said []string) {
	for _, m := range thread {
		said = append(said, string(m.From)+": "+m.Text)
	}
	return said
}

func TestThread_IsBetweenTheBuyerAndOneCalledShop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer func() { f.stop() }()
		ctx, id := t.Context(), f.ask(30, 2)
		f.set("shop_uncalled", func(l *outcry.Listing) { l.Place.Lat = 56.5 })
		first, err := f.Say(ctx, f.buyer, id, "shop_a", "Any seeds?")
		if err != nil || first.From != outcry.PartyBuyer || first.Request != id || first.Shop != "shop_a" || !first.At.Equal(time.Now()) {
			t.Fatalf("%+v, %v", first, err)
		}
		if _, err = f.Say(ctx, by("shop_a"), id, "shop_a", "Poppy."); err != nil {
			t.Fatal(err)
		}
		if _, err = f.Say(ctx, by("shop_b"), id, "shop_b", "Hello?"); err != nil {
			t.Fatal(err)
		}
		_, err = f.Say(ctx, f.buyer, id, "shop_uncalled", "Hello?")
		refused(t, "a shop that was not called", err, "not_found")
		_, err = f.Say(ctx, by("shop_uncalled"), id, "shop_uncalled", "Me too!")
		refused(t, "by a shop that was not called", err, "not_found")
		_, err = f.Say(ctx, operator, id, "shop_a", "I am listening")
		refused(t, "by the operator", err, "not_found")
		_, err = f.Say(ctx, f.buyer, id, "shop_a", "")
		refused(t, "nothing", err, "invalid")
		_, err = f.Say(ctx, f.buyer, id, "shop_a", strings.Repeat("x", outcry.MaxMessage+1))
		refused(t, "too much", err, "invalid")
		time.Sleep(time.Minute) // the request is closed, the talk goes on
		if _, err = f.Say(ctx, f.buyer, id, "shop_a", "Thanks"); err != nil {
			t.Errorf("after the deadline: %v", err)
		}
		f.stop()
		f.start()
		want := []string{"buyer: Any seeds?", "shop: Poppy.", "buyer: Thanks"}
		for name, actor := range map[string]outcry.Actor{"buyer": f.buyer, "shop": by("shop_a"), "operator": operator} {
			if thread, err := f.Thread(ctx, actor, id, "shop_a"); err != nil || !slices.Equal(texts(thread), want) {
				t.Errorf("the %s reads %v, %v; want %v", name, texts(thread), err, want)
			}
		}
		if thread, err := f.Thread(ctx, f.buyer, id, "shop_b"); err != nil || len(thread) != 1 {
			t.Errorf("with the other shop: %v, %v", texts(thread), err)
		}
	})
}

func TestSay_ARetryIsSaidOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(30, 2)
		ctx := outcry.WithSeed(t.Context(), outcry.Seed{At: time.Now(), Key: "mem_buyer say k1"})
		first, err := f.Say(ctx, f.buyer, id, "shop_a", "Any seeds?")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		again, err := f.Say(ctx, f.buyer, id, "shop_a", "Any seeds?")
		if err != nil || again != first {
			t.Errorf("the retry gives %+v, %v; want %+v", again, err, first)
		}
		if thread, _ := f.Thread(ctx, f.buyer, id, "shop_a"); len(thread) != 1 {
			t.Errorf("said %d times", len(thread))
		}
		if _, err := f.Say(t.Context(), f.buyer, id, "shop_a", "Any seeds?"); err != nil {
			t.Error(err)
		}
		if thread, _ := f.Thread(ctx, f.buyer, id, "shop_a"); len(thread) != 2 {
			t.Errorf("said again on purpose, %d are there", len(thread))
		}
	})
}
