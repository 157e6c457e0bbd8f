package policy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"outcry"
)

const (
	// maxBack is how many versions a Keeper goes back for one that can be used.
	maxBack = 100
	// maxReady is how many versions are kept ready to be used.
	maxReady = 64
)

// Store keeps the versions of the policy, numbered from 1.
type Store interface {
	// Policy gives the newest version; 0 and nil where there is none.
	Policy(ctx context.Context) (version int, body []byte, err error)
	// PutPolicy adds a version, which must be one above the newest; else it is a
	// Conflict.
	PutPolicy(ctx context.Context, version int, by string, body []byte, at time.Time) error
	// PolicyVersion gives any version; one that there is not is NotFound.
	PolicyVersion(ctx context.Context, version int) (body []byte, err error)
	// Policies lists the versions, the newest first.
	Policies(ctx context.Context, p outcry.Page) (items []Version, next string, err error)
}

// Version is one version of the policy, as the history tells it.
type Version struct {
	N  int
	By string // a member's id, or "file"
	At time.Time
}

// Seams are what a Keeper works with. All but Audit are needed.
type Seams struct {
	Store Store
	Clock func() time.Time
	// Log is told of a policy that cannot be used, and of expressions that fail.
	Log *slog.Logger
	// Audit is told of a version that a file has put in force; nobody else would.
	Audit func(ctx context.Context, actor, action, target, detail string)
}

// Keeper holds the policy that is in force, and finds every version there was.
// Its methods may be called from anywhere at once; Now and Version cost nothing.
type Keeper struct {
	Seams
	present atomic.Pointer[standing]

	putting sync.Mutex // held while a version is put, or looked for

	mu    sync.Mutex // guards ready
	ready map[int]*Rules
}

// standing is what a Keeper knows at one moment.
type standing struct {
	rules   *Rules // in force
	text    []byte
	newest  int   // the newest version that is kept, of use or not
	trouble error // why the newest is of no use; nil where it is in force
}

// NewKeeper takes the newest policy of the store, or the default where there is
// none. A version that cannot be used any more does not stop the start: the last
// one before it that can is in force, and Trouble and the log say so. An error
// means that the store cannot be read.
func NewKeeper(ctx context.Context, s Seams) (*Keeper, error) {
	k := &Keeper{Seams: s, ready: map[int]*Rules{}}
	if err := k.Refresh(ctx); err != nil {
		return nil, err
	}
	return k, nil
}

// Now is the policy in force.
func (k *Keeper) Now() *Rules { return k.present.Load().rules }

// Version is the number of the policy in force; 0 is the default.
func (k *Keeper) Version() int { return k.Now().version }

// Trouble says why the newest version is not in force; nil where it is.
func (k *Keeper) Trouble() error { return k.present.Load().trouble }

// Refresh takes the newest policy of the store, as another node may have put it.
func (k *Keeper) Refresh(ctx context.Context) error {
	k.putting.Lock()
	defer k.putting.Unlock()
	return k.refresh(ctx)
}

// refresh is called with putting held.
func (k *Keeper) refresh(ctx context.Context) error {
	newest, body, err := k.Store.Policy(ctx)
	if err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	if now := k.present.Load(); now != nil && now.newest == newest {
		return nil
	}
	s := &standing{newest: newest, rules: defaultRules(), text: defaultText}
	for version := newest; version > max(0, newest-maxBack); version-- {
		if version < newest {
			if body, err = k.Store.PolicyVersion(ctx, version); err != nil && outcry.KindOf(err) != outcry.NotFound {
				return fmt.Errorf("read version %d of the policy: %w", version, err)
			}
		}
		if err == nil {
			s.rules, err = k.prepare(version, body)
		}
		if err == nil {
			s.text = body
			break
		}
		s.trouble = errors.Join(s.trouble, fmt.Errorf("version %d of the policy cannot be used: %w", version, err))
		s.rules, err = defaultRules(), nil
	}
	k.present.Store(s)
	if s.trouble != nil {
		k.Log.Error("the newest policy cannot be used; an older one is in force", "newest", newest, "in_force", s.rules.version, "error", s.trouble)
	}
	return nil
}

