package store_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/store"
)

// scanned are the tables that a statement may go through: it wants all of them,
// or goes along the row numbers to the first.
var scanned = []string{"signals", "picks", "policies", "learned_up_to", "told_up_to"}

// Every statement finds its rows by an index, or goes along one.
func TestPlans_NoStatementReadsATableThrough(t *testing.T) {
	t.Parallel()
	w := &watched{}
	s := openWatched(t, w)
	useAll(t, s)
	db := rawly(t, w.file)
	w.mu.Lock()
	texts := slices.Clone(w.texts)
	w.mu.Unlock()
	parameter := regexp.MustCompile(`\$\d+|\?`)
	checked := 0
	for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
		word, _, _ := strings.Cut(text, " ")
		if !slices.Contains([]string{"SELECT", "UPDATE", "DELETE"}, word) || strings.Contains(text, "sqlite_master") || strings.Contains(text, "goose") {
			continue
		}
		checked++
		for _, step := range plan(t, db, parameter.ReplaceAllString(text, "'1'")) {
			table, whole := strings.CutPrefix(step, "SCAN ")
			table, _, along := strings.Cut(table, " ")
			if whole && !along && !slices.Contains(scanned, table) && !strings.HasPrefix(table, "(") && step != "SCAN CONSTANT ROW" {
				t.Errorf("%s\n  by: %s", text, step)
			}
		}
	}
	if checked < 40 {
		t.Fatalf("only %d statements were seen", checked)
	}
}

