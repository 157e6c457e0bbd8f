package intake

import (
	"sync"
	"time"

	"outcry"
)

const (
	// signInTries is how many wrong passwords an address may be given a minute.
	signInTries = 10
	// triedAddresses bounds how many addresses are watched. Each try costs the
	// hash of a password, so that nobody can reach it within a minute by
	// guessing.
	triedAddresses = 20_000
)

// tries bounds how often something may be tried in any span of time, by name.
type tries struct {
	most int
	span time.Duration

	mu   sync.Mutex
	when map[string][]time.Time // of each name, the tries within the span
}

func newTries(most int, span time.Duration) *tries {
	return &tries{most: most, span: span, when: map[string][]time.Time{}}
}

// take notes a try, or says that there were too many.
func (t *tries) take(name string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	recent := t.recent(name, now)
	if len(recent) >= t.most {
		return limited(recent[0].Add(t.span).Sub(now))
	}
	if len(recent) == 0 && len(t.when) >= triedAddresses {
		if t.sweep(now); len(t.when) >= triedAddresses {
			return limited(t.span)
		}
	}
	t.when[name] = append(recent, now)
	return nil
}

// forgive takes back the try that was noted last for a name: it was a right one.
func (t *tries) forgive(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.when[name]); n > 1 {
		t.when[name] = t.when[name][:n-1]
		return
	}
	delete(t.when, name)
}

// recent are the tries of a name within the span before now.
func (t *tries) recent(name string, now time.Time) []time.Time {
	all := t.when[name]
	for len(all) > 0 && now.Sub(all[0]) >= t.span {
		all = all[1:]
	}
	return all
}

// sweep forgets the names without recent tries.
func (t *tries) sweep(now time.Time) {
	for name := range t.when {
		if len(t.recent(name, now)) == 0 {
			delete(t.when, name)
		}
	}
}

func limited(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	return &outcry.Error{Op: "sign in", Kind: outcry.Limited, Code: "too_many_tries", Retry: max(1, seconds),
		Msg: "too many wrong passwords for this address; wait, then try again"}
}
