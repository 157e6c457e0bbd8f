package wire

import (
	"encoding/json"
	"maps"

	"outcry"
)

// Hit is a signal code that words were found to mean.
type Hit struct {
	Code  string   `json:"code"`
	Name  string   `json:"name"`
	Path  []string `json:"path" doc:"names from the root of the tree down to the code"`
	Score float64  `json:"score" doc:"about 1 where the words are a name of the code"`
}

// Forms are the attributes of a signal, each a JSON Schema (draft 2020-12).
type Forms struct {
	Request json.RawMessage `json:"request,omitempty" doc:"a JSON Schema: what a request for it says"`
	Offer   json.RawMessage `json:"offer,omitempty" doc:"a JSON Schema: what an offer of it says"`
}

// FormsOf are forms that hold, with what is missing left out.
func FormsOf(f outcry.Forms) Forms { return Forms{Request: f.Request, Offer: f.Offer} }

// CodeName is a signal code beside its name.
type CodeName struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Signal is a product or service in the tree of codes.
type Signal struct {
	Code       string              `json:"code"`
	Name       string              `json:"name" doc:"in the locale asked for, else in English"`
	Path       []string            `json:"path" doc:"names from the root of the tree down to the code"`
	Parent     string              `json:"parent,omitempty"`
	Children   []CodeName          `json:"children"`
	Names      map[string]string   `json:"names" doc:"by locale"`
	Synonyms   map[string][]string `json:"synonyms,omitempty" doc:"other words by which people ask for it, by locale"`
	Forms      Forms               `json:"forms" doc:"the forms that hold: its own, or those of the nearest code above"`
	Retired    bool                `json:"retired,omitzero"`
	ReplacedBy string              `json:"replaced_by,omitempty"`
}

// SignalBody is the body of PUT /v1/signals/{code}.
type SignalBody struct {
	Parent   string              `json:"parent,omitempty" doc:"the code above it; none: a root"`
	Name     string              `json:"name,omitempty" doc:"the English name, instead of names"`
	Names    map[string]string   `json:"names,omitempty" doc:"by locale; English is needed"`
	Synonyms map[string][]string `json:"synonyms,omitempty"`
	Forms    *Forms              `json:"forms,omitempty" doc:"none: those of the nearest code above hold"`
}

// Signal is the signal of that code that the body tells.
func (b SignalBody) Signal(code outcry.Code) outcry.Signal {
	s := outcry.Signal{Code: code, Parent: outcry.Code(b.Parent), Names: maps.Clone(b.Names), Synonyms: b.Synonyms}
	if b.Name != "" && s.Names["en"] == "" {
		if s.Names == nil {
			s.Names = map[string]string{}
		}
		s.Names["en"] = b.Name
	}
	if b.Forms != nil {
		s.Forms = outcry.Forms{Request: b.Forms.Request, Offer: b.Forms.Offer}
	}
	return s
}

// Retirement is the body of POST /v1/signals/{code}/retire.
type Retirement struct {
	ReplacedBy string `json:"replaced_by,omitempty" doc:"the code that takes its requests from now on"`
}

// Distribution says how far the shops are told of the last change of a code.
type Distribution struct {
	Code         string `json:"code"`
	Holding      int    `json:"holding" doc:"how many shops' books hold the code now"`
	Change       int64  `json:"change,omitzero" doc:"the number of the last change that concerns shops which hold the code; none: of the last 50 changes none did"`
	By           string `json:"by,omitempty" doc:"the member who made that change"`
	Told         int    `json:"told" doc:"how many shops have a new version of their book by that change"`
	Acknowledged int    `json:"acknowledged" doc:"how many of those told say that they hold that version"`
	Done         bool   `json:"done" doc:"whether all shops concerned are told"`
	DoneAt       Time   `json:"done_at,omitzero"`
}

// DistributionOf is how far the shops are told of the last change of a code.
func DistributionOf(code outcry.Code, d outcry.Distributed) Distribution {
	return Distribution{
		Code: string(code), Holding: d.Holding, Change: d.N, By: d.By, Told: d.Told, Acknowledged: d.Acknowledged,
		Done: d.N == 0 || !d.Done.IsZero(), DoneAt: Time(d.Done),
	}
}
