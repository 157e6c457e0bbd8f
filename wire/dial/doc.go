// Package dial is how a program speaks to an Outcry server over HTTP: calls
// that are safe to repeat, problems as *outcry.Error, event streams that go on
// where they broke off, and lines, which are live both ways over a WebSocket. The
// kits buyer and shop and the command line are made of it; it knows paths and
// bodies of none of them.
package dial
