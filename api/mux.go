package api

import (
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"
)

// Paths are the patterns, as http.ServeMux has them, under which this package
// answers. Whoever serves other things beside it mounts its handler there.
var Paths = []string{"/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs.css"}

// maxPath bounds a path, in bytes: no id and no code is longer.
const maxPath = 512

// paths is a mux that also knows which methods a path has.
type paths struct {
	*http.ServeMux
	probe *http.ServeMux // the same without the answer to what is unknown
}

// HandleFunc has a handler answer a pattern.
func (p paths) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	p.ServeMux.HandleFunc(pattern, handle)
	p.probe.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
}

// ServeHTTP takes a call in: it gets its id, and whatever happens to it ends in
// an answer.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := newVisit(r)
	r = r.WithContext(visiting(r.Context(), v))
	out := &answer{ResponseWriter: w}
	out.Header().Set(requestID, v.id)
	out.Header().Set("X-Content-Type-Options", "nosniff")
	began := time.Now()
	defer func() {
		if fault := recover(); fault != nil {
			a.recovered(out, r, fault)
		}
		a.metrics.note(r, out.status, time.Since(began))
	}()
	if err := wellFormed(r); err != nil {
		a.refuse(out, r, err)
		return
	}
	a.paths.ServeHTTP(out, r)
}

// recovered answers a call whose handler has panicked.
func (a *api) recovered(out *answer, r *http.Request, fault any) {
	if fault == http.ErrAbortHandler { //nolint:errorlint // the value that net/http compares with
		panic(fault)
	}
	a.Log.ErrorContext(r.Context(), "a handler panicked", "request_id", visitOf(r.Context()).id,
		"panic", fault, "stack", string(debug.Stack()))
	if out.status != 0 {
		panic(http.ErrAbortHandler) // half an answer is out: break the connection
	}
	a.refuse(out, r, newProblem(http.StatusInternalServerError, "internal", "the server has a fault; tell its operator the request_id"))
}

// wellFormed refuses calls whose path or query no route could have.
func wellFormed(r *http.Request) error {
	at := r.URL.EscapedPath()
	clean := path.Clean(at)
	if strings.HasSuffix(at, "/") && clean != "/" {
		clean += "/"
	}
	if r.Method == http.MethodConnect || !strings.HasPrefix(at, "/") || len(at) > maxPath || clean != at || !storable(r.URL.Path) {
		return noSuchPath()
	}
	if r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return newProblem(http.StatusBadRequest, "unknown_parameter", "the query cannot be read").at("query", "write name=value pairs, percent-encoded, with & between them")
	}
	for name, values := range query {
		for _, s := range append(values, name) {
			if !storable(s) {
				return newProblem(http.StatusUnprocessableEntity, "invalid", "the query has an error; see errors").
					at("query."+printable(name, maxToken), "write text in UTF-8 without the character U+0000")
			}
		}
	}
	return nil
}

// storable says whether a text may be kept or looked up: UTF-8 without NUL.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func noSuchPath() *problem {
	return newProblem(http.StatusNotFound, "unknown_path", "there is no such path; GET /openapi.json tells those that there are")
}

// unknown answers what no route has: 405 where the path has other methods, else
// 404.
func (a *api) unknown(w http.ResponseWriter, r *http.Request) {
	handler, pattern := a.paths.probe.Handler(r)
	if pattern == "" {
		probe := newRecording()
		handler.ServeHTTP(probe, r)
		if probe.status == http.StatusMethodNotAllowed {
			allowed := probe.header.Get("Allow")
			p := newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "this path takes "+allowed)
			p.set("Allow", allowed)
			a.refuse(w, r, p)
			return
		}
	}
	a.refuse(w, r, noSuchPath())
}

// answer notes the status of an answer.
type answer struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status and hands it on.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write hands bytes on.
func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap gives http.ResponseController what lies below.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
