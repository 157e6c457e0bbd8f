package policy_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strconv"
	"strings"
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
	bodies []string
	by     []string
	at     []time.Time
	tries  int // to put a version
	fail   error
}

var _ policy.Store = (*shelf)(nil)

func (s *shelf) Policy(context.Context) (int, []byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil || len(s.bodies) == 0 {
		return 0, nil, s.fail
	}
	return len(s.bodies), []byte(s.bodies[len(s.bodies)-1]), nil
}

func (s *shelf) PolicyVersion(_ context.Context, version int) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.fail != nil:
		return nil, s.fail
	case version < 1 || version > len(s.bodies):
		return nil, outcry.Missing("version")
	}
	return []byte(s.bodies[version-1]), nil
}

func (s *shelf) Policies(_ context.Context, p outcry.Page) (items []policy.Version, next string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range slices.Backward(s.bodies) {
		items = append(items, policy.Version{N: i + 1, By: s.by[i], At: s.at[i]})
	}
	return items[:min(p.Limit, len(items))], "", s.fail
}

func (s *shelf) PutPolicy(_ context.Context, version int, by string, body []byte, at time.Time) error {
	for range 100 { // whoever else wants to come, may
		runtime.Gosched()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if s.fail != nil {
		return s.fail
	}
	if version != len(s.bodies)+1 {
		return &outcry.Error{Kind: outcry.Conflict, Code: "stale", Msg: "look again"}
	}
	s.bodies, s.by, s.at = append(s.bodies, string(body)), append(s.by, by), append(s.at, at)
	return nil
}

func (s *shelf) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bodies)
}

func (s *shelf) breaks(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// ear hears what is logged and audited.
type ear struct {
	mu    sync.Mutex
	lines []string
}

func (e *ear) Write(line []byte) (int, error) {
	e.hear(strings.TrimSuffix(string(line), "\n"))
	return len(line), nil
}

func (e *ear) hear(line string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, line)
}

// heard gives what was heard since the last time.
func (e *ear) heard() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	lines := e.lines
	e.lines = nil
	return lines
}

// seams are those of a Keeper in a test; what it logs is "LEVEL message key=value ...".
func seams(s policy.Store, e *ear) policy.Seams {
	without := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	return policy.Seams{
		Store: s, Clock: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(e, &slog.HandlerOptions{ReplaceAttr: without})),
		Audit: func(_ context.Context, actor, action, target, detail string) {
			e.hear(fmt.Sprintf("audit %s: %s %s, %s", actor, action, target, detail))
		},
	}
}