// prepare makes a version ready to be used.
func (k *Keeper) prepare(version int, body []byte) (*Rules, error) {
	r, err := read(body)
	if err != nil {
		return nil, err
	}
	k.keep(version, r)
	return r, nil
}

// keep keeps a version ready, perhaps in the place of the oldest.
func (k *Keeper) keep(version int, r *Rules) {
	r.version = version
	r.Reporting(func(words string) { k.Log.Error(words, "version", version) })
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.ready) >= maxReady {
		delete(k.ready, slices.Min(slices.Collect(maps.Keys(k.ready))))
	}
	k.ready[version] = r
}

// At is a version of the policy, as a request is run by the one it began with; 0
// is the default. One that there is not is NotFound, and one that cannot be used
// any more an error that says why.
func (k *Keeper) At(ctx context.Context, version int) (*Rules, error) {
	if now := k.Now(); now.version == version {
		return now, nil
	}
	if version == 0 {
		return defaultRules(), nil
	}
	k.mu.Lock()
	r := k.ready[version]
	k.mu.Unlock()
	if r != nil {
		return r, nil
	}
	body, err := k.Text(ctx, version)
	if err != nil {
		return nil, err
	}
	if r, err = k.prepare(version, body); err != nil {
		return nil, fmt.Errorf("version %d of the policy cannot be used: %w", version, err)
	}
	return r, nil
}

// Text is a version as it was written; 0 is the default. One that there is not is
// NotFound.
func (k *Keeper) Text(ctx context.Context, version int) ([]byte, error) {
	if version == 0 {
		return DefaultText(), nil
	}
	if now := k.present.Load(); now.rules.version == version {
		return bytes.Clone(now.text), nil
	}
	body, err := k.Store.PolicyVersion(ctx, version)
	if err != nil {
		return nil, fmt.Errorf("read version %d of the policy: %w", version, err)
	}
	return body, nil
}

// History lists the versions, the newest first, without the default. Whoever may
// read the policy may read it.
func (k *Keeper) History(ctx context.Context, p outcry.Page) ([]Version, string, error) {
	return k.Store.Policies(ctx, p)
}

// Put puts a new policy in force, as it is written in a text. Only the operator
// may; base is the version that the operator has seen: where another has come
// since, it is a Conflict and nothing changes. An error about the text is as Read
// gives it.
func (k *Keeper) Put(ctx context.Context, actor outcry.Actor, base int, text []byte) (version int, err error) {
	if err := actor.MayOperate(); err != nil {
		return 0, err
	}
	return k.put(ctx, actor.Member, base, text)
}

func (k *Keeper) put(ctx context.Context, by string, base int, text []byte) (int, error) {
	rules, err := read(text)
	if err != nil {
		return 0, err
	}
	k.putting.Lock()
	defer k.putting.Unlock()
	now := k.present.Load()
	if now.rules.version != base {
		return 0, changed(now.rules.version, base)
	}
	version := now.newest + 1
	text = bytes.Clone(text)
	if err := k.Store.PutPolicy(ctx, version, by, text, k.Clock()); err != nil {
		if outcry.KindOf(err) == outcry.Conflict && k.refresh(ctx) == nil { // another node was first
			return 0, changed(k.Version(), base)
		}
		return 0, err
	}
	k.keep(version, rules)
	k.present.Store(&standing{rules: rules, text: text, newest: version})
	return version, nil
}

func changed(now, base int) error {
	return &outcry.Error{Op: "put policy", Kind: outcry.Conflict, Code: "policy_changed",
		Msg: fmt.Sprintf("the policy is at version %d, not %d; look again", now, base)}
}
