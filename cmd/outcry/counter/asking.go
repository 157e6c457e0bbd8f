package counter

import (
	"context"
	"errors"
	"reflect"
	"sync"

	"outcry/wire"
)

// asking is the software that is asked now; it changes with the files.
type asking struct {
	mu   sync.RWMutex
	is   Software
	dir  string
	asks asker // nil: none
}

// use reaches the software of a setting, unless it is the one already, until ctx
// ends.
func (a *asking) use(ctx context.Context, set *Setting, say func(words string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if reflect.DeepEqual(a.is, set.Software) && a.dir == set.Dir {
		return
	}
	if a.asks != nil {
		a.asks.close()
	}
	a.is, a.dir, a.asks = set.Software, set.Dir, set.open(ctx, say)
}

// ask has the software answer; where another takes its place meanwhile, that
// one.
func (a *asking) ask(ctx context.Context, call wire.Call) (reply, error) {
	for {
		asks := a.now()
		if asks == nil {
			return reply{}, errors.New("there is no software")
		}
		r, err := asks.ask(ctx, call)
		if !errors.Is(err, errEnded) || a.now() == asks {
			return r, err
		}
	}
}

func (a *asking) now() asker {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.asks
}

// end ends the software.
func (a *asking) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.asks != nil {
		a.asks.close()
		a.asks, a.is = nil, Software{}
	}
}
