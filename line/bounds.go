package line

import (
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"outcry"
)

// Bounds say how much of a line's is open at once. Zero values are the defaults.
type Bounds struct {
	// Open is how many streams, lines and polls there are in all: 50,000.
	Open int
	// Address is how many come from one address: 2,000. Those of the machine
	// itself are not counted.
	Address int
	// Shop is how many one shop has: 16.
	Shop int
	// Said is how many things a shop may say on a line in a second: 1,000; in one
	// go four times as many.
	Said int
}

func (b Bounds) withDefaults() Bounds {
	for of, otherwise := range map[*int]int{&b.Open: 50_000, &b.Address: 2000, &b.Shop: 16, &b.Said: 1000} {
		if *of == 0 {
			*of = otherwise
		}
	}
	return b
}

// place is what a receiver takes up: its address and its shop, "" where it is not
// counted.
type place struct{ address, shop string }

// address is where a call comes from; "" for the machine itself.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return ""
	}
	return host
}

// enter makes a receiver, where there is a place for it. leave must be called
// in the end.
func (l *Line) enter(at place) (*receiver, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	byAddress, byShop := place{address: at.address}, place{shop: at.shop}
	select {
	case <-l.draining:
		return nil, &outcry.Error{Op: "listen", Kind: outcry.Unavailable, Code: "stopping", Retry: 1, Msg: "the server is stopping; try again"}
	default:
	}
	switch {
	case len(l.open) >= l.Bounds.Open:
		return nil, &outcry.Error{Op: "listen", Kind: outcry.Unavailable, Code: "overloaded", Retry: 5,
			Msg: "as many lines are open as may; try again"}
	case at.address != "" && l.taken[byAddress] >= l.Bounds.Address:
		return nil, &outcry.Error{Op: "listen", Kind: outcry.Limited, Code: "too_many_lines", Retry: 10,
			Msg: "as many lines are open from this address as may; close some"}
	case at.shop != "" && l.taken[byShop] >= l.Bounds.Shop:
		return nil, &outcry.Error{Op: "listen", Kind: outcry.Limited, Code: "too_many_lines", Retry: 10,
			Msg: "as many lines are open for this shop as may; close some"}
	}
	r := &receiver{line: l, gone: make(chan struct{})}
	l.open[r] = at
	if at.address != "" {
		l.taken[byAddress]++
	}
	if at.shop != "" {
		l.taken[byShop]++
	}
	return r, nil
}

// leave gives a receiver's place back.
func (l *Line) leave(r *receiver) {
	l.mu.Lock()
	at, open := l.open[r]
	delete(l.open, r)
	for _, one := range []place{{address: at.address}, {shop: at.shop}} {
		if one == (place{}) {
			continue
		}
		if l.taken[one]--; l.taken[one] <= 0 {
			delete(l.taken, one)
		}
	}
	if len(l.open) == 0 {
		l.empty.Broadcast()
	}
	l.mu.Unlock()
	if open && at.shop != "" && r.ear != nil {
		l.Presence.Connect(at.shop, -1, l.Clock())
	}
}

// Open is how many streams, lines and polls there are.
func (l *Line) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// firstBeat is by chance, so that those that come together do not beat together.
func firstBeat() time.Duration {
	return beatEvery/2 + rand.N(beatEvery/2) //nolint:gosec // no secret
}
