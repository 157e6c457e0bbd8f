// Package web serves pages for people, made on the server from templates. So far
// it has the page by which the first operator joins (step 1 of 9).
package web

import (
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"outcry"
	"outcry/intake"
)

//go:embed assets
var assets embed.FS

//go:embed pages
var pages embed.FS

// Operators joins the first operator.
type Operators interface {
	JoinAsOperator(ctx context.Context, code string, j intake.Joining) (outcry.Member, error)
}

// site serves the pages.
type site struct {
	operators Operators
	log       *slog.Logger
	pages     *template.Template
}

// policy is what pages may load: their own files only.
const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// New makes the handler of the pages. A form that another site sends is
// refused.
func New(operators Operators, log *slog.Logger) http.Handler {
	s := &site{operators: operators, log: log, pages: template.Must(template.ParseFS(pages, "pages/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /operator", s.operatorForm)
	mux.HandleFunc("POST /operator", s.operatorJoin)
	mux.Handle("GET /assets/", http.FileServerFS(assets))
	return http.NewCrossOriginProtection().Handler(secured(mux))
}

// Answers says whether a path is one of the pages'.
func Answers(path string) bool { return path == "/operator" || strings.HasPrefix(path, "/assets/") }

// secured sets what every page says about itself.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// show writes the page of the first operator.
func (s *site) show(w http.ResponseWriter, status int, data operatorPage) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := s.pages.ExecuteTemplate(w, "operator.html", data); err != nil {
		s.log.Warn("a page was cut short", "error", err)
	}
}
