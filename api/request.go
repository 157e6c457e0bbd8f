package api

import (
	"context"
	"math"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"outcry"
	"outcry/intake"
	"outcry/matching"
	"outcry/wire"
)

func (a *api) requestRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/requests", name: "ask", tag: tagRequests, status: http.StatusCreated,
		summary: "Call out a need",
	}, a.ask)
	serve(a, route{
		method: http.MethodGet, path: "/v1/requests", name: "list-requests", tag: tagRequests,
		summary: "List your requests, the newest first; the operator's are all, unless mine=true",
	}, a.listRequests)
	serve(a, route{
		method: http.MethodPost, path: "/v1/requests/preview", name: "preview-request", tag: tagRequests, access: anybody, trial: true,
		summary: "See how many shops a request could call, without calling any",
	}, a.previewRequest)
	serve(a, route{
		method: http.MethodGet, path: "/v1/requests/{id}", name: "get-request", tag: tagRequests, summary: "See a request",
	}, a.getRequest)
	serve(a, route{
		method: http.MethodPost, path: "/v1/requests/{id}/withdraw", name: "withdraw-request", tag: tagRequests,
		summary: "Call a request off",
	}, a.withdrawRequest)
	serve(a, route{
		method: http.MethodPost, path: "/v1/requests/{id}/extend", name: "extend-request", tag: tagRequests,
		summary: "Give an open request a later deadline",
	}, a.extendRequest)
	serve(a, route{
		method: http.MethodPost, path: "/v1/requests/{id}/widen", name: "widen-request", tag: tagRequests,
		summary: "Let further shops be called: a larger radius, a code above, more offers; offers so far stay",
	}, a.widenRequest)
}

// asked is a new request, and where it is found.
type asked struct {
	Location string `header:"Location"`
	Body     wire.Request
}

func (a *api) ask(ctx context.Context, in *struct{ Body wire.NewRequest }) (*asked, error) {
	draft, words, err := draftOf(in.Body)
	if err != nil {
		return nil, err
	}
	request, err := a.Intake.Ask(ctx, actorOf(ctx), draft)
	if err != nil {
		return nil, err
	}
	a.metrics.requests.Add(1)
	a.teach(ctx, words, request.Code) // the server's own guess teaches nothing before an offer of it is accepted
	out, err := a.counted(ctx, request)
	return &asked{"/v1/requests/" + request.ID, out}, err
}

// draftOf is what a body asks for. Words beside a code are not part of it: they
// are what the code was picked for.
func draftOf(b wire.NewRequest) (d intake.Draft, words string, err error) {
	if b.Code != nil && b.Words != nil {
		words, b.Words = strings.TrimSpace(*b.Words), nil
		if utf8.RuneCountInString(words) > outcry.MaxWords {
			return d, "", outcry.BadField("body.words", "write at most %d characters", outcry.MaxWords)
		}
	}
	return intake.Draft{
		Code: b.Code, Words: b.Words, Attributes: b.Attributes, Quantity: b.Quantity, Note: b.Note, Budget: b.Budget.Money(),
		Place: b.Place, RadiusM: b.RadiusM, NeededAt: b.NeededAt.Std(), Deadline: b.Deadline.Std(), DeadlineS: b.DeadlineS,
		Wanted: b.Wanted, Accepts: b.Accepts, Rank: b.Rank, Languages: b.Languages, Capabilities: b.Capabilities, Locale: b.Locale,
		LeastRating: b.LeastRating,
	}, words, nil
}

// teach counts that a code was picked for words. The request stands without it.
func (a *api) teach(ctx context.Context, words string, code outcry.Code) {
	if words == "" {
		return
	}
	if err := a.Directory.Picked(ctx, words, code); err != nil {
		a.Log.WarnContext(ctx, "a pick was not counted", "request_id", visitOf(ctx).id, "error", err)
	}
}

