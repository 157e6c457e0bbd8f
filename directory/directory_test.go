package directory_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"outcry"
	"outcry/directory"
)

// keeper keeps signals and picks in memory.
type keeper struct {
	mu      sync.Mutex
	signals []outcry.Signal
	picks   map[string]map[outcry.Code]int
	fail    error // what every call answers, if set
	puts    int
	told    []outcry.Distribution // what shops were to be told
}

var _ directory.Keeper = (*keeper)(nil)

func (k *keeper) Signals(context.Context) ([]outcry.Signal, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.signals), k.fail
}

func (k *keeper) PutSignals(_ context.Context, signals []outcry.Signal) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return k.fail
	}
	k.puts++
	for _, s := range signals {
		k.signals = append(slices.DeleteFunc(k.signals, func(o outcry.Signal) bool { return o.Code == s.Code }), s)
	}
	return nil
}

func (k *keeper) ChangeSignals(ctx context.Context, signals []outcry.Signal, d outcry.Distribution) error {
	err := k.PutSignals(ctx, signals)
	if err == nil && len(d.Codes) > 0 {
		k.told = append(k.told, d)
	}
	return err
}

func (k *keeper) NextDistribution(context.Context) (outcry.Distribution, bool, error) {
	if len(k.told) == 0 {
		return outcry.Distribution{}, false, k.fail
	}
	return k.told[0], true, k.fail
}

func (k *keeper) Picks(context.Context) (map[string]map[outcry.Code]int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.picks), k.fail
}

func (k *keeper) AddPick(_ context.Context, words string, code outcry.Code) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return k.fail
	}
	if k.picks == nil {
		k.picks = map[string]map[outcry.Code]int{}
	}
	if k.picks[words] == nil {
		k.picks[words] = map[outcry.Code]int{}
	}
	k.picks[words][code]++
	return nil
}

func (k *keeper) ErasePicks(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.picks = nil
	return k.fail
}

