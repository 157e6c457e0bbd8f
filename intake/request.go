package intake

import (
	"context"
	"fmt"
	"strings"
	"time"

	"outcry"
)

const (
	// openRetry is when one who has too many open requests may try again, in
	// seconds: they end by themselves, nobody knows when.
	openRetry = 10
	// startPatience bounds how long a request waits for the matcher to take it;
	// one that it does not take is run when the server starts again.
	startPatience = 5 * time.Second
)

// Ask makes a buyer's draft a request and has it run. It is in the store before
// it is run, so that it goes on after a crash. One with too many open requests
// is Limited with the code "too_many_open". The same command again, by its
// Idempotency-Key, gives the same request.
func (in *Intake) Ask(ctx context.Context, actor outcry.Actor, d Draft) (outcry.Request, error) {
	if err := mayBuy(actor); err != nil {
		return outcry.Request{}, err
	}
	if d.Locale == "" {
		d.Locale = actor.Locale
	}
	now := in.now()
	id := outcry.MakeID(ctx, outcry.RequestPrefix, now, in.Random)
	if request, found, err := in.asked(ctx, id, now); err != nil || found {
		return request, err
	}
	ask, err := in.check(d, now)
	if err != nil {
		return outcry.Request{}, err
	}
	request := outcry.Request{
		ID: id, Buyer: actor.Member, Ask: ask, Accepts: 1, State: outcry.RequestOpen, Created: now,
	}
	if d.Accepts != nil {
		request.Accepts = *d.Accepts
	}
	if in.PolicyVersion != nil {
		request.Policy = in.PolicyVersion()
	}
	if err := in.add(ctx, actor, request); err != nil {
		return outcry.Request{}, err
	}
	return request, in.started(ctx, func(ctx context.Context) error { return in.Matcher.Start(ctx, request) })
}

// asked finds the request of a command that is done again. The id of such a
// command has the time at which it was first seen; the id of a new one has the
// present time, and costs no look.
func (in *Intake) asked(ctx context.Context, id string, now time.Time) (outcry.Request, bool, error) {
	const timeDigits = 10
	if same := outcry.NewID(outcry.RequestPrefix, now, zeros{}); strings.HasPrefix(id, same[:len(outcry.RequestPrefix)+timeDigits]) {
		return outcry.Request{}, false, nil
	}
	request, err := in.Config.Requests.Request(ctx, id)
	if outcry.KindOf(err) == outcry.NotFound {
		return outcry.Request{}, false, nil
	}
	if err != nil {
		return outcry.Request{}, false, fmt.Errorf("ask again: %w", err)
	}
	if request.State == outcry.RequestOpen {
		err = in.started(ctx, func(ctx context.Context) error { return in.Matcher.Continue(ctx, id) })
	}
	return request, true, err
}

// zeros is no chance at all.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// add keeps a request, where its buyer may have one more. Requests of one buyer
// come one after another, so that two at once cannot both be the last.
func (in *Intake) add(ctx context.Context, actor outcry.Actor, request outcry.Request) error {
	leave, err := in.asking.enter(ctx, actor.Member)
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	defer leave()
	open, err := in.Config.Requests.CountOpen(ctx, actor.Member)
	if err != nil {
		return fmt.Errorf("count open requests: %w", err)
	}
	limits := in.Policy().Limits
	most := limits.OpenRequests
	if actor.Guest {
		most = limits.OpenGuestRequests
	}
	if open >= most {
		return &outcry.Error{Op: "ask", Kind: outcry.Limited, Code: "too_many_open", Retry: openRetry,
			Msg: fmt.Sprintf("you have %d open requests, as many as you may; withdraw one or wait until one ends", open)}
	}
	return wrapped("keep request", in.Config.Requests.AddRequest(ctx, request))
}

// started has a request run, also when the buyer has hung up: it is in the
// store.
func (*Intake) started(ctx context.Context, run func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startPatience)
	defer cancel()
	return wrapped("start request", run(ctx))
}

// mayBuy says why an actor may not ask.
func mayBuy(actor outcry.Actor) error {
	if err := actor.MayWrite(); err != nil {
		return err
	}
	if !actor.Buys(actor.Member) {
		return &outcry.Error{Op: "ask", Kind: outcry.Forbidden, Code: "scope", Msg: "this key may not buy; use one with the scope buy"}
	}
	return nil
}

// Request gives a request to its buyer and to the operator.
func (in *Intake) Request(ctx context.Context, actor outcry.Actor, id string) (outcry.Request, error) {
	request, err := in.Config.Requests.Request(ctx, id)
	if err != nil {
		return outcry.Request{}, wrapped("read request", err)
	}
	if !actor.Buys(request.Buyer) && !actor.Operates() {
		return outcry.Request{}, outcry.Missing("request")
	}
	return request, nil
}

// Requests lists the actor's requests, the newest first.
func (in *Intake) Requests(ctx context.Context, actor outcry.Actor, p outcry.Page) ([]outcry.Request, string, error) {
	if !actor.Known() {
		return nil, "", actor.MayWrite()
	}
	if !actor.Buys(actor.Member) {
		return nil, "", &outcry.Error{Op: "list requests", Kind: outcry.Forbidden, Code: "scope",
			Msg: "this key may not see the buyer's requests; use one with the scope buy"}
	}
	items, next, err := in.Config.Requests.Requests(ctx, actor.Member, p)
	return items, next, wrapped("list requests", err)
}
