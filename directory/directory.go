package directory

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"outcry"
	"outcry/directory/form"
)

// Signals keeps the signals of the tree.
type Signals interface {
	// Signals gives all of them, in any order.
	Signals(ctx context.Context) ([]outcry.Signal, error)
	// PutSignals adds signals, and puts them in the place of those that have
	// their codes.
	PutSignals(ctx context.Context, signals []outcry.Signal) error
	// ChangeSignals is PutSignals for a change that shops are to be told, which
	// it keeps together with the signals and numbers.
	ChangeSignals(ctx context.Context, signals []outcry.Signal, change outcry.Distribution) error
	// NextDistribution gives the first change that not all are told of yet.
	NextDistribution(ctx context.Context) (outcry.Distribution, bool, error)
}

// Picks keeps which codes buyers picked after typing words.
type Picks interface {
	// Picks gives how often each code was picked, by the key of the words.
	Picks(ctx context.Context) (map[string]map[outcry.Code]int, error)
	// AddPick counts one more.
	AddPick(ctx context.Context, words string, code outcry.Code) error
	// ErasePicks forgets them all.
	ErasePicks(ctx context.Context) error
}

// Keeper keeps what a Directory knows.
type Keeper interface {
	Signals
	Picks
}

// Directory holds the present tree of signals, finds codes by words and checks
// attributes against forms. It may be used by many at once; readers never wait
// for a change.
type Directory struct {
	keeper  Keeper
	picks   *picks
	forms   *form.Cache
	present atomic.Pointer[search]

	// change lets one change happen at a time, from its reading to its swap.
	change  sync.Mutex
	changes chan struct{} // room for one word that the tree has changed
}

// Open reads the signals and picks that the keeper has. Where it has no
// signals, the default ones are put in first.
func Open(ctx context.Context, keeper Keeper) (*Directory, error) {
	d := &Directory{keeper: keeper, picks: newPicks(nil), forms: form.NewCache(), changes: make(chan struct{}, 1)}
	signals, err := keeper.Signals(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the signals: %w", err)
	}
	if len(signals) == 0 {
		signals = DefaultSignals()
		if err := keeper.PutSignals(ctx, signals); err != nil {
			return nil, fmt.Errorf("put the default signals in: %w", err)
		}
	}
	counts, err := keeper.Picks(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the picks: %w", err)
	}
	d.picks = newPicks(counts)
	return d, d.swap(signals)
}

// Reload reads the signals anew, after somebody else has changed them.
func (d *Directory) Reload(ctx context.Context) error {
	d.change.Lock()
	defer d.change.Unlock()
	signals, err := d.keeper.Signals(ctx)
	if err != nil {
		return fmt.Errorf("read the signals: %w", err)
	}
	return d.swap(signals)
}

// swap makes the signals the present tree.
func (d *Directory) swap(signals []outcry.Signal) error {
	tree, err := NewTree(signals)
	if err != nil {
		return err
	}
	d.present.Store(newSearch(tree, everyday()))
	return nil
}

// Tree is the present tree; it stays as it is when the directory goes on.
func (d *Directory) Tree() *Tree { return d.present.Load().tree }

// Get is the signal of a code of the present tree.
func (d *Directory) Get(code outcry.Code) (outcry.Signal, bool) { return d.Tree().Get(code) }

// Ancestors are a code and those above it in the present tree; see
// Tree.Ancestors.
func (d *Directory) Ancestors(code outcry.Code) []outcry.Code { return d.Tree().Ancestors(code) }