func open(t testing.TB, k *keeper) *directory.Directory {
	t.Helper()
	d, err := directory.Open(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOpen_PutsTheDefaultTableInOnce(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	d := open(t, k)
	if n := d.Tree().Len(); n < 500 || k.puts != 1 || len(k.signals) != n {
		t.Errorf("%d codes, %d kept in %d goes", n, len(k.signals), k.puts)
	}
	open(t, k)
	if k.puts != 1 {
		t.Errorf("put in %d times", k.puts)
	}
	mine := open(t, &keeper{signals: shoes()})
	if n := mine.Tree().Len(); n != len(shoes()) {
		t.Errorf("%d codes, want only those that were there", n)
	}
}

func TestOpen_TellsWhatTheKeeperSays(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk gone")
	if _, err := directory.Open(t.Context(), &keeper{fail: broken}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := directory.Open(t.Context(), &keeper{signals: []outcry.Signal{signal("t:a", "t:b", "A")}}); outcry.KindOf(err) != outcry.Invalid {
		t.Errorf("a broken tree is taken: %v", err)
	}
}

func TestDirectory_OnlyTheOperatorChangesTheTree(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{signals: shoes()})
	buyer := outcry.NewActor(outcry.Member{ID: "mem_2"}, outcry.Token{Member: "mem_2"}, nil)
	for kind, actor := range map[outcry.Kind]outcry.Actor{outcry.Unauthorized: {}, outcry.Forbidden: buyer} {
		_, put := d.PutSignal(t.Context(), actor, signal("t:new", "", "New"))
		_, imported := d.Import(t.Context(), actor, shoes())
		_, retired := d.Retire(t.Context(), actor, "t:boots", "")
		for what, err := range map[string]error{"put": put, "import": imported, "retire": retired, "erase": d.ErasePicks(t.Context(), actor)} {
			if outcry.KindOf(err) != kind {
				t.Errorf("%s: got %v, want %s", what, err, kind)
			}
		}
	}
	if d.Tree().Len() != len(shoes()) {
		t.Error("the tree has changed")
	}
}

func TestPutSignal_ChangesTheTreeAndWhatWordsFind(t *testing.T) {
	t.Parallel()
	k := &keeper{signals: shoes()}
	d := open(t, k)
	before := d.Tree()
	clogs := signal("t:clogs", "t:shoes", "Clogs")
	clogs.Synonyms = map[string][]string{"en": {"wooden shoes"}}
	changed, err := d.PutSignal(t.Context(), operates(), clogs)
	if err != nil || !slices.Equal(changed, []outcry.Code{"t:clogs"}) {
		t.Fatalf("changed %v: %v", changed, err)
	}
	if code, _ := d.Best("wooden shoe", "en"); code != "t:clogs" {
		t.Errorf("found %q", code)
	}
	if _, ok := before.Get("t:clogs"); ok {
		t.Error("a tree that was taken before has changed")
	}
	if again := open(t, k); !again.Tree().Covers("t:shoes", "t:clogs") {
		t.Error("the signal was not kept")
	}
	if changed, err := d.PutSignal(t.Context(), operates(), clogs); err != nil || len(changed) != 0 || k.puts != 1 {
		t.Errorf("the same again changed %v with %d puts: %v", changed, k.puts, err)
	}
}

func TestPutSignal_RefusesWhatBreaksTheTree(t *testing.T) {
	t.Parallel()
	k := &keeper{signals: shoes()}
	d := open(t, k)
	form := signal("t:hats", "t:wear", "Hats")
	form.Forms.Request = []byte(`{"type":"object","properties":{"a":{"$ref":"https://example.org/x"}}}`)
	for what, s := range map[string]outcry.Signal{
		"a missing parent": signal("t:x", "t:none", "X"),
		"a circle":         signal("t:wear", "t:boots", "Things"),
		"a broken code":    signal("nocolon", "", "X"),
		"a remote form":    form,
	} {
		if _, err := d.PutSignal(t.Context(), operates(), s); outcry.KindOf(err) != outcry.Invalid {
			t.Errorf("%s: got %v", what, err)
		}
	}
	if d.Tree().Len() != len(shoes()) || k.puts != 0 {
		t.Error("something was kept")
	}
}

func TestImport_IsAllOrNothing(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{signals: shoes()})
	good, bad := signal("t:gloves", "t:wear", "Gloves"), signal("t:bad", "t:none", "Bad")
	if _, err := d.Import(t.Context(), operates(), []outcry.Signal{good, bad}); outcry.KindOf(err) != outcry.Invalid {
		t.Fatalf("got %v", err)
	}
	if _, err := d.Import(t.Context(), operates(), []outcry.Signal{good, good}); outcry.KindOf(err) != outcry.Invalid {
		t.Fatalf("a code twice: got %v", err)
	}
	if _, ok := d.Get("t:gloves"); ok {
		t.Error("half of an import was taken")
	}
	renamed := signal("t:hats", "t:wear", "Hats and caps")
	changed, err := d.Import(t.Context(), operates(), append(shoes()[:4], good, renamed))
	if want := []outcry.Code{"t:gloves", "t:hats"}; err != nil || !slices.Equal(changed, want) {
		t.Errorf("changed %v, want %v: %v", changed, want, err)
	}
}

func TestImport_KeepsFormsThatItDoesNotBring(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	if _, err := d.Import(t.Context(), operates(), []outcry.Signal{signal("osm:tourism=hotel", "osm:tourism", "Grand hotel")}); err != nil {
		t.Fatal(err)
	}
	if s, _ := d.Get("osm:tourism=hotel"); s.Names["en"] != "Grand hotel" || len(s.Forms.Request) == 0 {
		t.Errorf("the hotel is %q with a form of %d bytes", s.Names["en"], len(s.Forms.Request))
	}
}

func TestImport_ThatCannotBeKeptChangesNothing(t *testing.T) {
	t.Parallel()
	k := &keeper{signals: shoes()}
	d := open(t, k)
	k.fail = errors.New("disk full")
	if _, err := d.PutSignal(t.Context(), operates(), signal("t:new", "", "New")); !errors.Is(err, k.fail) {
		t.Errorf("got %v", err)
	}
	if _, ok := d.Get("t:new"); ok {
		t.Error("what was not kept is there")
	}
}

func TestRetire_NamesWhatTakesItsPlace(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{signals: shoes()})
	for what, by := range map[string]outcry.Code{"a missing code": "t:none", "itself": "t:boots"} {
		if _, err := d.Retire(t.Context(), operates(), "t:boots", by); outcry.KindOf(err) != outcry.Invalid {
			t.Errorf("%s: got %v", what, err)
		}
	}
	if _, err := d.Retire(t.Context(), operates(), "t:none", ""); outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("got %v", err)
	}
	for code, by := range map[outcry.Code]outcry.Code{"t:boots": "t:sandals", "t:hats": ""} {
		if changed, err := d.Retire(t.Context(), operates(), code, by); err != nil || !slices.Equal(changed, []outcry.Code{code}) {
			t.Errorf("changed %v: %v", changed, err)
		}
	}
	if _, err := d.Retire(t.Context(), operates(), "t:sandals", "t:boots"); outcry.KindOf(err) != outcry.Invalid {
		t.Errorf("replaced by a retired code: %v", err)
	}
	if s, _ := d.Get("t:boots"); !s.Retired || s.ReplacedBy != "t:sandals" {
		t.Errorf("the boots are %+v", s)
	}
}

func TestReload_SeesWhatOthersChanged(t *testing.T) {
	t.Parallel()
	k := &keeper{signals: shoes()}
	d, other := open(t, k), open(t, k)
	if _, err := other.PutSignal(t.Context(), operates(), signal("t:gloves", "t:wear", "Gloves")); err != nil {
		t.Fatal(err)
	}
	if err := d.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Get("t:gloves"); !ok {
		t.Error("the change was not seen")
	}
}

func TestDirectory_IsReadWhileItChanges(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{signals: shoes()})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 200 {
				if _, ok := d.Best("boots", "en"); !ok {
					t.Error("boots are gone")
				}
				_ = d.Picked(t.Context(), "warm boots", "t:boots")
			}
		})
	}
	for i := range 20 {
		s := signal("t:gloves", "t:wear", "Gloves")
		s.Synonyms = map[string][]string{"en": {string(rune('a' + i))}}
		if _, err := d.PutSignal(t.Context(), operates(), s); err != nil {
			t.Error(err)
		}
	}
	readers.Wait()
}

func TestSuggest_AlsoReadsTheCodeAsWords(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	for asked, want := range map[outcry.Code]outcry.Code{
		"osm:shop=fresh_bread": "osm:shop=bakery",
		"osm:shop=bakerry":     "osm:shop=bakery",
	} {
		if got := d.Suggest(asked); len(got) == 0 || got[0] != want {
			t.Errorf("%s: suggested %v, want %s first", asked, got, want)
		}
	}
	if got := d.Suggest("osm:shop=xqzvw"); len(got) != 0 {
		t.Errorf("suggested %v for nonsense", got)
	}
}
