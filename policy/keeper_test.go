package policy_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/policy"
)

var (
	noon      = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	errDisk   = errors.New("no space left on device")
	operator  = outcry.NewActor(outcry.Member{ID: "mem_op", Operator: true}, outcry.Token{}, nil)
	strangers = map[string]outcry.Actor{
		"a buyer":                outcry.NewActor(outcry.Member{ID: "mem_a"}, outcry.Token{}, []string{"shop_1"}),
		"nobody":                 {},
		"an operator's shop key": outcry.NewActor(outcry.Member{ID: "mem_op", Operator: true}, outcry.Token{Shop: "shop_1"}, []string{"shop_1"}),
		"an operator's key to buy": outcry.NewActor(outcry.Member{ID: "mem_op", Operator: true},
			outcry.Token{Scopes: []outcry.Scope{outcry.ScopeBuy}}, nil),
	}
)

// shelf keeps versions in memory as a store must.
type shelf struct {
	mu     sync.Mutex
	bodies [][]byte
	by     []string
	at     []time.Time
	fail   error
}

func (s *shelf) Policy(context.Context) (int, []byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil || len(s.bodies) == 0 {
		return 0, nil, s.fail
	}
	return len(s.bodies), s.bodies[len(s.bodies)-1], nil
}

func (s *shelf) PutPolicy(_ context.Context, version int, by string, body []byte, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	if version != len(s.bodies)+1 {
		return &outcry.Error{Kind: outcry.Conflict, Code: "policy_changed", Msg: "look again"}
	}
	s.bodies, s.by, s.at = append(s.bodies, body), append(s.by, by), append(s.at, at)
	return nil
}

func keeper(t *testing.T, s *shelf) *policy.Keeper {
	t.Helper()
	k, err := policy.NewKeeper(t.Context(), s, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func wanting(margin float64) policy.Policy {
	p := policy.Default()
	p.Waves.Margin = margin
	return p
}

func TestKeeper_StartsWithTheDefault(t *testing.T) {
	t.Parallel()
	k := keeper(t, &shelf{})
	if k.Version() != 0 || k.Now().Waves.Margin != policy.Default().Waves.Margin {
		t.Errorf("version %d, %+v", k.Version(), k.Now())
	}
}

func TestKeeper_PutsVersionsInForceAndFindsThemAgain(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	for i, margin := range []float64{2, 3} {
		p := wanting(margin)
		p.Waves.Ends = []float64{0.25, 1}
		version, err := k.Put(t.Context(), operator, i, p)
		if err != nil || version != i+1 || k.Version() != i+1 || k.Now().Waves.Margin != margin {
			t.Fatalf("version %d, %v; in force is %d", version, err, k.Version())
		}
	}
	if !slices.Equal(s.by, []string{"mem_op", "mem_op"}) || !s.at[0].Equal(noon) {
		t.Errorf("kept as by %v at %v", s.by, s.at)
	}
	again := keeper(t, s)
	if again.Version() != 2 || again.Now().Waves.Margin != 3 || !slices.Equal(again.Now().Waves.Ends, []float64{0.25, 1}) {
		t.Errorf("read again: version %d, %+v", again.Version(), again.Now().Waves)
	}
}

func TestKeeper_RefusesAnOldBase(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k, other := keeper(t, s), keeper(t, s)
	if _, err := k.Put(t.Context(), operator, 0, wanting(2)); err != nil {
		t.Fatal(err)
	}
	s.fail = errDisk // it does not even ask the store
	for _, base := range []int{-1, 0, 2} {
		if _, err := k.Put(t.Context(), operator, base, wanting(3)); outcry.CodeOf(err) != "policy_changed" || outcry.KindOf(err) != outcry.Conflict {
			t.Errorf("on version %d: %v, want policy_changed", base, err)
		}
	}
	s.fail = nil
	// Another node has not heard: the store refuses it.
	if _, err := other.Put(t.Context(), operator, 0, wanting(4)); outcry.CodeOf(err) != "policy_changed" || other.Version() != 0 {
		t.Errorf("at a node that has not heard: %v, version %d", err, other.Version())
	}
	if k.Version() != 1 || k.Now().Waves.Margin != 2 || len(s.bodies) != 1 {
		t.Errorf("version %d with margin %v of %d kept, want the first", k.Version(), k.Now().Waves.Margin, len(s.bodies))
	}
}

func TestKeeper_OneOfManyAtOnceWins(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	results := make(chan error)
	for i := range 8 {
		go func() {
			_, err := k.Put(t.Context(), operator, 0, wanting(float64(i+1)))
			_ = k.Now().Waves.Margin
			results <- err
		}()
	}
	won := 0
	for range 8 {
		switch err := <-results; outcry.CodeOf(err) {
		case "":
			won++
		case "policy_changed":
		default:
			t.Error(err)
		}
	}
	if won != 1 || k.Version() != 1 || len(s.bodies) != 1 {
		t.Errorf("%d won, version %d, %d kept; want one of each", won, k.Version(), len(s.bodies))
	}
}

func TestKeeper_OnlyTheOperatorChangesIt(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	for name, actor := range strangers {
		want := actor.MayOperate()
		if _, err := k.Put(t.Context(), actor, 0, wanting(2)); want == nil || outcry.CodeOf(err) != outcry.CodeOf(want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, err := k.Put(t.Context(), operator, 0, wanting(-1)); !slices.Equal(fields(err), []string{"body.waves.margin"}) {
		t.Errorf("a bad policy: %v", err)
	}
	if k.Version() != 0 || len(s.bodies) != 0 {
		t.Errorf("version %d, %d kept; want none", k.Version(), len(s.bodies))
	}
}

func TestKeeper_PutsNothingInForceThatIsNotKept(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	s.fail = errDisk
	if _, err := k.Put(t.Context(), operator, 0, wanting(2)); !errors.Is(err, errDisk) {
		t.Errorf("%v, want the store's error", err)
	}
	if k.Version() != 0 || k.Now().Waves.Margin == 2 {
		t.Errorf("version %d is in force and not kept", k.Version())
	}
}

func TestKeeper_RefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return noon }
	for name, body := range map[string]string{
		"no JSON":           `{"waves":`,
		"another shape":     `{"waves":[1]}`,
		"no wave ends":      `{"waves":{"ends":[]}}`,
		"a figure too high": `{"ranking":{"price":4000}}`,
	} {
		if k, err := policy.NewKeeper(t.Context(), &shelf{bodies: [][]byte{[]byte(body)}}, clock); err == nil || k != nil {
			t.Errorf("%s: taken as %+v", name, k.Now())
		}
	}
	if _, err := policy.NewKeeper(t.Context(), &shelf{fail: errDisk}, clock); !errors.Is(err, errDisk) {
		t.Errorf("a store that fails: %v", err)
	}
	// What a later release adds has its default where it is not stored.
	k := keeper(t, &shelf{bodies: [][]byte{[]byte(`{"waves":{"margin":2}}`)}})
	if p := k.Now(); p.Waves.Margin != 2 || p.Waves.Trigger != policy.Default().Waves.Trigger || k.Version() != 1 {
		t.Errorf("a policy of an earlier release: %+v", p.Waves)
	}
}