// useAll calls what reads or changes; what it says does not matter.
func useAll(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, at, page := context.Background(), time.Now(), outcry.Page{After: "1", Limit: 2}
	for range 2 { // the first use of a statement prepares it
		_ = s.UpdateMember(ctx, outcry.Member{ID: "m", Email: "e"}, "h")
		_ = s.AddMember(ctx, outcry.Member{ID: "m", Email: "e"}, "h")
		_, _, _ = s.MemberByEmail(ctx, "e")
		_, _ = s.HasOperator(ctx)
		_, _, _ = s.Members(ctx, page)
		_ = s.AddToken(ctx, outcry.Token{Hash: "h", ID: "t", Member: "m"})
		_, _, _, _ = s.TokenByHash(ctx, "h")
		_, _ = s.Keys(ctx, "m")
		_ = s.RemoveToken(ctx, "m", "t")
		_ = s.AddShop(ctx, outcry.Shop{ID: "s", Owner: "m"})
		_, _, _ = s.Shops(ctx, store.ShopFilter{}, page)
		_, _, _ = s.Shops(ctx, store.ShopFilter{Staff: "m"}, page)
		_, _, _ = s.Shops(ctx, store.ShopFilter{State: outcry.ShopActive}, page)
		_ = s.AddPairing(ctx, "p", "s", at.Add(time.Hour))
		_, _ = s.TakePairing(ctx, "p", at, outcry.Token{Hash: "k", ID: "k"})
		_, _, _ = s.PutBook(ctx, "s", []outcry.Code{"x:a", "x:b"}, at)
		_, _, _ = s.PutBook(ctx, "s", []outcry.Code{"x:a"}, at)
		_, _ = s.AcknowledgeBook(ctx, "s", 1)
		_, _ = s.BooksWith(ctx, []outcry.Code{"x:a"})
		_ = s.ChangeSignals(ctx, []outcry.Signal{{Code: "x:a"}}, outcry.Distribution{Codes: []outcry.Redefined{{Code: "x:a", Cause: "x:a"}}})
		d, _, _ := s.NextDistribution(ctx)
		_, _, _ = s.TellBooks(ctx, d, []string{"s"}, at)
		_, _ = s.Distributed(ctx, "x:a")
		_ = s.FinishDistribution(ctx, d.N, at)
		_, _ = s.ForgetDistribution(ctx, 0)
		_, _ = s.ImportShops(ctx, "m", []outcry.Listing{{Shop: outcry.Shop{ID: "i", Source: "n"}}, {Shop: outcry.Shop{ID: "j"}}})
		_ = s.EachListing(ctx, func(outcry.Listing) error { return nil })
		_, _ = s.Signals(ctx)
		_, _ = s.Picks(ctx)
		_ = s.AddRequest(ctx, outcry.Request{ID: "r", Buyer: "m", Accepts: 1})
		_, _, _ = s.Requests(ctx, "", page)
		_, _, _ = s.Requests(ctx, "m", page)
		_, _ = s.OpenRequests(ctx)
		_, _ = s.CountOpen(ctx, "m")
		base, _ := s.LastSeq(ctx)
		if events, _ := s.RequestLog(ctx, "r", 0, 0); len(events) == 0 {
			base = 0
		}
		o := outcry.Order{ID: "o", Request: "r", Offer: "f", Shop: "s", Buyer: "m", State: outcry.OrderPlaced}
		_, _ = s.Commit(ctx, outcry.Batch{Request: "r", Base: base, Placed: []outcry.Order{o}, Events: []outcry.Event{
			{At: at, Kind: outcry.EventCalled, Wave: &outcry.Wave{N: 1, Calls: []outcry.Called{{Shop: outcry.NewID("s", at, strings.NewReader(strings.Repeat("x", 10)))}}}},
			{At: at, Kind: outcry.EventChanged, Change: &outcry.Change{}},
			{At: at, Kind: outcry.EventClosed, Closing: &outcry.Closing{}},
		}})
		base, _ = s.LastSeq(ctx)
		_, _ = s.Commit(ctx, outcry.Batch{Request: "r", Base: base, Moved: []outcry.Order{o}, Rated: []outcry.OrderRating{
			{Order: "o", Shop: "s", By: outcry.PartyBuyer, Stars: 5},
		}})
		_, _, _ = s.ShopLog(ctx, "s", 0, 5)
		_, _ = s.Tail(ctx, 0, 5)
		_, _, _ = s.Heard(ctx, "s", page)
		_, _ = s.Order(ctx, "o")
		for _, which := range []store.OrderFilter{{}, {Buyer: "m"}, {Shop: "s"}, {Request: "r"}} {
			_, _, _ = s.Orders(ctx, which, page)
		}
		once := store.Once{Member: "m", Key: "k", Route: "r", At: at, Run: "1"}
		_, _ = s.BeginOnce(ctx, once)
		_ = s.FinishOnce(ctx, once, store.OnceAnswer{Status: 1})
		_ = s.ForgetOnce(ctx, once)
		_, _ = s.SweepOnce(ctx, at)
		_ = s.PutPolicy(ctx, 1, "m", nil, at)
		_, _, _ = s.Policy(ctx)
		_, _ = s.PolicyVersion(ctx, 1)
		_, _, _ = s.Policies(ctx, page)
		_ = s.SaveLearned(ctx, []outcry.Learned{{Subject: "l"}}, 1)
		_ = s.EachLearned(ctx, func(outcry.Learned) error { return nil })
		_, _ = s.LearnedUpTo(ctx)
		_, _ = s.Lessons(ctx, 0, 5)
		_ = s.CallsSince(ctx, at, func(string, time.Time) error { return nil })
		useWebhooks(ctx, s)
		_ = s.AddAudit(ctx, store.Audit{})
		_, _, _ = s.Audits(ctx, page)
	}
}

// useWebhooks is useAll for what is kept of webhooks.
func useWebhooks(ctx context.Context, s *store.Store) {
	_, _ = s.AddWebhook(ctx, outcry.Webhook{ID: "w", Shop: "s"}, 5)
	_, _ = s.Webhook(ctx, "w")
	_ = s.EachWebhook(ctx, func(outcry.Webhook) error { return nil })
	_, _ = s.ChangeWebhook(ctx, "w", func(*outcry.Webhook) error { return nil })
	_ = s.SaveOutbox(ctx, outcry.Outbox{Deliveries: []outcry.Delivery{{Webhook: "w"}}, Behind: map[string]int64{"w": 1}, UpTo: 1, Trim: []string{"w"}})
	_, _ = s.ToldUpTo(ctx)
	_, _ = s.Unsettled(ctx, "w", 1)
	_, _ = s.Delivery(ctx, "w", 1)
	_, _, _ = s.Deliveries(ctx, "w", outcry.Page{After: "1", Limit: 2})
	_, _ = s.ShopEvents(ctx, "s", 0, 5, 5)
	_ = s.RemoveWebhook(ctx, "w")
}
