package web

import (
	"errors"
	"net/http"

	"outcry"
	"outcry/intake"
)

// maxForm bounds a form, in bytes.
const maxForm = 16 << 10

// operatorPage is what the page of the first operator shows.
type operatorPage struct {
	Code, Email, Name string
	Wrong             string            // what is wrong with all of it
	Fields            map[string]string // what is wrong with one field
	Joined            bool
}

// operatorForm shows the form behind the one-time link.
func (s *site) operatorForm(w http.ResponseWriter, r *http.Request) {
	s.show(w, http.StatusOK, operatorPage{Code: r.URL.Query().Get("code")})
}

// operatorJoin takes the form.
func (s *site) operatorJoin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.show(w, http.StatusBadRequest, operatorPage{Wrong: "The form could not be read. Open the link again."})
		return
	}
	page := operatorPage{Code: r.PostForm.Get("code"), Email: r.PostForm.Get("email"), Name: r.PostForm.Get("name")}
	_, err := s.operators.JoinAsOperator(r.Context(), page.Code, intake.Joining{
		Email: page.Email, Password: r.PostForm.Get("password"), Name: page.Name, Locale: "en",
	})
	if err == nil {
		page.Joined = true
		s.show(w, http.StatusCreated, page)
		return
	}
	status := page.explain(err)
	if status == http.StatusInternalServerError {
		s.log.Error("the first operator could not join", "error", err)
	}
	s.show(w, status, page)
}

// explain puts an error into words beside the fields that it is about, and
// gives the status that it has.
func (p *operatorPage) explain(err error) int {
	var e *outcry.Error
	if !errors.As(err, &e) || e.Kind == outcry.Internal {
		p.Wrong = "The server could not do it. Its log says why."
		return http.StatusInternalServerError
	}
	p.Wrong, p.Fields = e.Msg, map[string]string{}
	for _, f := range e.Fields {
		p.Wrong = "Look at the fields below."
		p.Fields[f.Location] = f.Message
	}
	switch e.Kind {
	case outcry.Forbidden:
		return http.StatusForbidden
	case outcry.Conflict:
		return http.StatusConflict
	case outcry.Limited, outcry.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}
