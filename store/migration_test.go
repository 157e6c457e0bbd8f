package store_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/store"
	"outcry/store/storetest"
)

// oldRows are what a market had before migration 2: a shop, a request that
// called it, and the order that came of it.
var oldRows = []string{
	`INSERT INTO members VALUES ('mem_1', 'a@example.org', 'a@example.org', 'Ann', 'en', 0, 0, 'hash', 1)`,
	`INSERT INTO shops VALUES ('shop_1', 'mem_1', 'Bread', 55.95, -3.19, 3000, 'Mo-Fr 09:00-18:00', 'Europe/London', '["en"]', 2,
		'["pickup"]', 'door 4', 'person', 'active', '', 1000, 2000, 'node/1', 9, 2)`,
	`INSERT INTO requests VALUES ('req_1', 'mem_1', 'osm:shop=bakery', '', '', 1, '', 0, '', 55.95, -3.19, 3000, NULL, 90000, 3, 'best',
		'[]', '[]', 'en', 1, 'closed', 'enough', 1000, 5000, 0)`,
	`INSERT INTO log VALUES (1, 2000, 'called', 'req_1', '', '{"n":1,"calls":[{"n":0,"shop":"shop_1","distance_m":7,"score":0.5,
		"parts":[{"part":"near","points":0.3}]}]}')`,
	`INSERT INTO log VALUES (2, 5000, 'closed', 'req_1', '', '{"reason":"enough"}')`,
	`INSERT INTO log VALUES (3, 6000, 'order', 'req_1', 'shop_1', '{"order_id":"ord_1","offer_id":"off_1","state":"placed","by":"buyer"}')`,
}

// A database of an earlier program opens with all that was in it; what was not
// known then has its zero value.
func TestMigrate_AnEarlierDatabaseKeepsItsData(t *testing.T) {
	t.Parallel()
	for _, kind := range storetest.Kinds[1:] {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			ctx, address := context.Background(), kind.New(t)
			if err := store.MakeOld(ctx, address, 1); err != nil {
				t.Fatal(err)
			}
			fillOld(t, address)
			s := storetest.Open(t, address)
			shop, err := s.Shop(ctx, "shop_1")
			if err != nil || shop.Contact != "door 4" || shop.Rating != (outcry.Rating{Stars: 9, Count: 2}) ||
				shop.QuietHours != "" || !shop.PausedUntil.IsZero() || shop.MostOpen != 0 || shop.MostHourly != 0 {
				t.Errorf("shop %+v, error %v", shop, err)
			}
			request, err := s.Request(ctx, "req_1")
			if err != nil || request.Reason != outcry.ClosedEnough || request.LeastRating != 0 {
				t.Errorf("request %+v, error %v", request, err)
			}
			learnsFrom(t, s)
		})
	}
}

// fillOld adds oldRows to a database.
func fillOld(t *testing.T, address string) {
	t.Helper()
	driver := "pgx"
	path, is := strings.CutPrefix(address, "sqlite:")
	if is {
		driver, address = "sqlite", path
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, text := range oldRows {
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// learnsFrom checks that what happened before can be learned from.
func learnsFrom(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := context.Background()
	upTo, err := s.LearnedUpTo(ctx)
	if err != nil || upTo != 0 {
		t.Errorf("learned up to %d, error %v", upTo, err)
	}
	lessons, err := s.Lessons(ctx, upTo, 0)
	if err != nil || len(lessons) != 2 || lessons[0].Kind != outcry.EventClosed || lessons[1].Kind != outcry.EventOrder {
		t.Errorf("lessons %+v, error %v", lessons, err)
	}
	var calls []string
	err = s.CallsSince(ctx, time.UnixMilli(2000), func(shop string, at time.Time) error {
		calls = append(calls, shop+at.UTC().Format(" 05"))
		return nil
	})
	if diff := cmp.Diff([]string{"shop_1 02"}, calls); diff != "" || err != nil {
		t.Errorf("calls: error %v (-want +got):\n%s", err, diff)
	}
	rows := []outcry.Learned{{Subject: "shop_1", Seq: 3, Body: []byte("{}")}}
	if err := s.SaveLearned(ctx, rows, 3); err != nil {
		t.Error(err)
	}
}
