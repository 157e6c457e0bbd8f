// Package api answers the HTTP interface, version 1: JSON in, JSON out, and
// problem reports (RFC 9457) for whatever it refuses. It speaks for all nine
// steps and decides none of them: a handler reads a call, hands it to a unit
// with who asks, and shows what the unit says. Each file holds one resource;
// GET /openapi.json tells all of them.
//
// On the way to a handler, a call passes the gates in this order: it is given an
// id (visit.go), must have a path (mux.go), must find room (gate.go), must say who
// asks (who.go) and not ask too often (limit.go), must be readable (body.go,
// json.go), and is done once where it carries an Idempotency-Key (once.go). What
// is refused anywhere becomes a problem in one place (problem.go).
package api
