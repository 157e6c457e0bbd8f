package api

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// ErrorCode is one row of the table of errors. Status is the HTTP status of the
// problem, "-" for a code that the server never sends.
type ErrorCode struct{ Code, Status, Meaning, Remedy string }

// ErrorCodes are all codes that an error may have, in the order of the alphabet.
func ErrorCodes() ([]ErrorCode, error) {
	text, err := docsFiles.ReadFile("errors.tsv")
	if err != nil {
		return nil, fmt.Errorf("read the error codes: %w", err)
	}
	var codes []ErrorCode
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 4 {
			return nil, fmt.Errorf("read the error codes: %q has %d cells, not 4", cells[0], len(cells))
		}
		codes = append(codes, ErrorCode{cells[0], cells[1], cells[2], cells[3]})
	}
	slices.SortFunc(codes, func(a, b ErrorCode) int { return strings.Compare(a.Code, b.Code) })
	return codes, nil
}

const errorsHead = `<!-- Written by internal/gen/openapi; do not edit. -->
# Errors

Whatever the server refuses is an ` + "`application/problem+json`" + ` (RFC 9457):

` + "```json" + `
{"type": "/docs#invalid", "title": "Unprocessable Entity", "status": 422, "detail": "the input has errors; see errors",
 "code": "invalid", "request_id": "5f2c8a1b9d3e4f60a7b8c9d0",
 "errors": [{"location": "body.place.lat", "message": "write a latitude from -90 to 90 degrees, for example 55.95"}]}
` + "```" + `

` + "`code`" + ` is a stable word for programs, ` + "`detail`" + ` is for people, ` + "`errors`" + ` names each part to mend. Nothing that was sent is
repeated but names of members. ` + "`request_id`" + ` names the call in the server's log; a caller may choose it by the header
` + "`X-Request-Id`" + `. 429 and 503 carry ` + "`Retry-After`" + ` in seconds. Somebody else's id and a missing one give the same 404.

A body that is not JSON, has a member twice, or has members that there are not, is 400. A value that breaks a rule is 422.
An answer below 400, and a 409, is kept for its ` + "`Idempotency-Key`" + ` and replayed with ` + "`Idempotency-Replayed: true`" + `; any other
4xx gives the key free again, and after a 5xx the same key finds whatever was done.

| code | status | meaning | what to do |
|---|---|---|---|
`

// ErrorsPage is docs/errors.md.
func ErrorsPage() ([]byte, error) {
	codes, err := ErrorCodes()
	if err != nil {
		return nil, err
	}
	out := bytes.NewBufferString(errorsHead)
	for _, c := range codes {
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", c.Code, c.Status, c.Meaning, c.Remedy)
	}
	return out.Bytes(), nil
}
