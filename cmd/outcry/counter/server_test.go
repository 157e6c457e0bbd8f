package counter_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"outcry"
)

const (
	byList = "prices: prices.csv"
	breads = "code,price,currency,message,lead_minutes,stock\nosm:shop=bakery,2.40,GBP,Still warm,0,3\n"
)

func TestServer_StockIsHeldFreedAndTaken(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	dir := t.TempDir()
	r := m.run(dir, place(t, byList, breads))
	first, second := m.ask("osm:shop=bakery", 2, ""), ""
	if got := m.answered(first); got != "£4.80 live" {
		t.Fatal(got)
	}
	second = m.ask("osm:shop=bakery", 2, "")
	if got := m.answered(second); got != "declined: only 1 left" {
		t.Error(got)
	}
	third := m.ask("osm:shop=bakery", 1, "")
	if got := m.answered(third); got != "£2.40 live" {
		t.Error(got)
	}
	order := m.accept(first)
	r.hears("order "+order.ID+" is placed", 1)
	if _, err := m.shop.Refuse(t.Context(), order.ID, "oven broken"); err != nil {
		t.Fatal(err)
	}
	r.hears("order "+order.ID+" is refused", 1)
	fourth := m.ask("osm:shop=bakery", 2, "")
	if got := m.answered(fourth); got != "£4.80 live" {
		t.Error("what was refused is back:", got)
	}
	taken := m.accept(fourth)
	r.hears("order "+taken.ID+" is placed", 1)
	r.stop()
	m.withdraw(third) // while the shop server is away
	m.run(dir, r.files).hears("stock 1 of osm:shop=bakery back: the offer is withdrawn", 1)
	if got := m.answered(m.ask("osm:shop=bakery", 2, "")); got != "declined: only 1 left" {
		t.Error("after a restart:", got)
	}
}

// withdraw takes the shop's offer to a request back, as a person would.
func (m *market) withdraw(request string) {
	m.t.Helper()
	offer := m.call(request).Offer
	if err := m.shop.Withdraw(m.t.Context(), offer.ID, offer.Version); err != nil {
		m.t.Fatal(err)
	}
}

func TestServer_NothingIsMissedNorAnsweredTwiceAcrossRestarts(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	dir := t.TempDir()
	var asked atomic.Int32
	software := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, `{"price":{"amount":100,"currency":"GBP"}}`)
	}))
	defer software.Close()
	files := place(t, "software: "+software.URL, "")
	var requests []string
	for round := range 4 {
		r := m.run(dir, files)
		for range 2 {
			requests = append(requests, m.ask("osm:shop=bakery", 1, ""))
		}
		for _, request := range requests {
			if got := m.answered(request); got != "£1 live" {
				t.Errorf("round %d: %s", round, got)
			}
		}
		r.stop()
		requests = append(requests, m.ask("osm:shop=bakery", 1, "")) // while nobody is there
		if c := m.call(requests[len(requests)-1]); c.Offer != nil {
			t.Error("nobody was there, and it was answered")
		}
	}
	r := m.run(dir, files)
	m.answered(requests[len(requests)-1])
	r.stop()
	if int(asked.Load()) != len(requests) {
		t.Errorf("the software was asked %d times for %d calls", asked.Load(), len(requests))
	}
	if r.shelf.Cursor() == 0 {
		t.Error("no cursor is kept")
	}
}

func TestServer_HangingSoftwareDelaysNoOther(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	held := make(chan struct{})
	software := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-held }))
	defer software.Close()
	defer close(held)
	files := place(t, "prices: prices.csv\nsoftware: "+software.URL+"\nanswer: [{code: osm:shop=florist, by: software}, {code: '*', by: prices}]", "code,price,currency\nosm:shop=bakery,2.40,GBP\n")
	r := m.run(t.TempDir(), files)
	for range 40 { // more than may be asked at once
		m.ask("osm:shop=florist", 1, "")
	}
	r.hears("call osm:shop=florist", 40)
	if got := m.answered(m.ask("osm:shop=bakery", 1, "")); got != "£2.40 live" {
		t.Error(got)
	}
	if strings.Contains(r.said(), "missed") {
		t.Error("it was answered when the time of the others was up")
	}
}

