package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/directory"
	"outcry/wire"
)

func (a *api) signalRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/signals", name: "find-signals", tag: tagSignals, access: anybody,
		summary: "Find the codes that words mean, best first; without words: the codes at the top of the tree",
	}, a.findSignals)
	serve(a, route{
		method: http.MethodGet, path: "/v1/signals/{code}", name: "get-signal", tag: tagSignals, access: anybody,
		summary: "See a code with its place in the tree and its forms",
	}, a.getSignal)
	serve(a, route{
		method: http.MethodPut, path: "/v1/signals/{code}", name: "put-signal", tag: tagSignals, access: operator,
		summary: "Add a code, or change it", audited: true,
	}, a.putSignal)
	serve(a, route{
		method: http.MethodPost, path: "/v1/signals/{code}/retire", name: "retire-signal", tag: tagSignals, access: operator,
		summary: "Take a code out of use", audited: true,
	}, a.retireSignal)
	serve(a, route{
		method: http.MethodGet, path: "/v1/signals/{code}/distribution", name: "get-distribution", tag: tagSignals, access: operator,
		summary: "See how many shops are told of the last change of a code",
	}, a.getDistribution)
	serve(a, route{
		method: http.MethodDelete, path: "/v1/signals/picks", name: "erase-picks", tag: tagSignals, access: operator,
		summary: "Forget what buyers picked after typing words", audited: true,
	}, a.erasePicks)
}

func (a *api) findSignals(_ context.Context, in *struct {
	Q      string `query:"q" maxLength:"200" doc:"words in any of the languages of the names"`
	Locale string `query:"locale" maxLength:"35" default:"en" doc:"the language of the names in the answer"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}) (*reply[wire.Items[wire.Hit]], error) {
	if in.Q == "" {
		tree := a.Directory.Tree()
		return as(wire.ItemsOf(tree.Roots(), "", func(c outcry.Code) wire.Hit {
			s, _ := tree.Get(c)
			return wire.Hit{Code: string(c), Name: s.Name(in.Locale), Path: tree.Path(c, in.Locale)}
		})), nil
	}
	hits := a.Directory.Search(in.Q, in.Locale, in.Limit)
	return as(wire.ItemsOf(hits, "", func(h directory.Hit) wire.Hit {
		return wire.Hit{Code: string(h.Code), Name: h.Name, Path: h.Path, Score: h.Score}
	})), nil
}

// ByCode is the signal code in a path, percent-encoded.
type ByCode struct {
	Code string `path:"code" doc:"a signal code, percent-encoded" example:"osm:shop=bakery"`
}

func (a *api) getSignal(_ context.Context, in *struct {
	ByCode
	Locale string `query:"locale" maxLength:"35" default:"en" doc:"the language of the names"`
}) (*reply[wire.Signal], error) {
	return a.signal(outcry.Code(in.Code), in.Locale)
}

// signal shows a code of the present tree.
func (a *api) signal(code outcry.Code, locale string) (*reply[wire.Signal], error) {
	tree := a.Directory.Tree()
	s, ok := tree.Get(code)
	if !ok {
		return nil, &outcry.Error{Kind: outcry.NotFound, Code: "not_found", Msg: "there is no such signal; GET /v1/signals?q=WORDS finds codes"}
	}
	out := wire.Signal{
		Code: string(s.Code), Name: s.Name(locale), Path: tree.Path(code, locale), Parent: string(s.Parent),
		Children: []wire.CodeName{}, Names: s.Names, Synonyms: s.Synonyms, Forms: wire.FormsOf(tree.Forms(code)),
		Retired: s.Retired, ReplacedBy: string(s.ReplacedBy),
	}
	for _, c := range tree.Children(code) {
		child, _ := tree.Get(c)
		out.Children = append(out.Children, wire.CodeName{Code: string(c), Name: child.Name(locale)})
	}
	return as(out), nil
}

func (a *api) putSignal(ctx context.Context, in *struct {
	ByCode
	Body wire.SignalBody
}) (*reply[wire.Signal], error) {
	code, err := outcry.ParseCode(in.Code)
	if err != nil {
		return nil, relocated(err, "code", "path.code")
	}
	if _, err := codeOrNone(in.Body.Parent, "body.parent"); err != nil {
		return nil, err
	}
	if _, err := a.Directory.PutSignal(ctx, actorOf(ctx), in.Body.Signal(code)); err != nil {
		return nil, relocated(err, "signals["+in.Code+"]", "body")
	}
	return a.signal(code, "en")
}

func (a *api) retireSignal(ctx context.Context, in *struct {
	ByCode
	Body *wire.Retirement
}) (*reply[wire.Signal], error) {
	var by outcry.Code
	if in.Body != nil {
		var err error
		if by, err = codeOrNone(in.Body.ReplacedBy, "body.replaced_by"); err != nil {
			return nil, err
		}
	}
	visitOf(ctx).detail = string(by)
	if _, err := a.Directory.Retire(ctx, actorOf(ctx), outcry.Code(in.Code), by); err != nil {
		return nil, err
	}
	return a.signal(outcry.Code(in.Code), "en")
}

func (a *api) getDistribution(ctx context.Context, in *struct{ ByCode }) (*reply[wire.Distribution], error) {
	d, err := a.Books.Distributed(ctx, actorOf(ctx), outcry.Code(in.Code))
	return as(wire.DistributionOf(outcry.Code(in.Code), d)), err
}

// codeOrNone reads a code that may be left out.
func codeOrNone(text, location string) (outcry.Code, error) {
	if text == "" {
		return "", nil
	}
	code, err := outcry.ParseCode(text)
	if err != nil {
		return "", relocated(err, "code", location)
	}
	return code, nil
}

func (a *api) erasePicks(ctx context.Context, _ *struct{}) (*done, error) {
	return &done{}, a.Directory.ErasePicks(ctx, actorOf(ctx))
}
