package api

import (
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry/wire"
)

// bearer names the one way in which callers show who they are.
const bearer = "token"

// The parts of the interface, in the order of the nine steps.
const (
	tagMembers    = "1 Members"
	tagInstalling = "2 Installing a shop server"
	tagShops      = "3 Shops"
	tagSignals    = "4 Signals and books"
	tagRequests   = "5 Requests"
	tagSelecting  = "6 Selecting"
	tagCalls      = "7 Calls and offers"
	tagBoard      = "8 The board"
	tagOrders     = "9 Orders, threads, ratings"
	tagOperating  = "Operating"
)

var tags = []string{
	tagMembers, tagInstalling, tagShops, tagSignals, tagRequests, tagSelecting, tagCalls, tagBoard, tagOrders, tagOperating,
}

const description = `Buyers call out a need, shops answer with offers, buyers accept one.

JSON, snake_case. Unknown and duplicate members are refused (400); a value that breaks a rule is refused (422) and named in
errors. Times are RFC 3339 in UTC with milliseconds, money is in minor units, distances are in metres. Lists are pages: give
next as ?after= for the next one. What is refused is an application/problem+json with a stable code.`

// settings are those of huma: JSON only, read strictly, and no pages of its own.
func settings() huma.Config {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schemas.RegisterTypeAlias(reflect.TypeFor[wire.Time](), reflect.TypeFor[time.Time]())
	schemas.RegisterTypeAlias(reflect.TypeFor[wire.Until](), reflect.TypeFor[string]())
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "Outcry", Version: "1", Description: description, License: &huma.License{Name: "Apache-2.0"}},
		Components: &huma.Components{
			Schemas: schemas,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				bearer: {Type: "http", Scheme: "bearer", Description: "a session's token or a key"},
			},
		},
	}
	for _, name := range tags {
		doc.Tags = append(doc.Tags, &huma.Tag{Name: name})
	}
	return huma.Config{
		OpenAPI: doc, Formats: map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json", RejectUnknownQueryParameters: true,
	}
}
