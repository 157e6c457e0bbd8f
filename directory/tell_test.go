package directory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"outcry"
	"outcry/directory"
	"outcry/matching/selection"
	"outcry/policy"
	"outcry/store"
	"outcry/store/storetest"
)

// town is the books of many shops in a store: every tenth holds t:boots,
// half of those t:hats too, and all others t:sandals or nothing.
type town struct {
	t        *testing.T
	address  string
	store    *store.Store
	scan     *selection.Index
	bell     *bookBell
	tree     *directory.Directory
	books    *directory.Books
	tellings *breaking

	all, hold []string // ids of all shops, and of those that hold t:boots
}

// How many shops a town has: as many as are promised, or a few pages of them.
const (
	largeTown = 10_000
	smallTown = 800
)

// newTown fills a store of a kind and opens it.
func newTown(t *testing.T, kind storetest.Kind, shops int) *town {
	t.Helper()
	w := &town{t: t, address: kind.New(t), scan: selection.NewIndex(), bell: &bookBell{}}
	w.store = storetest.Open(t, w.address)
	if err := w.store.AddMember(t.Context(), outcry.Member{ID: "ada", Email: "ada"}, ""); err != nil {
		t.Fatal(err)
	}
	if err := w.store.PutSignals(t.Context(), branches()); err != nil {
		t.Fatal(err)
	}
	var listings []outcry.Listing
	for i := range shops {
		l := outcry.Listing{Shop: outcry.Shop{ID: fmt.Sprintf("shop_%05d", i*7919%shops), TimeZone: "UTC", State: outcry.ShopActive}}
		switch {
		case i%20 == 0:
			l.Codes = []outcry.Code{"t:boots", "t:hats"}
		case i%10 == 0:
			l.Codes = []outcry.Code{"t:boots"}
		case i%3 == 0:
			l.Codes = []outcry.Code{"t:sandals"}
		case i%3 == 1: // a wider code says the same after a change below it
			l.Codes = []outcry.Code{"t:other", "t:wear"}
		}
		if i%10 == 0 {
			w.hold = append(w.hold, l.ID)
		}
		w.all = append(w.all, l.ID)
		listings = append(listings, l)
	}
	if _, err := w.store.ImportShops(t.Context(), "ada", listings); err != nil {
		t.Fatal(err)
	}
	slices.Sort(w.hold)
	w.open()
	return w
}

// open makes the units anew on the store, as a start does.
func (w *town) open() {
	w.t.Helper()
	tree, err := directory.Open(w.t.Context(), w.store)
	if err != nil {
		w.t.Fatal(err)
	}
	w.tree, w.scan, w.tellings = tree, selection.NewIndex(), &breaking{Tellings: w.store, after: -1}
	if err := w.store.EachListing(w.t.Context(), w.scan.Put); err != nil {
		w.t.Fatal(err)
	}
	w.books = directory.NewBooks(directory.BooksConfig{Shelf: w.store, Tellings: w.tellings, Codes: tree, Listings: w.scan, Bell: w.bell, Clock: time.Now})
}

// tell tells of all changes that are left.
func (w *town) tell() {
	w.t.Helper()
	for {
		found, err := w.books.TellNext(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if !found {
			return
		}
	}
}

// logged gives how often each shop has an event in the log, and checks that all
// are of a kind: the second version of a book, by a change of these codes.
func (w *town) logged(changed ...outcry.Code) map[string]int {
	w.t.Helper()
	heard := map[string]int{}
	for after := int64(0); ; {
		events, err := w.store.Tail(w.t.Context(), after, 1000)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(events) == 0 {
			return heard
		}
		for _, e := range events {
			heard[e.Shop]++
			if e.Kind != outcry.EventBook || e.Book.Version != 2 || !slices.Equal(e.Book.Changed, changed) {
				w.t.Fatalf("the log has %+v with %+v", e, e.Book)
			}
			after = e.Seq
		}
	}
}

// onlyThese checks that each of shops heard once, and nobody else anything.
func (w *town) onlyThese(heard map[string]int, shops []string) {
	w.t.Helper()
	for _, id := range shops {
		if heard[id] != 1 {
			w.t.Fatalf("%s heard %d times", id, heard[id])
		}
	}
	if len(heard) != len(shops) {
		w.t.Fatalf("%d shops heard, %d are concerned", len(heard), len(shops))
	}
}

// state reads how far a change is told.
func (w *town) state(code outcry.Code) outcry.Distributed {
	w.t.Helper()
	d, err := w.books.Distributed(w.t.Context(), bookOperator, code)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// selects says whether a shop can be selected by a code.
func (w *town) selects(shop string, code outcry.Code) bool {
	rules := policy.Default()
	v, ok := w.scan.Why(&selection.Query{Codes: []outcry.Code{code}, Policy: &rules}, shop)
	return ok && v.Rule != selection.RuleCode
}

// breaking fails for good once some pages of shops were told; -1: never.
type breaking struct {
	directory.Tellings
	after int
}

var errPower = errors.New("the power is gone")

func (b *breaking) TellBooks(ctx context.Context, d outcry.Distribution, shops []string, at time.Time) ([]outcry.Event, []string, error) {
	if b.after == 0 {
		return nil, shops, errPower
	}
	b.after--
	return b.Tellings.TellBooks(ctx, d, shops, at)
}

// onKeptAndUnkept runs a test on a store in memory and on a file.
func onKeptAndUnkept(t *testing.T, test func(*testing.T, storetest.Kind)) {
	t.Helper()
	for _, kind := range storetest.Kinds[:2] {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			test(t, kind)
		})
	}
}