func keeper(t *testing.T, s *shelf) *policy.Keeper {
	t.Helper()
	k, err := policy.NewKeeper(t.Context(), seams(s, &ear{}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func wanting(margin int) string { return "waves: {margin: " + strconv.Itoa(margin) + "} # mine\n" }

func margin(r *policy.Rules) float64 { return r.Policy().Waves.Margin }

func put(t *testing.T, k *policy.Keeper, base int, text string) int {
	t.Helper()
	version, err := k.Put(t.Context(), operator, base, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func TestKeeper_StartsWithTheDefault(t *testing.T) {
	t.Parallel()
	k := keeper(t, &shelf{})
	if k.Version() != 0 || k.Now().Version() != 0 || margin(k.Now()) != policy.Default().Waves.Margin || k.Trouble() != nil {
		t.Errorf("version %d, %+v, %v", k.Version(), k.Now().Policy(), k.Trouble())
	}
	if !k.Now().For(sushi).Plain() {
		t.Error("the default has rules of its own")
	}
	text, err := k.Text(t.Context(), 0)
	if err != nil || string(text) != string(policy.DefaultText()) {
		t.Errorf("its text is %q, %v", text, err)
	}
}

func TestKeeper_PutsVersionsInForceAndFindsThemAgain(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	for i, m := range []int{2, 3} {
		version := put(t, k, i, wanting(m))
		if version != i+1 || k.Version() != i+1 || k.Now().Version() != i+1 || margin(k.Now()) != float64(m) {
			t.Fatalf("version %d; in force is %d", version, k.Version())
		}
	}
	if !slices.Equal(s.by, []string{"mem_op", "mem_op"}) || !s.at[0].Equal(noon) {
		t.Errorf("kept as by %v at %v", s.by, s.at)
	}
	again := keeper(t, s)
	if again.Version() != 2 || margin(again.Now()) != 3 {
		t.Errorf("read again: version %d, %+v", again.Version(), again.Now().Policy().Waves)
	}
	items, next, err := again.History(t.Context(), outcry.Page{Limit: 1})
	if err != nil || next != "" || !slices.Equal(items, []policy.Version{{N: 2, By: "mem_op", At: noon}}) {
		t.Errorf("history %+v %q, %v", items, next, err)
	}
	for version, want := range []string{string(policy.DefaultText()), wanting(2), wanting(3)} {
		if text, err := again.Text(t.Context(), version); err != nil || string(text) != want {
			t.Errorf("version %d is written %q, %v", version, text, err)
		}
	}
	if _, err := again.Text(t.Context(), 3); outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("a version that there is not: %v", err)
	}
}

// A request is run by the version that it began with.
func TestKeeper_FindsEveryVersion(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	first := keeper(t, s)
	for i := range 100 {
		put(t, first, i, wanting(i+1))
	}
	for name, k := range map[string]*policy.Keeper{"as it was put": first, "after a restart": keeper(t, s)} {
		for _, version := range []int{0, 1, 50, 99, 100} {
			r, err := k.At(t.Context(), version)
			want := float64(version)
			if version == 0 {
				want = policy.Default().Waves.Margin
			}
			if err != nil || r.Version() != version || margin(r) != want {
				t.Fatalf("%s: version %d is %v, %v", name, version, r, err)
			}
		}
		r, _ := k.At(t.Context(), 99)
		s.breaks(errDisk) // what was found once needs no store
		if again, err := k.At(t.Context(), 99); err != nil || again != r {
			t.Errorf("%s: found once, then %v", name, err)
		}
		if now, err := k.At(t.Context(), 100); err != nil || now != k.Now() {
			t.Errorf("%s: what is in force: %v", name, err)
		}
		if _, err := k.At(t.Context(), 2); !errors.Is(err, errDisk) {
			t.Errorf("%s: an old one, of a store that fails: %v", name, err)
		}
		s.breaks(nil)
		if _, err := k.At(t.Context(), 101); outcry.KindOf(err) != outcry.NotFound {
			t.Errorf("%s: a version that there is not: %v", name, err)
		}
	}
}

func TestKeeper_RefusesAnOldBase(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k, other := keeper(t, s), keeper(t, s)
	put(t, k, 0, wanting(2))
	s.breaks(errDisk) // it does not even ask the store
	for _, base := range []int{-1, 0, 2} {
		if _, err := k.Put(t.Context(), operator, base, []byte(wanting(3))); outcry.CodeOf(err) != "policy_changed" || outcry.KindOf(err) != outcry.Conflict {
			t.Errorf("on version %d: %v, want policy_changed", base, err)
		}
	}
	s.breaks(nil)
	// Another node has not heard: the store refuses it, and then it has.
	if _, err := other.Put(t.Context(), operator, 0, []byte(wanting(4))); outcry.CodeOf(err) != "policy_changed" || other.Version() != 1 || margin(other.Now()) != 2 {
		t.Errorf("at a node that has not heard: %v, version %d", err, other.Version())
	}
	if k.Version() != 1 || margin(k.Now()) != 2 || s.count() != 1 {
		t.Errorf("version %d with margin %v of %d kept, want the first", k.Version(), margin(k.Now()), s.count())
	}
	put(t, other, 1, wanting(5))
	if err := k.Refresh(t.Context()); err != nil || k.Version() != 2 || margin(k.Now()) != 5 {
		t.Errorf("told to look: version %d, %v", k.Version(), err)
	}
}

func TestKeeper_OneOfManyAtOnceWins(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	results := make(chan error)
	for i := range 8 {
		go func() {
			_, err := k.Put(t.Context(), operator, 0, []byte(wanting(i+1)+"branches: [{code: osm:food, offers: {valid_for_s: 60}}]\n"))
			rules := k.Now()
			if rules.Version() == 1 && rules.For(sushi).Policy.Offers.ValidForS != 60 {
				err = errors.New("the branch does not hold")
			}
			if r, e := k.At(t.Context(), rules.Version()); e != nil || r.Version() != rules.Version() {
				err = errors.Join(errors.New("it is not found"), e)
			}
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
	if won != 1 || k.Version() != 1 || s.count() != 1 || s.tries != 1 {
		t.Errorf("%d won, version %d, %d kept of %d; want one of each", won, k.Version(), s.count(), s.tries)
	}
}

func TestKeeper_OnlyTheOperatorChangesIt(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	for name, actor := range strangers {
		want := actor.MayOperate()
		if _, err := k.Put(t.Context(), actor, 0, []byte(wanting(2))); want == nil || outcry.CodeOf(err) != outcry.CodeOf(want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, err := k.Put(t.Context(), operator, 0, []byte("waves: {margin: -1}")); !slices.Equal(fields(err), []string{"1:17 waves.margin"}) {
		t.Errorf("a bad policy: %v", err)
	}
	if k.Version() != 0 || s.count() != 0 {
		t.Errorf("version %d, %d kept; want none", k.Version(), s.count())
	}
}

func TestKeeper_PutsNothingInForceThatIsNotKept(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	s.breaks(errDisk)
	if _, err := k.Put(t.Context(), operator, 0, []byte(wanting(2))); !errors.Is(err, errDisk) {
		t.Errorf("%v, want the store's error", err)
	}
	if k.Version() != 0 || margin(k.Now()) == 2 {
		t.Errorf("version %d is in force and not kept", k.Version())
	}
	if _, err := policy.NewKeeper(t.Context(), seams(s, &ear{})); !errors.Is(err, errDisk) {
		t.Errorf("a start with a store that fails: %v", err)
	}
}

// A newest version that is of no use does not stop the start: the last good one
// is in force, loudly, and the next version mends it.
func TestKeeper_GoesBackToTheLastGoodVersion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kept    []string
		version int
		margin  float64
	}{
		"the newest is broken":   {[]string{wanting(2), wanting(3), "waves: {"}, 2, 3},
		"so are two":             {[]string{wanting(2), "wavs: {}", "waves: {margin: .nan}"}, 1, 2},
		"all are":                {[]string{"selecting: {base: 1}", "selecting: {require: [{name: a, when: shop.fax, why: b}]}"}, 0, 3},
		"of an earlier release":  {[]string{wanting(2), `{"selecting":{"base":1.35,"person_answers":0.5}}`}, 1, 2},
		"more than it goes back": {append([]string{wanting(2)}, slices.Repeat([]string{"- 1"}, 100)...), 0, 3},
	} {
		s, e := &shelf{}, &ear{}
		for i, body := range c.kept {
			if err := s.PutPolicy(t.Context(), i+1, "mem_op", []byte(body), noon); err != nil {
				t.Fatal(err)
			}
		}
		k, err := policy.NewKeeper(t.Context(), seams(s, e))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if k.Version() != c.version || margin(k.Now()) != c.margin || k.Trouble() == nil {
			t.Errorf("%s: version %d with margin %v, trouble %v", name, k.Version(), margin(k.Now()), k.Trouble())
		}
		want := fmt.Sprintf("newest=%d in_force=%d", len(c.kept), c.version)
		if told := e.heard(); len(told) != 1 || !strings.HasPrefix(told[0], "level=ERROR") || !strings.Contains(told[0], want) {
			t.Errorf("%s: told %q, want %s", name, told, want)
		}
		if _, err := k.At(t.Context(), len(c.kept)); err == nil || outcry.KindOf(err) == outcry.NotFound {
			t.Errorf("%s: the newest is %v", name, err)
		}
		if version := put(t, k, c.version, wanting(9)); version != len(c.kept)+1 || k.Trouble() != nil || margin(k.Now()) != 9 {
			t.Errorf("%s: mended by version %d, trouble %v", name, version, k.Trouble())
		}
	}
}

func TestKeeper_LogsAnExpressionThatFails(t *testing.T) {
	t.Parallel()
	s, e := &shelf{}, &ear{}
	k, err := policy.NewKeeper(t.Context(), seams(s, e))
	if err != nil {
		t.Fatal(err)
	}
	put(t, k, 0, "selecting: {require: [{name: speaks, when: 'shop.languages[7] == \"ko\"', why: speak Korean}]}")
	for range 3 {
		if ok, _, _ := k.Now().For(sushi).Requires(someShop(), someRequest()); ok {
			t.Fatal("a rule that fails lets a shop pass")
		}
	}
	if told := e.heard(); len(told) != 1 || !strings.Contains(told[0], "could not be worked out") || !strings.HasSuffix(told[0], "version=1") {
		t.Errorf("told %q", told)
	}
}
