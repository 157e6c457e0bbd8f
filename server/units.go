package server

import (
	"context"

	"outcry"
	"outcry/bus"
	"outcry/directory"
	"outcry/intake"
	"outcry/onboarding"
	"outcry/policy"
	"outcry/store"
)

// wireUnits makes the units that take in members, requests, shops and books.
func (s *Server) wireUnits(c Config, bell *bus.Local) {
	s.Intake = intake.New(intake.Config{
		Members: s.Store, Operators: s.Store, Tokens: s.Store, Sessions: s.Store, Requests: s.Store, Signals: s.Directory,
		Matcher: s.Market, Policy: func() policy.Policy { return *s.Policy.Now().Policy() }, PolicyVersion: s.Policy.Version, Clock: c.Clock, Random: c.Random,
	})
	s.Onboarding = onboarding.New(onboarding.Config{
		Shops: s.Store, Find: s.findShops, Pairings: s.Store, Books: s.Store, Listings: s.Shops, Actors: s.Intake,
		Kinds: s.Directory, Webhooks: s.Store, Deliveries: s.Store, Sender: s.Webhooks, Failing: s.Webhooks.Failing, Reach: c.reach(),
		Clock: c.Clock, Random: c.Random,
	})
	s.Books = directory.NewBooks(directory.BooksConfig{
		Shelf: s.Store, Tellings: s.Store, Codes: s.Directory, Listings: s.Shops, Bell: bell, Clock: c.Clock, Log: c.Log,
	})
}

// findShops lists shops as the onboarding unit asks for them.
func (s *Server) findShops(ctx context.Context, staff string, state outcry.ShopState, p outcry.Page) ([]outcry.Shop, string, error) {
	return s.Store.Shops(ctx, store.ShopFilter{Staff: staff, State: state}, p)
}

// orders finds orders and calls as the matching unit asks for them.
type orders struct{ *store.Store }

// Heard lists the requests that called a shop, newest first.
func (o orders) Heard(ctx context.Context, shop string, p outcry.Page) ([]string, string, error) {
	heard, next, err := o.Store.Heard(ctx, shop, p)
	requests := make([]string, len(heard))
	for i, h := range heard {
		requests[i] = h.Request
	}
	return requests, next, err
}
