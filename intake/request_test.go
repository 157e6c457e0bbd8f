package intake_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/intake"
	"outcry/policy"
)

func TestAsk_KeepsTheRequestAndRunsIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	want := draft()
	want.Accepts = new(2)
	r, err := d.Ask(t.Context(), ada, want)
	if err != nil {
		t.Fatal(err)
	}
	if r.Buyer != ada.Member || r.State != outcry.RequestOpen || r.Accepts != 2 || r.Policy != 7 || r.Code != "osm:shop=bakery" {
		t.Errorf("the request is %+v", r)
	}
	if !slices.Equal(d.matcher.started, []string{r.ID}) {
		t.Errorf("started %q", d.matcher.started)
	}
	kept, err := d.Request(t.Context(), ada, r.ID)
	if err != nil || kept.ID != r.ID || !kept.Deadline.Equal(r.Deadline) || !kept.Created.Equal(r.Created) {
		t.Errorf("kept as %+v, %v", kept, err)
	}
}

func TestAsk_InTheMembersLanguage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, secret, err := d.JoinAsGuest(t.Context(), "", "ko")
	if err != nil {
		t.Fatal(err)
	}
	words := draft()
	words.Code, words.Words = nil, new("빵")
	if r, err := d.Ask(t.Context(), d.who(secret), words); err != nil || r.Locale != "ko" || r.Code != "osm:shop=bread" {
		t.Errorf("asked for %+v, %v", r.Ask, err)
	}
}

func TestAsk_WhoMay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	for name, c := range map[string]struct {
		actor outcry.Actor
		kind  outcry.Kind
		code  string
	}{
		"a stranger":        {outcry.Actor{}, outcry.Unauthorized, "no_token"},
		"a key of the shop": {d.withKey(ada, outcry.ScopeShop), outcry.Forbidden, "scope"},
		"a key to read":     {d.withKey(ada, outcry.ScopeRead), outcry.Forbidden, "read_only"},
		"a shop server":     {shopServer(ada), outcry.Forbidden, "scope"},
		"the member":        {ada, "", ""},
		"a key to buy":      {d.withKey(ada, outcry.ScopeBuy), "", ""},
		"a guest":           {d.guest(), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := d.Ask(t.Context(), c.actor, draft())
			wants(t, err, c.kind, c.code)
		})
	}
}

func TestRequest_OnlyItsBuyerAndTheOperatorSeeIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada, bea := d.join("ada@example.org"), d.join("bea@example.org")
	if err := d.EnsureOperator(t.Context(), "op@example.org", password); err != nil {
		t.Fatal(err)
	}
	operator := d.signIn("op@example.org")
	r, err := d.Ask(t.Context(), ada, draft())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		actor outcry.Actor
		kind  outcry.Kind
		code  string
	}{
		"its buyer":          {ada, "", ""},
		"its buyer's reader": {d.withKey(ada, outcry.ScopeRead), "", ""},
		"the operator":       {operator, "", ""},
		"another buyer":      {bea, outcry.NotFound, "not_found"},
		"a guest":            {d.guest(), outcry.NotFound, "not_found"},
		"its buyer's shop":   {shopServer(ada), outcry.NotFound, "not_found"},
		"a stranger":         {outcry.Actor{}, outcry.NotFound, "not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := d.Request(t.Context(), c.actor, r.ID)
			wants(t, err, c.kind, c.code)
			_, err = d.Request(t.Context(), c.actor, "req_00000000000000000000000000")
			wants(t, err, outcry.NotFound, "not_found")
		})
	}
}

func TestRequests_ListsTheActorsOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada, bea := d.join("ada@example.org"), d.join("bea@example.org")
	var ids []string
	for range 3 {
		r, err := d.Ask(t.Context(), ada, draft())
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	var seen []string
	for after, pages := "", 0; ; pages++ {
		items, next, err := d.Requests(t.Context(), ada, outcry.Page{After: after, Limit: 2})
		if err != nil || pages > 2 {
			t.Fatal(pages, err)
		}
		for _, r := range items {
			seen = append(seen, r.ID)
		}
		if after = next; next == "" {
			break
		}
	}
	slices.Sort(ids)
	if slices.Sort(seen); !slices.Equal(seen, ids) {
		t.Errorf("listed %q, want %q", seen, ids)
	}
	if items, _, err := d.Requests(t.Context(), bea, outcry.Page{}); err != nil || len(items) != 0 {
		t.Errorf("another buyer sees %+v, %v", items, err)
	}
	_, _, err := d.Requests(t.Context(), shopServer(ada), outcry.Page{})
	wants(t, err, outcry.Forbidden, "scope")
	_, _, err = d.Requests(t.Context(), outcry.Actor{}, outcry.Page{})
	wants(t, err, outcry.Unauthorized, "no_token")
}

