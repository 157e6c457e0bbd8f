package wire

import "outcry"

// Problem is why a call was refused, as RFC 9457 has it (media type
// application/problem+json). It never repeats what was sent.
type Problem struct {
	Type      string         `json:"type" doc:"where the code is explained"`
	Title     string         `json:"title" doc:"the status in words"`
	Status    int            `json:"status" doc:"the HTTP status"`
	Detail    string         `json:"detail" doc:"what is wrong, for people"`
	Code      string         `json:"code" doc:"what is wrong, a stable word for programs"`
	RequestID string         `json:"request_id" doc:"names this call in the server's log"`
	Errors    []ProblemField `json:"errors,omitempty" doc:"each part of the input that is to be mended"`
}

// ProblemField is one complaint about one part of the input.
type ProblemField struct {
	Location string `json:"location" doc:"such as body.place.lat, query.limit or header.If-Match"`
	Message  string `json:"message" doc:"what is wrong and what to write instead"`
}

// ProblemFields are the complaints of an error.
func ProblemFields(fields []outcry.Field) []ProblemField {
	out := make([]ProblemField, len(fields))
	for i, f := range fields {
		out[i] = ProblemField{Location: f.Location, Message: f.Message}
	}
	return out
}
