// Package dial is how a program speaks to an Outcry server over HTTP: calls
// that are safe to repeat, problems as *outcry.Error, and event streams that go
// on where they broke off. The kits buyer and shop and the command line are made
// of it; it knows paths and bodies of none of them.
package dial