func TestChange_ReachesAThousandShopsOfTenThousandAndNoOthers(t *testing.T) {
	t.Parallel()
	onKeptAndUnkept(t, func(t *testing.T, kind storetest.Kind) {
		w := newTown(t, kind, largeTown)
		if _, err := w.tree.PutSignal(t.Context(), operates(), signal("t:boots", "t:shoes", "Boots and wellingtons")); err != nil {
			t.Fatal(err)
		}
		if d := w.state("t:boots"); d.Holding != 1000 || d.Told != 0 || !d.Done.IsZero() || d.By != operates().Member {
			t.Errorf("before anybody is told: %+v", d)
		}
		w.tellings.after = 2
		if _, err := w.books.TellNext(t.Context()); !errors.Is(err, errPower) {
			t.Fatalf("told though it broke: %v", err)
		}
		if n := len(w.logged("t:boots")); n == 0 || n == 1000 || w.state("t:boots").Told != n {
			t.Fatalf("in the middle %d are told, %+v", n, w.state("t:boots"))
		}
		w.open()
		w.tell()
		w.onlyThese(w.logged("t:boots"), w.hold)
		rang := map[string]int{}
		for _, e := range w.bell.rings {
			rang[e.Shop]++
		}
		w.onlyThese(rang, w.hold)
		for i, id := range w.hold[:300] {
			if _, err := w.books.Acknowledge(t.Context(), bookOperator, id, 2-i%2); err != nil {
				t.Fatal(err)
			}
		}
		if d := w.state("t:boots"); d.Holding != 1000 || d.Told != 1000 || d.Acknowledged != 150 || d.Done.IsZero() {
			t.Errorf("after half of 300 have the version: %+v", d)
		}
		if d := w.state("t:sandals"); d.N != 0 || d.Told != 0 || d.Holding == 0 {
			t.Errorf("of a code that did not change: %+v", d)
		}
		w.tell()
		w.onlyThese(w.logged("t:boots"), w.hold) // and none once more
	})
}

func TestRetire_ReplacesTheCodeInThousandBooksThoughTheServerDiesInTheMiddle(t *testing.T) {
	t.Parallel()
	onKeptAndUnkept(t, func(t *testing.T, kind storetest.Kind) {
		w := newTown(t, kind, largeTown)
		if _, err := w.tree.Retire(t.Context(), operates(), "t:boots", "t:other"); err != nil {
			t.Fatal(err)
		}
		w.tellings.after = 2
		if _, err := w.books.TellNext(t.Context()); !errors.Is(err, errPower) {
			t.Fatalf("told though it broke: %v", err)
		}
		if d := w.state("t:boots"); d.Told == 0 || d.Holding == 0 || d.Told+d.Holding != 1000 || !d.Done.IsZero() {
			t.Fatalf("in the middle: %+v", d)
		}
		if w.address != "" {
			if err := w.store.Close(); err != nil {
				t.Fatal(err)
			}
			w.store = storetest.Open(t, w.address)
		}
		w.open()
		w.tell()
		w.onlyThese(w.logged("t:boots"), w.hold)
		if d := w.state("t:boots"); d.Told != 1000 || d.Holding != 0 || d.Done.IsZero() {
			t.Errorf("in the end: %+v", d)
		}
		for _, id := range w.hold {
			book, err := w.books.Book(t.Context(), bookOperator, id)
			if err != nil || book.Version != 2 || slices.Contains(book.Codes, "t:boots") || !slices.Contains(book.Codes, "t:other") {
				t.Fatalf("the book is %+v: %v", book, err)
			}
			if w.selects(id, "t:boots") || !w.selects(id, "t:other") {
				t.Fatalf("%s is selected by what its book held before", id)
			}
		}
	})
}

