package directory

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"outcry"
)

// PutSignal adds a signal, or puts it in the place of the one that has its
// code, for the operator. It gives the codes that changed: none, or that one.
func (d *Directory) PutSignal(ctx context.Context, actor outcry.Actor, s outcry.Signal) ([]outcry.Code, error) {
	return d.Import(ctx, actor, []outcry.Signal{s})
}

// Import adds many signals at once, for the operator: all of them or, with an
// Invalid error that names what is wrong, none. A signal without forms keeps
// the forms that it has. It gives the codes that are new or different, in code
// order. What of it concerns shops is kept with it, for Books to tell them.
func (d *Directory) Import(ctx context.Context, actor outcry.Actor, signals []outcry.Signal) ([]outcry.Code, error) {
	return d.apply(ctx, actor, func(present *Tree) ([]outcry.Signal, error) {
		out := slices.Clone(signals)
		for i, s := range out {
			if was, ok := present.Get(s.Code); ok && s.Forms.Request == nil && s.Forms.Offer == nil {
				out[i].Forms = was.Forms
			}
		}
		return out, nil
	})
}

// Retire takes a code out of use, for the operator: words no longer find it,
// and requests for it are refused with the code that replaces it, if any. What
// stands below it stays in use. Orders and requests that have it keep it.
func (d *Directory) Retire(ctx context.Context, actor outcry.Actor, code, replacedBy outcry.Code) ([]outcry.Code, error) {
	return d.apply(ctx, actor, func(present *Tree) ([]outcry.Signal, error) {
		s, ok := present.Get(code)
		if !ok {
			return nil, outcry.Missing("signal")
		}
		if next, ok := present.Get(replacedBy); replacedBy != "" && (!ok || next.Retired || replacedBy == code) {
			return nil, outcry.BadField("body.replaced_by", "write another code that is in use; %s is not", replacedBy)
		}
		s.Retired, s.ReplacedBy = true, replacedBy
		return []outcry.Signal{s}, nil
	})
}

// apply works out a change on the present tree, checks the tree that comes of
// it, keeps the change and swaps the trees.
func (d *Directory) apply(ctx context.Context, actor outcry.Actor, change func(*Tree) ([]outcry.Signal, error)) ([]outcry.Code, error) {
	if err := mayChange(actor); err != nil {
		return nil, err
	}
	d.change.Lock()
	defer d.change.Unlock()
	present := d.Tree()
	signals, err := change(present)
	if err != nil {
		return nil, err
	}
	next := maps.Clone(present.signals)
	changed := map[outcry.Code]outcry.Signal{}
	for _, s := range signals {
		if _, twice := changed[s.Code]; twice {
			return nil, outcry.BadField(fmt.Sprintf("signals[%s]", s.Code), "this code stands twice; keep one of them")
		}
		if !same(next[s.Code], s) {
			changed[s.Code] = s
		}
		next[s.Code] = s
	}
	if len(changed) == 0 {
		return nil, nil
	}
	tree, err := NewTree(slices.Collect(maps.Values(next)))
	if err != nil {
		return nil, err
	}
	told := outcry.Distribution{By: actor.Member, Codes: present.concerns(tree, changed)}
	if err := d.keeper.ChangeSignals(ctx, inOrder(changed), told); err != nil {
		return nil, fmt.Errorf("keep the signals: %w", err)
	}
	d.present.Store(newSearch(tree, everyday()))
	select {
	case d.changes <- struct{}{}:
	default: // who distributes will look anyway
	}
	return slices.Sorted(maps.Keys(changed)), nil
}

// Changes is sent to after a change of the tree; whoever distributes it looks at
// Next then. Several changes may be one word.
func (d *Directory) Changes() <-chan struct{} { return d.changes }

// Next is the first change of the tree that not all shops concerned are told of
// yet, none where found is false. It is a whole one: a change that is under way
// is waited for.
func (d *Directory) Next(ctx context.Context) (change outcry.Distribution, found bool, err error) {
	d.change.Lock()
	defer d.change.Unlock()
	change, found, err = d.keeper.NextDistribution(ctx)
	if err != nil {
		return change, false, fmt.Errorf("read what is to be told: %w", err)
	}
	return change, found, nil
}

// inOrder gives signals in the order of their codes.
func inOrder(signals map[outcry.Code]outcry.Signal) []outcry.Signal {
	var out []outcry.Signal
	for _, code := range slices.Sorted(maps.Keys(signals)) {
		out = append(out, signals[code])
	}
	return out
}

// same says whether two signals say the same.
func same(a, b outcry.Signal) bool {
	words := len(a.Names) == len(b.Names) && maps.Equal(a.Names, b.Names) &&
		maps.EqualFunc(a.Synonyms, b.Synonyms, slices.Equal)
	return words && a.Code == b.Code && a.Parent == b.Parent && a.Retired == b.Retired &&
		a.ReplacedBy == b.ReplacedBy && reflect.DeepEqual(a.Forms, b.Forms)
}

// mayChange says why an actor may not change the tree.
func mayChange(actor outcry.Actor) error {
	switch {
	case !actor.Known():
		return &outcry.Error{Kind: outcry.Unauthorized, Code: "no_token",
			Msg: "sign in, and send Authorization: Bearer TOKEN"}
	case !actor.Operates():
		return &outcry.Error{Kind: outcry.Forbidden, Code: "operator_only", Msg: "only the operator changes the tree of signals, and sees who was told"}
	}
	return nil
}