func TestServer_WhatNobodyAnswersIsAPersons(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	software := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	defer software.Close()
	r := m.run(t.TempDir(), place(t, "software: "+software.URL+"\nrules: [{name: broken, when: request.note == 'x', then: {decline: 'none of {1 / 0}'}}]", ""))
	request := m.ask("osm:shop=bakery", 1, "")
	r.hears("person left to a person (the software answers nothing)", 1)
	if c := m.call(request); c.State != outcry.CallWaiting {
		t.Errorf("the call is %s", c.State)
	}
	request = m.ask("osm:shop=bakery", 1, "x")
	r.hears("problem rule broken: fill in the text: it gives no number; left to a person", 1)
	if c := m.call(request); c.State != outcry.CallWaiting {
		t.Errorf("where a rule fails the call is %s", c.State)
	}
}

func TestServer_FilesAreReadAgainAndABrokenOneChangesNothing(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	files := place(t, byList, "code,price,currency\nosm:shop=bakery,2.40,GBP\n")
	r := m.run(t.TempDir(), files)
	if got := m.answered(m.ask("osm:shop=bakery", 1, "")); got != "£2.40 live" {
		t.Fatal(got)
	}
	prices := filepath.Join(filepath.Dir(files.Rules), "prices.csv")
	write(t, prices, "code,price,currency\nosm:shop=bakery,2.5x,GBP\n")
	r.hears("ERROR "+prices+":2:17: price: ", 1)
	r.hears("what was read before stays in force", 1)
	if got := m.answered(m.ask("osm:shop=bakery", 1, "")); got != "£2.40 live" {
		t.Error("a broken list:", got)
	}
	write(t, prices, "code,price,currency\nosm:shop=bakery,2.50,GBP\n")
	r.hears("read 1 prices, 0 rules", 1)
	if got := m.answered(m.ask("osm:shop=bakery", 1, "")); got != "£2.50 live" {
		t.Error("the new list:", got)
	}
	write(t, files.Rules, byList+"\nrules: [{name: a, when: shop.huor > 1, then: {by: person}}]\n")
	r.hears("ERROR "+files.Rules+":2:25: rules[0].when: ", 1)
	write(t, files.Rules, byList+"\nrules: [{name: a, then: {decline: closed}}]\n")
	r.hears("read 1 prices, 1 rules", 1)
	if got := m.answered(m.ask("osm:shop=bakery", 1, "")); got != "declined: closed" {
		t.Error("the new rules:", got)
	}
}

func TestServer_TheBookIsAcknowledgedOnceItIsOnDisk(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	dir := t.TempDir()
	blocked := filepath.Join(dir, "book.json")
	r := m.run(dir, place(t, byList, breads))
	r.hears("book version 1, 2 codes", 1)
	if got := m.acknowledged(); got != 1 {
		t.Errorf("version %d is acknowledged", got)
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(blocked, "in the way"), 0o700); err != nil { // now no book can be kept
		t.Fatal(err)
	}
	m.book(m.shop.Shop(), "osm:shop=bakery")
	r.hears("problem keep the book: ", 1)
	if got := m.acknowledged(); got != 1 {
		t.Errorf("version %d is acknowledged and not on disk", got)
	}
	if err := os.RemoveAll(blocked); err != nil {
		t.Fatal(err)
	}
	r.stop()
	r = m.run(dir, r.files)
	r.hears("book version 2, 1 codes", 1)
	if got := m.acknowledged(); got != 2 || r.shelf.Book().Version != 2 || !slices.Equal(r.shelf.Book().Codes, []string{"osm:shop=bakery"}) {
		t.Errorf("version %d is acknowledged; kept is %+v", got, r.shelf.Book())
	}
}

func (m *market) acknowledged() int {
	m.t.Helper()
	b, err := m.shop.Book(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	return b.Acknowledged
}

func TestServer_ManyAtOnceNeverOversell(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	r := m.run(t.TempDir(), place(t, byList, strings.Replace(breads, ",3\n", ",7\n", 1)))
	var requests []string
	for range 25 {
		requests = append(requests, m.ask("osm:shop=bakery", 1, ""))
	}
	live := 0
	for _, request := range requests {
		if m.answered(request) == "£2.40 live" {
			live++
		}
	}
	if live != 7 {
		t.Errorf("%d of 7 were offered", live)
		t.Log(r.said())
	}
}

func TestServer_WithoutAnythingAllIsAPersons(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	r := m.run(t.TempDir(), place(t, "{}", ""))
	request := m.ask("osm:shop=bakery", 1, "")
	r.hears("person left to a person", 1)
	if c := m.call(request); c.State != outcry.CallWaiting {
		t.Errorf("without a price list the call is %s", c.State)
	}
	if _, err := m.buyer.Withdraw(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	r.hears("closed osm:shop=bakery, closed: withdrawn", 1)
}
