package onboarding

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"outcry"
)

// maxPending is how many shops of one member may wait for the operator.
const maxPending = 200

// Register makes a shop of the actor's, which becomes its staff. The shop is
// pending, and not called, until the operator approves it.
func (o *Onboarding) Register(ctx context.Context, actor outcry.Actor, r Registration) (outcry.Shop, error) {
	if err := mayRegister(actor); err != nil {
		return outcry.Shop{}, err
	}
	shop := outcry.Shop{Owner: actor.Member, Answers: outcry.ByPerson, State: outcry.ShopPending, Created: o.now()}
	shop.Updated = shop.Created
	var bad outcry.Complaints
	if shop = r.on(shop, &bad); len(bad) > 0 {
		return outcry.Shop{}, bad.Err()
	}
	pending, _, err := o.Find(ctx, actor.Member, outcry.ShopPending, outcry.Page{Limit: maxPending})
	if err != nil {
		return outcry.Shop{}, wrapped("register shop", err)
	}
	shop.ID = outcry.MakeID(ctx, outcry.ShopPrefix, shop.Created, o.Random)
	if len(pending) >= maxPending && !slices.ContainsFunc(pending, func(s outcry.Shop) bool { return s.ID == shop.ID }) {
		return outcry.Shop{}, &outcry.Error{Op: "register shop", Kind: outcry.Conflict, Code: "too_many_pending",
			Msg: "as many of your shops wait for the operator as may; try again when some are approved"}
	}
	defer o.Actors.Forget(actor.Member)
	if err := o.Config.Shops.AddShop(ctx, shop); err != nil {
		return outcry.Shop{}, wrapped("register shop", err)
	}
	if err := o.list(ctx, shop.ID); err != nil {
		return outcry.Shop{}, err
	}
	kept, err := o.Config.Shops.Shop(ctx, shop.ID) // an earlier try may have made it
	return kept, wrapped("register shop", err)
}

// ShopChange is what changes of a shop; nil stays as it is. A PausedUntil of the
// zero time ends a pause.
type ShopChange struct {
	Name           *string
	Place          *outcry.Place
	ServiceRadiusM *int
	Hours          *string
	TimeZone       *string
	Languages      *[]string
	PriceLevel     *int
	Capabilities   *[]string
	Contact        *string
	QuietHours     *string
	MostOpen       *int
	MostHourly     *int
	PausedUntil    *time.Time
}

// registration is the one that a shop has after the change.
func (change ShopChange) registration(s outcry.Shop) Registration {
	r := Registration{
		Name: s.Name, Place: &s.Place, ServiceRadiusM: &s.ServiceRadiusM, Hours: s.Hours, TimeZone: s.TimeZone,
		Languages: s.Languages, PriceLevel: &s.PriceLevel, Contact: s.Contact,
		QuietHours: s.QuietHours, MostOpen: s.MostOpen, MostHourly: s.MostHourly,
	}
	for _, can := range s.Capabilities {
		r.Capabilities = append(r.Capabilities, string(can))
	}
	replace(&r.Name, change.Name)
	replace(&r.Hours, change.Hours)
	replace(&r.TimeZone, change.TimeZone)
	replace(&r.Languages, change.Languages)
	replace(&r.Capabilities, change.Capabilities)
	replace(&r.Contact, change.Contact)
	replace(&r.QuietHours, change.QuietHours)
	replace(&r.MostOpen, change.MostOpen)
	replace(&r.MostHourly, change.MostHourly)
	replace(r.Place, change.Place)
	replace(r.ServiceRadiusM, change.ServiceRadiusM)
	replace(r.PriceLevel, change.PriceLevel)
	return r
}

func replace[T any](to, by *T) {
	if by != nil {
		*to = *by
	}
}

// Change changes what a shop says of itself, for its staff or the operator.
func (o *Onboarding) Change(ctx context.Context, actor outcry.Actor, id string, change ShopChange) (outcry.Shop, error) {
	if err := mayActFor(actor, id); err != nil {
		return outcry.Shop{}, err
	}
	if change == (ShopChange{}) {
		return outcry.Shop{}, outcry.BadField("body", "write what is to change, for example hours")
	}
	now := o.now()
	return o.change(ctx, id, func(s *outcry.Shop) error {
		var bad outcry.Complaints
		next := change.registration(*s).on(*s, &bad)
		if change.PausedUntil != nil {
			next.PausedUntil = checkPause(&bad, "body.paused_until", *change.PausedUntil, now)
		}
		if len(bad) > 0 {
			return bad.Err()
		}
		*s = next
		return nil
	})
}

// change changes a shop in the store and then where it is selected from.
func (o *Onboarding) change(ctx context.Context, id string, do func(*outcry.Shop) error) (outcry.Shop, error) {
	now := o.now()
	shop, err := o.Config.Shops.ChangeShop(ctx, id, func(s *outcry.Shop) error {
		s.Updated = now
		return do(s)
	})
	if err != nil {
		return outcry.Shop{}, wrapped("change shop", err)
	}
	return current(shop, now), o.list(ctx, id)
}

