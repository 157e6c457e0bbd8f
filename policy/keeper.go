package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"outcry"
)

// Store keeps the versions of the policy.
type Store interface {
	// Policy gives the newest version; 0 and nil where there is none.
	Policy(ctx context.Context) (version int, body []byte, err error)
	// PutPolicy adds a version, which must be one above the newest.
	PutPolicy(ctx context.Context, version int, by string, body []byte, at time.Time) error
}

// Keeper holds the policy that is in force. Now may be called from anywhere at
// once and costs nothing.
type Keeper struct {
	store   Store
	clock   func() time.Time
	present atomic.Pointer[versioned]
}

type versioned struct {
	version int
	policy  Policy
}

// NewKeeper reads the newest policy of the store, or takes the default where
// there is none. A stored policy that cannot be read, or that Check refuses, is an
// error.
func NewKeeper(ctx context.Context, store Store, clock func() time.Time) (*Keeper, error) {
	k := &Keeper{store: store, clock: clock}
	version, body, err := store.Policy(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the policy: %w", err)
	}
	p := Default()
	if version > 0 {
		if err := json.Unmarshal(body, &p); err != nil {
			return nil, fmt.Errorf("read version %d of the policy: %w", version, err)
		}
		if err := p.Check(); err != nil {
			return nil, fmt.Errorf("check version %d of the policy: %w", version, err)
		}
	}
	k.present.Store(&versioned{version: version, policy: p})
	return k, nil
}

// Now is the policy in force.
func (k *Keeper) Now() Policy { return k.present.Load().policy }

// Version is the number of the policy in force; 0 is the default.
func (k *Keeper) Version() int { return k.present.Load().version }

// Put puts a new policy in force. base is the version that the operator has
// seen; where another has come since, nothing changes.
func (k *Keeper) Put(ctx context.Context, actor outcry.Actor, base int, p Policy) (version int, err error) {
	if err := actor.MayOperate(); err != nil {
		return 0, err
	}
	if err := p.Check(); err != nil {
		return 0, err
	}
	if now := k.Version(); now != base {
		return 0, &outcry.Error{Op: "put policy", Kind: outcry.Conflict, Code: "policy_changed",
			Msg: fmt.Sprintf("the policy is at version %d, not %d; look again", now, base)}
	}
	body, err := json.Marshal(p)
	if err != nil {
		return 0, fmt.Errorf("encode the policy: %w", err)
	}
	next := &versioned{version: base + 1, policy: p}
	if err := k.store.PutPolicy(ctx, next.version, actor.Member, body, k.clock()); err != nil {
		return 0, err
	}
	k.present.Store(next)
	return next.version, nil
}
