package onboarding

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"sync"
	"time"

	"outcry"
)

// Shops keeps shops.
type Shops interface {
	// AddShop adds a shop, whose owner becomes its staff; the same id again
	// does nothing.
	AddShop(ctx context.Context, s outcry.Shop) error
	Shop(ctx context.Context, id string) (outcry.Shop, error)
	// ChangeShop reads, changes and writes a shop while nobody else does.
	ChangeShop(ctx context.Context, id string, change func(*outcry.Shop) error) (outcry.Shop, error)
	// ImportShops adds shops with their books, or updates those whose Source
	// is there already: all but their state, who answers, and their rating.
	ImportShops(ctx context.Context, owner string, listings []outcry.Listing) (added int, err error)
}

// Find lists shops by their ids: those where the member staff works, unless it
// is "", of the state, unless that is "".
type Find func(ctx context.Context, staff string, state outcry.ShopState, p outcry.Page) (items []outcry.Shop, next string, err error)

// Pairings keeps the hashes of pairing codes.
type Pairings interface {
	AddPairing(ctx context.Context, hash, shop string, expires time.Time) error
	// TakePairing uses up a code, once: key becomes a key of its shop, whose
	// calls software answers from then on. Otherwise it is NotFound with the
	// code "pairing_gone".
	TakePairing(ctx context.Context, hash string, now time.Time, key outcry.Token) (shop string, err error)
}

// Books reads what shops sell.
type Books interface {
	Book(ctx context.Context, shop string) (outcry.Book, error)
	// EachListing gives every shop of whatever state with its codes.
	EachListing(ctx context.Context, do func(outcry.Listing) error) error
}

// Listings are the shops that step 6 selects from.
type Listings interface {
	Put(l outcry.Listing) error
}

// Actors remembers who may act for which shop; it is told when that changes.
type Actors interface {
	Forget(member string)
}

// Config is what an Onboarding works with. All fields are needed.
type Config struct {
	Shops    Shops
	Find     Find
	Pairings Pairings
	Books    Books
	Listings Listings
	Actors   Actors
	Kinds    Kinds
	// How shops' own software is reached.
	Webhooks   Webhooks
	Deliveries Deliveries
	Sender     Sender
	Failing    Failing
	Reach      outcry.Reach
	Clock      func() time.Time
	Random     io.Reader // must be fit for secrets
}

// Onboarding joins shops.
type Onboarding struct {
	Config
	pairing   *wrongTries
	importing sync.Mutex
}

// New makes an Onboarding.
func New(c Config) *Onboarding {
	return &Onboarding{Config: c, pairing: newWrongTries()}
}

// now is the time with the resolution that is kept, milliseconds.
func (o *Onboarding) now() time.Time { return o.Clock().UTC().Truncate(time.Millisecond) }

// list hands a shop as it is in the store to those who select, also when the
// caller has hung up. What was handed over is compared with the store again,
// since somebody may have changed the shop and handed it over in between.
func (o *Onboarding) list(ctx context.Context, id string) error {
	ctx = context.WithoutCancel(ctx)
	var put outcry.Listing
	for {
		shop, err := o.Config.Shops.Shop(ctx, id)
		if err != nil {
			return wrapped("list shop", err)
		}
		book, err := o.Books.Book(ctx, id)
		if err != nil {
			return wrapped("list shop", err)
		}
		l := outcry.Listing{Shop: shop, Codes: book.Codes}
		if reflect.DeepEqual(l, put) {
			return nil
		}
		if err := o.Listings.Put(l); err != nil {
			return wrapped("list shop", err)
		}
		put = l
	}
}

// mayActFor says why an actor may not act for a shop.
func mayActFor(actor outcry.Actor, shop string) error {
	if err := actor.MayWrite(); err != nil {
		return err
	}
	if !actor.Serves(shop) && !actor.Operates() {
		return outcry.Missing("shop")
	}
	return nil
}

// mayRegister says why an actor may not make a shop of its own.
func mayRegister(actor outcry.Actor) error {
	if err := actor.MayWrite(); err != nil {
		return err
	}
	t := actor.Token()
	switch {
	case actor.Guest:
		return &outcry.Error{Op: "register shop", Kind: outcry.Forbidden, Code: "guest",
			Msg: "a guest has no shops; give the account an address and a password first: PATCH /v1/me"}
	case t.Shop != "" || len(t.Scopes) > 0 && !slices.Contains(t.Scopes, outcry.ScopeShop):
		return &outcry.Error{Op: "register shop", Kind: outcry.Forbidden, Code: "scope",
			Msg: "this key may not register shops; use one with the scope shop"}
	}
	return nil
}

// wrapped says what was being done when err came; nil stays nil.
func wrapped(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