func TestAsk_AsManyOpenAsThePolicySays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	guest := d.guest()
	for range policy.Default().Limits.OpenGuestRequests {
		if _, err := d.Ask(t.Context(), guest, draft()); err != nil {
			t.Fatal(err)
		}
	}
	_, err := d.Ask(t.Context(), guest, draft())
	wants(t, err, outcry.Limited, "too_many_open")
	var e *outcry.Error
	if errors.As(err, &e) && e.Retry < 1 {
		t.Error("does not say when to try again")
	}
	if _, err := d.Ask(t.Context(), d.guest(), draft()); err != nil {
		t.Errorf("another guest pays for it: %v", err)
	}
}

func TestAsk_ManyAtOnceAreNoMoreThanThePolicySays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, func(c *intake.Config) { c.Requests = slow{c.Requests} })
		guest := d.guest()
		var taken, limited atomic.Int32
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				switch _, err := d.Ask(t.Context(), guest, draft()); outcry.CodeOf(err) {
				case "":
					taken.Add(1)
				case "too_many_open":
					limited.Add(1)
				}
			})
		}
		all.Wait()
		most := int32(policy.Default().Limits.OpenGuestRequests)
		if taken.Load() != most || limited.Load() != 40-most {
			t.Errorf("%d were taken and %d limited, want %d and %d", taken.Load(), limited.Load(), most, 40-most)
		}
	})
}

func TestAsk_OneBuyerDoesNotWaitForAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, func(c *intake.Config) { c.Requests = slow{c.Requests} })
		guests := []outcry.Actor{d.guest(), d.guest(), d.guest()}
		start := time.Now()
		var all sync.WaitGroup
		for _, guest := range guests {
			all.Go(func() {
				if _, err := d.Ask(t.Context(), guest, draft()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(start); took != time.Second {
			t.Errorf("three buyers took %s, want the second that each takes", took)
		}
	})
}

func TestAsk_WhoHangsUpWhileItWaitsAsksNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, func(c *intake.Config) { c.Requests = slow{c.Requests} })
		guest := d.guest()
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := d.Ask(t.Context(), guest, draft()); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		ctx, hangUp := context.WithTimeout(t.Context(), time.Millisecond)
		defer hangUp()
		if _, err := d.Ask(ctx, guest, draft()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("asked in vain: %v", err)
		}
		all.Wait()
		if n, err := d.store.CountOpen(t.Context(), guest.Member); err != nil || n != 1 {
			t.Errorf("%d requests are open, %v", n, err)
		}
	})
}

// slow takes a second to count.
type slow struct{ kept }

func (s slow) CountOpen(ctx context.Context, buyer string) (int, error) {
	n, err := s.kept.CountOpen(ctx, buyer)
	time.Sleep(time.Second)
	return n, err
}

func TestAsk_AgainIsTheSameRequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	guest := d.guest()
	first := time.Now().Add(-time.Minute) // when an earlier process saw the command
	seeded := outcry.WithSeed(t.Context(), outcry.Seed{At: first, Key: guest.Member + " POST /v1/requests retry-1"})
	var requests []outcry.Request
	for range 5 { // more often than a guest may have requests
		r, err := d.Ask(seeded, guest, draft())
		if err != nil {
			t.Fatal(err)
		}
		requests = append(requests, r)
	}
	for _, r := range requests[1:] {
		if r.ID != requests[0].ID || !r.Deadline.Equal(requests[0].Deadline) {
			t.Errorf("asked %s until %s, then %s until %s", requests[0].ID, requests[0].Deadline, r.ID, r.Deadline)
		}
	}
	if n, err := d.store.CountOpen(t.Context(), guest.Member); err != nil || n != 1 {
		t.Errorf("%d requests are open, %v", n, err)
	}
	if len(d.matcher.started) != 5 {
		t.Errorf("started %d times: each try sees to it that it runs", len(d.matcher.started))
	}
}

func TestAsk_RunsThoughTheBuyerHangsUp(t *testing.T) {
	t.Parallel()
	ctx, hangUp := context.WithCancel(t.Context())
	d := newDesk(t, func(c *intake.Config) { c.Requests = hangingUp{c.Requests, hangUp} })
	r, err := d.Ask(ctx, d.join("ada@example.org"), draft())
	if err != nil || !slices.Equal(d.matcher.started, []string{r.ID}) {
		t.Errorf("started %q, %v", d.matcher.started, err)
	}
}

// hangingUp ends the caller's context when a request has been kept.
type hangingUp struct {
	kept
	hangUp func()
}

type kept = intake.Requests

func (h hangingUp) AddRequest(ctx context.Context, r outcry.Request) error {
	defer h.hangUp()
	return h.kept.AddRequest(ctx, r)
}

func TestAsk_TellsWhenItIsNotRun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.matcher.err = &outcry.Error{Kind: outcry.Unavailable, Code: "stopping", Retry: 1}
	_, err := d.Ask(t.Context(), d.join("ada@example.org"), draft())
	wants(t, err, outcry.Unavailable, "stopping")
}

func TestAsk_TellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.Ask(t.Context(), d.guest(), intake.Draft{})
	wantsFaults(t, err, "body.code", "body.place", "body.radius_m", "body.deadline_s")
}