// Approve lets a pending shop be called. An active one stays active; a suspended
// one is restored, not approved: Conflict with the code "shop_suspended".
func (o *Onboarding) Approve(ctx context.Context, actor outcry.Actor, id string) (outcry.Shop, error) {
	return o.judge(ctx, actor, id, func(s *outcry.Shop) error {
		if s.State == outcry.ShopSuspended {
			return &outcry.Error{Op: "approve shop", Kind: outcry.Conflict, Code: "shop_suspended", Msg: "the shop is suspended; restore it"}
		}
		s.State = outcry.ShopActive
		return nil
	})
}

// Restore lets a suspended shop be called again. An active one stays active; a
// pending one is approved first: Conflict with the code "shop_pending".
func (o *Onboarding) Restore(ctx context.Context, actor outcry.Actor, id string) (outcry.Shop, error) {
	return o.judge(ctx, actor, id, func(s *outcry.Shop) error {
		if s.State == outcry.ShopPending {
			return &outcry.Error{Op: "restore shop", Kind: outcry.Conflict, Code: "shop_pending", Msg: "the shop was not approved yet; approve it"}
		}
		s.State, s.Reason = outcry.ShopActive, ""
		return nil
	})
}

// Suspend ends a shop's calls, for a reason that the shop is told.
func (o *Onboarding) Suspend(ctx context.Context, actor outcry.Actor, id, reason string) (outcry.Shop, error) {
	reason = strings.TrimSpace(reason)
	return o.judge(ctx, actor, id, func(s *outcry.Shop) error {
		if n := utf8.RuneCountInString(reason); n < 1 || n > outcry.MaxReason || !prose(reason) {
			return outcry.BadField("body.reason", "write why, in 1 to %d characters", outcry.MaxReason)
		}
		s.State, s.Reason = outcry.ShopSuspended, reason
		return nil
	})
}

// judge changes a shop for the operator.
func (o *Onboarding) judge(ctx context.Context, actor outcry.Actor, id string, do func(*outcry.Shop) error) (outcry.Shop, error) {
	if err := actor.MayOperate(); err != nil {
		return outcry.Shop{}, err
	}
	return o.change(ctx, id, do)
}

// Shop gives a shop: all of it to its staff and the operator; to any other
// member an active one, without its contact and when and how often it is called.
// A pause that is over is left out.
func (o *Onboarding) Shop(ctx context.Context, actor outcry.Actor, id string) (outcry.Shop, error) {
	if !actor.Known() {
		return outcry.Shop{}, actor.MayWrite()
	}
	shop, err := o.Config.Shops.Shop(ctx, id)
	switch {
	case err != nil:
		return outcry.Shop{}, wrapped("read shop", err)
	case actor.Serves(id) || actor.Operates():
		return current(shop, o.now()), nil
	case shop.State != outcry.ShopActive:
		return outcry.Shop{}, outcry.Missing("shop")
	}
	return shown(shop), nil
}

// shown is what anybody may see of a shop.
func shown(s outcry.Shop) outcry.Shop {
	s.Contact, s.Owner, s.Reason = "", "", ""
	s.QuietHours, s.PausedUntil, s.MostOpen, s.MostHourly = "", time.Time{}, 0, 0
	return s
}

// Shops lists shops by when they joined: the actor's own where mine is true,
// else those that are there, which to all but the operator are the active ones,
// shown as Shop shows them. A state that is not "" leaves out others.
func (o *Onboarding) Shops(ctx context.Context, actor outcry.Actor, mine bool, state outcry.ShopState, p outcry.Page) ([]outcry.Shop, string, error) {
	if !actor.Known() {
		return nil, "", actor.MayWrite()
	}
	if states := []outcry.ShopState{"", outcry.ShopPending, outcry.ShopActive, outcry.ShopSuspended}; !slices.Contains(states, state) {
		return nil, "", outcry.BadField("query.state", "write one of %v", states[1:])
	}
	if mine {
		return o.own(ctx, actor, state, p)
	}
	if !actor.Operates() {
		if state != "" && state != outcry.ShopActive {
			return nil, "", &outcry.Error{Op: "list shops", Kind: outcry.Forbidden, Code: "operator_only",
				Msg: "only the operator lists shops that are not active; mine=true lists your own"}
		}
		state = outcry.ShopActive
	}
	items, next, err := o.Find(ctx, "", state, p)
	for i := range items {
		if actor.Operates() {
			items[i] = current(items[i], o.now())
		} else {
			items[i] = shown(items[i])
		}
	}
	return items, next, wrapped("list shops", err)
}

// own lists the shops that the actor may act for.
func (o *Onboarding) own(ctx context.Context, actor outcry.Actor, state outcry.ShopState, p outcry.Page) ([]outcry.Shop, string, error) {
	items, next, err := o.Find(ctx, actor.Member, state, p)
	items = slices.DeleteFunc(items, func(s outcry.Shop) bool {
		// A shop that was registered a moment ago may be missing from the actor.
		t := actor.Token()
		return t.Shop != "" && t.Shop != s.ID || len(t.Scopes) > 0 && !actor.Serves(s.ID)
	})
	for i := range items {
		items[i] = current(items[i], o.now())
	}
	return items, next, wrapped("list shops", err)
}
