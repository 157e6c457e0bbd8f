package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// bodyTime is how long a body may take to come, and how long each further MiB
// of a large one.
const bodyTime = 10 * time.Second

// readBody reads the whole body of a call within its bounds, so that everything
// behind this gate deals with bytes that are there.
func (a *api) readBody(w http.ResponseWriter, req *http.Request, r *route) error {
	most := a.Limits.Body
	if r.raw != nil {
		most = a.Limits.Import
	}
	if req.ContentLength > most {
		return tooLarge(most)
	}
	body, err := a.takeBody(w, req, most)
	if err == nil && r.yaml {
		body, err = fromYAML(req, body)
	}
	if err != nil {
		return err
	}
	visitOf(req.Context()).body = body
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.Header.Del("Accept") // the answer is JSON, whatever is asked for
	switch {
	case len(body) == 0:
		return nil
	case r.takes || r.raw != nil:
		return rightType(req, r)
	case string(bytes.TrimSpace(body)) == "{}":
		return nil
	}
	return newProblem(http.StatusBadRequest, "unknown_member", "this call takes no body").at("body", "leave it out")
}

func (a *api) takeBody(w http.ResponseWriter, req *http.Request, most int64) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody || req.ContentLength == 0 {
		return nil, nil
	}
	clock := http.NewResponseController(w)
	_ = clock.SetReadDeadline(time.Now().Add(bodyTime * time.Duration(1+most>>20))) // not every writer has one
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, most))
	var large *http.MaxBytesError
	var slow net.Error
	switch {
	case err == nil:
		_ = clock.SetReadDeadline(time.Time{})
		return body, nil
	case errors.As(err, &large):
		return nil, tooLarge(most)
	case errors.As(err, &slow) && slow.Timeout():
		return nil, newProblem(http.StatusRequestTimeout, "body_too_slow", "the body did not come in time; send it again").at("body", "send it faster, or less of it")
	}
	return nil, newProblem(http.StatusBadRequest, "body_broken", "the body broke off; send it again").at("body", "send all of it")
}

func tooLarge(most int64) *problem {
	return newProblem(http.StatusRequestEntityTooLarge, "body_too_large", "the body is larger than "+bytesText(most)).
		at("body", "send at most "+bytesText(most))
}

// rightType refuses a body of a media type that the route does not take. One
// that does not say its type is taken for what the route takes.
func rightType(req *http.Request, r *route) error {
	types := r.raw
	if types == nil {
		types = []string{"application/json"}
	}
	if r.yaml { // fromYAML has made JSON of it
		types = append(types, yamlType)
	}
	wrong := func(location, message string) error {
		return newProblem(http.StatusUnsupportedMediaType, "wrong_content_type", "the body is of a type that is not taken here").at(location, message)
	}
	if packed := req.Header.Get("Content-Encoding"); packed != "" && !strings.EqualFold(packed, "identity") {
		return wrong("header.Content-Encoding", "send the body as it is")
	}
	said := req.Header.Get("Content-Type")
	if said == "" {
		req.Header.Set("Content-Type", types[0])
		return nil
	}
	media, params, err := mime.ParseMediaType(said)
	charset := params["charset"]
	if err != nil || !slices.Contains(types, media) || r.raw == nil && charset != "" && !strings.EqualFold(charset, "utf-8") {
		return wrong("header.Content-Type", "write "+strings.Join(types, " or "))
	}
	if r.raw == nil {
		req.Header.Set("Content-Type", media)
	}
	return nil
}

// bytesText writes a bound for people: "64 KiB".
func bytesText(n int64) string {
	switch {
	case n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
