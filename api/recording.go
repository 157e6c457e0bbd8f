package api

import (
	"bytes"
	"maps"
	"net/http"
)

// recording holds an answer back until it is kept.
type recording struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecording() *recording { return &recording{header: http.Header{}, status: http.StatusOK} }

// Header is that of the answer.
func (r *recording) Header() http.Header { return r.header }

// WriteHeader sets the status.
func (r *recording) WriteHeader(status int) { r.status = status }

// Write adds to the body.
func (r *recording) Write(p []byte) (int, error) { return r.body.Write(p) }

// send gives the answer to the caller.
func (r *recording) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // a caller that has gone comes back with its key
}