// counted is a request of the caller with its counts as they are now.
func (a *api) counted(ctx context.Context, request outcry.Request) (wire.Request, error) {
	view, err := a.Market.Board(ctx, actorOf(ctx), request.ID, "")
	return wire.CountedRequest(view.Request, view.Counts), err
}

func (a *api) listRequests(ctx context.Context, in *struct {
	Mine bool `query:"mine" doc:"the operator's own, not all"`
	Paging
}) (*reply[wire.Items[wire.Request]], error) {
	actor := actorOf(ctx)
	if actor.Operates() && !in.Mine {
		items, next, err := a.Requests.Requests(ctx, "", in.page())
		return as(wire.ItemsOf(items, next, wire.RequestOf)), err
	}
	items, next, err := a.Intake.Requests(ctx, actor, in.page())
	return as(wire.ItemsOf(items, next, wire.RequestOf)), err
}

func (a *api) getRequest(ctx context.Context, in *struct{ ByID }) (*reply[wire.Request], error) {
	out, err := a.counted(ctx, outcry.Request{ID: in.ID})
	return as(out), err
}

func (a *api) previewRequest(ctx context.Context, in *struct{ Body wire.NewRequest }) (*reply[wire.Preview], error) {
	draft, _, err := draftOf(in.Body)
	if err != nil {
		return nil, err
	}
	if draft.Locale == "" {
		draft.Locale = actorOf(ctx).Locale
	}
	ask, err := a.Intake.Check(ctx, draft)
	if err != nil {
		return nil, err
	}
	tree := a.Directory.Tree()
	signal, _ := tree.Get(ask.Code)
	return as(wire.Preview{
		MatchingShops: a.Market.Preview(ask), Code: string(ask.Code), Name: signal.Name(ask.Locale),
		Forms: wire.FormsOf(tree.Forms(ask.Code)),
	}), nil
}

func (a *api) withdrawRequest(ctx context.Context, in *struct{ ByID }) (*reply[wire.Request], error) {
	return a.requestAfter(ctx)(a.Market.Withdraw(ctx, actorOf(ctx), in.ID))
}

func (a *api) extendRequest(ctx context.Context, in *struct {
	ByID
	Body wire.Extension
}) (*reply[wire.Request], error) {
	deadline, err := a.deadline(in.Body)
	if err != nil {
		return nil, err
	}
	return a.requestAfter(ctx)(a.Market.Extend(ctx, actorOf(ctx), in.ID, deadline))
}

// deadline is until when an extension goes.
func (a *api) deadline(e wire.Extension) (time.Time, error) {
	longest := outcry.MaxDeadline.Seconds()
	switch {
	case (e.Deadline == nil) == (e.DeadlineS == nil):
		return time.Time{}, outcry.BadField("body.deadline_s", "write either deadline_s, for example 60, or deadline, a time")
	case e.Deadline != nil:
		return time.Time(*e.Deadline), nil
	case !(*e.DeadlineS > 0 && *e.DeadlineS <= longest):
		return time.Time{}, outcry.BadField("body.deadline_s", "write seconds from now, above 0 and up to %g", longest)
	}
	return a.now().Add(time.Duration(math.Round(*e.DeadlineS*1000)) * time.Millisecond), nil
}

func (a *api) widenRequest(ctx context.Context, in *struct {
	ByID
	Body wire.Widening
}) (*reply[wire.Request], error) {
	w := matching.Widening{RadiusM: in.Body.RadiusM, Code: outcry.Code(in.Body.Code), Wanted: in.Body.Wanted}
	return a.requestAfter(ctx)(a.Market.Widen(ctx, actorOf(ctx), in.ID, w))
}

// requestAfter shows a request that was changed.
func (a *api) requestAfter(ctx context.Context) func(outcry.Request, error) (*reply[wire.Request], error) {
	return func(request outcry.Request, err error) (*reply[wire.Request], error) {
		if err != nil {
			return nil, err
		}
		out, err := a.counted(ctx, request)
		return as(out), err
	}
}
