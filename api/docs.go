package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html docs.css errors.tsv
var docsFiles embed.FS

// docsRoutes serve the description of the interface: for programs, and as one
// page for people that needs nothing from elsewhere.
func (a *api) docsRoutes() {
	doc := a.huma.OpenAPI()
	spec, err := indented(doc)
	if err != nil {
		panic("api: the description of the interface cannot be written: " + err.Error())
	}
	page, err := docsPage(doc)
	if err != nil {
		panic("api: the page of the interface cannot be written: " + err.Error())
	}
	css, err := docsFiles.ReadFile("docs.css")
	if err != nil {
		panic("api: " + err.Error())
	}
	a.paths.HandleFunc("GET /openapi.json", fixed("application/json", spec))
	a.paths.HandleFunc("GET /docs", fixed("text/html; charset=utf-8", page))
	a.paths.HandleFunc("GET /docs.css", fixed("text/css; charset=utf-8", css))
}

// fixed answers with what does not change while the server runs. A page takes
// nothing but its own style from anywhere.
func fixed(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "max-age=300")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		_, _ = w.Write(body) // a reader that has gone needs none
	}
}

// indented is a value as JSON for people's eyes.
func indented(v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, body, "", "  ")
	out.WriteByte('\n')
	return out.Bytes(), err
}

// Describe is openapi.json: the description of every call.
func Describe() ([]byte, error) { return indented(newAPI(Config{}).huma.OpenAPI()) }

// The parts of the page.
type (
	docsSection struct {
		ID, Name string
		Calls    []docsCall
	}
	docsCall struct {
		ID, Method, Path, Summary, Who, Status string
		Params                                 []docsParam
		Body, Answer                           *docsShape
	}
	docsParam struct{ Name, In, Type, About string }
	docsShape struct {
		Name   string // links to a shape of that name; "" for what has none
		Type   string
		Fields []docsParam
	}
)

// docsPage writes the page from the description, so that it has every call.
func docsPage(doc *huma.OpenAPI) ([]byte, error) {
	page, err := template.ParseFS(docsFiles, "docs.html")
	if err != nil {
		return nil, err
	}
	codes, err := ErrorCodes()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, map[string]any{
		"Title": doc.Info.Title, "Version": doc.Info.Version, "About": strings.Split(doc.Info.Description, "\n\n"),
		"Sections": docsSections(doc), "Shapes": docsShapes(doc), "Codes": codes,
	})
	return out.Bytes(), err
}
