// Package counter is how a shop server answers: by a price list, by rules, by the
// shop's own software, or by leaving a call to a person. A Setting is what the
// shop's files say, a Counter decides by it, and a Server hears the shop's events
// and answers, until it is stopped and again after that. docs/shop-server.md tells
// how the files are written.
package counter
