package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/store"
	"outcry/store/storetest"
)

// withSetting adds a setting of the session to a database's address.
func withSetting(t *testing.T, address, name, value string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // a plus stands for itself there
	return u.String()
}

func TestPostgres_WriteSurvivesALostConnection(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	ctx := context.Background()
	name := fmt.Sprint("lost", time.Now().UnixNano())
	s := storetest.Open(t, withSetting(t, address, "application_name", name))
	if person(s, "ann") != "" || s.AddShop(ctx, outcry.Shop{ID: "shop", Owner: "ann"}) != nil {
		t.Fatal("no shop to begin with")
	}
	admin, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	calls := 0
	shop, err := s.ChangeShop(ctx, "shop", func(shop *outcry.Shop) error {
		if calls++; calls == 1 {
			var n int
			if err := admin.QueryRow(`SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
				WHERE application_name = $1 AND state = 'idle in transaction'`, name).Scan(&n); err != nil || n != 1 {
				return fmt.Errorf("%d connections ended: %w", n, err)
			}
		}
		shop.Name = fmt.Sprint("after try ", calls)
		return nil
	})
	if err != nil || shop.Name != "after try 2" {
		t.Fatalf("shop %q, error %v; want it changed by the second try", shop.Name, err)
	}
	if shop, err := s.Shop(ctx, "shop"); err != nil || shop.Name != "after try 2" {
		t.Fatalf("shop %q, error %v, read", shop.Name, err)
	}
}

func TestPostgres_RefusesAServerThatForgets(t *testing.T) {
	t.Parallel()
	address := withSetting(t, storetest.Postgres(t), "synchronous_commit", "off")
	s, err := store.Open(context.Background(), address)
	if err == nil {
		t.Fatal("opened", s.Close())
	}
	if outcry.KindOf(err) != outcry.Invalid {
		t.Fatalf("error %v, want invalid", err)
	}
}

func TestPostgres_RefusesAMissingSchema(t *testing.T) {
	t.Parallel()
	address := withSetting(t, storetest.Postgres(t), "search_path", "nowhere")
	s, err := store.Open(context.Background(), address)
	if err == nil {
		t.Fatal("opened", s.Close())
	}
	if outcry.KindOf(err) != outcry.Invalid {
		t.Fatalf("error %v, want invalid", err)
	}
}

func TestPostgres_WritersSeeEachOtherWhateverTheServersDefault(t *testing.T) {
	t.Parallel()
	address := withSetting(t, storetest.Postgres(t), "default_transaction_isolation", "serializable")
	nodes := []*store.Store{storetest.Open(t, address), storetest.Open(t, address)}
	if code := person(nodes[0], "ann"); code != "" {
		t.Fatal(code)
	}
	const writers, commits = 6, 20
	errs := make(chan error, writers)
	for i := range writers {
		go func() { errs <- chain(nodes[i%len(nodes)], fmt.Sprint("req_", i), commits) }()
	}
	for range writers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if last, err := nodes[0].LastSeq(context.Background()); err != nil || last != writers*commits {
		t.Fatalf("the log ends at %d, %v; want %d", last, err, writers*commits)
	}
}

// chain adds a request of ann's, and events to it one by one.
func chain(s *store.Store, request string, events int) error {
	ctx := context.Background()
	err := s.AddRequest(ctx, outcry.Request{ID: request, Buyer: "ann", State: outcry.RequestOpen})
	base := int64(0)
	for range events {
		if err != nil {
			return err
		}
		var done []outcry.Event
		done, err = s.Commit(ctx, outcry.Batch{Request: request, Base: base, Events: []outcry.Event{
			{Kind: outcry.EventDeclined, Shop: "s", Decline: &outcry.Decline{}},
		}})
		if err == nil {
			base = done[0].Seq
		}
	}
	return err
}