func TestRun_TellsWhatWasLeftAndWhatComes(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.Kinds[0], smallTown)
	put := func(name string) {
		t.Helper()
		if _, err := w.tree.PutSignal(t.Context(), operates(), signal("t:hats", "t:wear", name)); err != nil {
			t.Fatal(err)
		}
	}
	rang := make(chan int, 1000)
	w.books.Bell = countingBell(func(n int) { rang <- n })
	put("Hats, before the start")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.books.Run(ctx) }()
	hear := func() {
		t.Helper()
		for left := smallTown / 20; left > 0; {
			select {
			case n := <-rang:
				left -= n
			case <-time.After(30 * time.Second):
				t.Fatalf("%d shops did not hear", left)
			}
		}
	}
	hear()
	put("Hats, while it runs")
	hear()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// countingBell is told of how many events it rang for.
type countingBell func(n int)

func (c countingBell) Ring(events []outcry.Event) { c(len(events)) }

func TestChange_ABookThatWasCheckedBeforeIsReplacedToo(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.Kinds[0], smallTown)
	held, may := make(chan struct{}), make(chan struct{})
	w.books.Shelf = slowShelf{w.store, held, may}
	put := make(chan error, 1)
	go func() {
		_, err := w.books.PutBook(context.Background(), bookOperator, w.all[1], []string{"t:boots"})
		put <- err
	}()
	<-held // checked against the tree, and not written yet
	if _, err := w.tree.Retire(t.Context(), operates(), "t:boots", "t:other"); err != nil {
		t.Fatal(err)
	}
	told := make(chan error, 1)
	go func() {
		_, err := w.books.TellNext(context.Background())
		told <- err
	}()
	select {
	case err := <-told:
		t.Errorf("told before the book was written: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(may)
	if err := errors.Join(<-put, <-told); err != nil {
		t.Fatal(err)
	}
	book, err := w.books.Book(t.Context(), bookOperator, w.all[1])
	if err != nil || !slices.Equal(book.Codes, []outcry.Code{"t:other"}) || !w.selects(w.all[1], "t:other") {
		t.Errorf("the book is %+v: %v", book, err)
	}
	if _, err := w.books.PutBook(t.Context(), bookOperator, w.all[1], []string{"t:boots"}); outcry.KindOf(err) != outcry.Invalid {
		t.Errorf("a retired code is taken: %v", err)
	}
}

// slowShelf says when a book has come to it, and waits.
type slowShelf struct {
	directory.Shelf
	held chan<- struct{}
	may  <-chan struct{}
}

func (s slowShelf) PutBook(ctx context.Context, shop string, codes []outcry.Code, at time.Time) (outcry.Book, outcry.Event, error) {
	s.held <- struct{}{}
	<-s.may
	return s.Shelf.PutBook(ctx, shop, codes, at)
}

func TestChange_IsListedThoughNobodyKnowsWhetherItWasWritten(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.Kinds[0], smallTown)
	if _, err := w.tree.Retire(t.Context(), operates(), "t:boots", "t:other"); err != nil {
		t.Fatal(err)
	}
	w.books.Tellings = unsure{w.tellings}
	if _, err := w.books.TellNext(t.Context()); outcry.CodeOf(err) != "maybe" {
		t.Fatal(err)
	}
	w.books.Tellings = w.tellings
	w.tell()
	w.onlyThese(w.logged("t:boots"), w.hold)
	for _, id := range w.hold {
		if w.selects(id, "t:boots") {
			t.Fatalf("%s is selected by what its book held before", id)
		}
	}
}

// unsure writes, and says that nobody knows whether it did.
type unsure struct{ directory.Tellings }

func (u unsure) TellBooks(ctx context.Context, d outcry.Distribution, shops []string, at time.Time) ([]outcry.Event, []string, error) {
	_, rest, err := u.Tellings.TellBooks(ctx, d, shops, at)
	if err == nil {
		err = &outcry.Error{Op: "commit", Kind: outcry.Unavailable, Code: "maybe", Msg: "the disk did not answer"}
	}
	return nil, rest, err
}

func TestDistributed_IsTheOperatorsAlone(t *testing.T) {
	t.Parallel()
	w := newShelf(t)
	for want, actor := range map[outcry.Kind]outcry.Actor{outcry.Unauthorized: {}, outcry.Forbidden: bookOwner} {
		if _, err := w.Distributed(t.Context(), actor, "x:a"); outcry.KindOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := w.Distributed(t.Context(), bookOperator, "none:a"); outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("of no code: %v", err)
	}
}
