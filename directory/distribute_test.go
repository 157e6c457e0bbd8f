package directory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/directory"
	"outcry/matching/selection"
	"outcry/policy"
	"outcry/store"
)

var (
	_ directory.Shelf    = (*store.Store)(nil)
	_ directory.Tellings = (*store.Store)(nil)
	_ directory.Listings = (*selection.Index)(nil)
)

// shelf is the books of a store in memory with two shops: "mine" of ada, active,
// and "other" of bea.
type shelf struct {
	*directory.Books
	store *store.Store
	scan  *selection.Index
	bell  *bookBell
}

func newShelf(t *testing.T, change ...func(*directory.BooksConfig)) *shelf {
	t.Helper()
	st, err := store.OpenMemory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	for shop, owner := range map[string]string{"mine": "ada", "other": "bea"} {
		if err := st.AddMember(t.Context(), outcry.Member{ID: owner, Email: owner}, ""); err != nil {
			t.Fatal(err)
		}
		s := outcry.Shop{ID: shop, Owner: owner, Name: shop, TimeZone: "UTC", State: outcry.ShopActive, Answers: outcry.ByPerson}
		if err := st.AddShop(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	s := &shelf{store: st, scan: selection.NewIndex(), bell: &bookBell{}}
	c := directory.BooksConfig{Shelf: st, Tellings: st, Codes: bookTree{}, Listings: s.scan, Bell: s.bell, Clock: time.Now}
	for _, do := range change {
		do(&c)
	}
	s.Books = directory.NewBooks(c)
	return s
}

// holds says whether the shop "mine" can be selected by a code.
func (s *shelf) holds(code outcry.Code) bool {
	rules := policy.Default()
	v, ok := s.scan.Why(&selection.Query{Codes: []outcry.Code{code}, Policy: &rules}, "mine")
	return ok && v.Rule != selection.RuleCode
}

// bookBell notes what it rang for.
type bookBell struct {
	mu    sync.Mutex
	rings []outcry.Event
}

func (b *bookBell) Ring(events []outcry.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rings = append(b.rings, events...)
}

// bookTree is a tree of codes that start with "x:", but for some that are retired.
type bookTree struct{}

func (bookTree) Get(code outcry.Code) (outcry.Signal, bool) {
	switch code {
	case "x:old":
		return outcry.Signal{Code: code, Retired: true, ReplacedBy: "x:new"}, true
	case "x:dead":
		return outcry.Signal{Code: code, Retired: true}, true
	}
	return outcry.Signal{Code: code}, code.Scheme() == "x"
}

func (bookTree) Suggest(code outcry.Code) []outcry.Code {
	if code.Scheme() != "y" {
		return nil
	}
	return slices.Repeat([]outcry.Code{"x" + code[1:]}, 9)
}

func (bookTree) Next(context.Context) (outcry.Distribution, bool, error) {
	return outcry.Distribution{}, false, nil
}

func (bookTree) Changes() <-chan struct{} { return nil }

func bookStaff(member, shop string, token outcry.Token) outcry.Actor {
	return outcry.NewActor(outcry.Member{ID: member}, token, []string{shop})
}

var (
	bookOwner    = bookStaff("ada", "mine", outcry.Token{})
	bookOperator = outcry.NewActor(outcry.Member{ID: "op", Operator: true}, outcry.Token{}, nil)
	bookServer   = bookStaff("ada", "mine", outcry.Token{Name: "till", Shop: "mine", Scopes: []outcry.Scope{outcry.ScopeShop}})
)

func TestPutBook_IsSelectedFromAndPushed(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	book, err := s.PutBook(t.Context(), bookOwner, "mine", []string{"x:b", "x:a", "x:b"})
	if err != nil {
		t.Fatal(err)
	}
	if book.Version != 1 || !slices.Equal(book.Codes, []outcry.Code{"x:a", "x:b"}) || book.Acknowledged != 0 {
		t.Errorf("the book is %+v", book)
	}
	if !s.holds("x:a") {
		t.Error("the shop is not selected by its code")
	}
	if len(s.bell.rings) != 1 || s.bell.rings[0].Kind != outcry.EventBook || s.bell.rings[0].Shop != "mine" || s.bell.rings[0].Book.Version != 1 {
		t.Errorf("rang for %+v", s.bell.rings)
	}
	if book, err = s.PutBook(t.Context(), bookServer, "mine", []string{"x:c"}); err != nil || book.Version != 2 || s.holds("x:a") || !s.holds("x:c") {
		t.Errorf("then the book is %+v, %v", book, err)
	}
}

func TestPutBook_TheSameCodesAreNoNewVersion(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for range 2 {
		book, err := s.PutBook(t.Context(), bookOwner, "mine", []string{"x:a"})
		if err != nil || book.Version != 1 {
			t.Errorf("the book is %+v, %v", book, err)
		}
	}
	if len(s.bell.rings) != 1 {
		t.Errorf("rang %d times", len(s.bell.rings))
	}
}

func TestPutBook_AnEmptyBookSellsNothing(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, codes := range [][]string{{"x:a"}, {}} {
		if _, err := s.PutBook(t.Context(), bookOwner, "mine", codes); err != nil {
			t.Fatal(err)
		}
	}
	if s.holds("x:a") {
		t.Error("what is no more in the book is still selected by")
	}
}

func TestPutBook_TellsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	_, err := s.PutBook(t.Context(), bookOwner, "mine", []string{"x:a", "bread", "y:b", "z:c", "x:old", "x:dead", "x:" + strings.Repeat("a", 101)})
	var e *outcry.Error
	if !errors.As(err, &e) || e.Kind != outcry.Invalid {
		t.Fatal(err)
	}
	for i, says := range []string{"scheme:id", "is it one of x:b, x:b, x:b, x:b, x:b?", "GET /v1/signals", "write x:new", "leave it out", "scheme:id"} {
		if len(e.Fields) != 6 || e.Fields[i].Location != fmt.Sprintf("body.codes[%d]", i+1) || !strings.Contains(e.Fields[i].Message, says) {
			t.Fatalf("complains %+v; want the %dth to say %q", e.Fields, i, says)
		}
	}
	if book, err := s.Book(t.Context(), bookOwner, "mine"); err != nil || book.Version != 0 {
		t.Errorf("the book became %+v, %v", book, err)
	}
}

func TestPutBook_Bounds(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var all []string
	for i := range outcry.MaxBook + 1 {
		all = append(all, fmt.Sprintf("x:%d", i))
	}
	_, err := s.PutBook(t.Context(), bookOwner, "mine", all)
	if outcry.KindOf(err) != outcry.Invalid {
		t.Errorf("%d codes: %v", len(all), err)
	}
	if book, err := s.PutBook(t.Context(), bookOwner, "mine", all[1:]); err != nil || len(book.Codes) != outcry.MaxBook {
		t.Errorf("%d codes: %v", outcry.MaxBook, err)
	}
	_, err = s.PutBook(t.Context(), bookOwner, "mine", slices.Repeat([]string{"?"}, 2000))
	var e *outcry.Error
	if !errors.As(err, &e) || len(e.Fields) != 50 {
		t.Errorf("2,000 faults: %v", err)
	}
}

func TestAcknowledge(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, code := range []string{"x:a", "x:b"} {
		if _, err := s.PutBook(t.Context(), bookOwner, "mine", []string{code}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct{ version, want int }{{0, 0}, {2, 2}, {1, 2}} {
		if book, err := s.Acknowledge(t.Context(), bookServer, "mine", step.version); err != nil || book.Acknowledged != step.want {
			t.Errorf("version %d: %+v, %v", step.version, book, err)
		}
	}
	for _, version := range []int{-1, 3} {
		if _, err := s.Acknowledge(t.Context(), bookServer, "mine", version); outcry.KindOf(err) != outcry.Invalid {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

func TestBooks_WhoMay(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	key := func(scope outcry.Scope) outcry.Actor {
		return bookStaff("ada", "mine", outcry.Token{Name: "k", Scopes: []outcry.Scope{scope}})
	}
	for name, c := range map[string]struct {
		actor     outcry.Actor
		see, keep string
	}{
		"its staff":       {bookOwner, "", ""},
		"its shop server": {bookServer, "", ""},
		"its staff's key": {key(outcry.ScopeShop), "", ""},
		"the operator":    {bookOperator, "", ""},
		"its reader":      {key(outcry.ScopeRead), "", "read_only"},
		"a buyer's key":   {key(outcry.ScopeBuy), "not_found", "not_found"},
		"another shop":    {bookStaff("bea", "other", outcry.Token{}), "not_found", "not_found"},
		"another buyer":   {outcry.NewActor(outcry.Member{ID: "eve"}, outcry.Token{}, nil), "not_found", "not_found"},
		"a stranger":      {outcry.Actor{}, "no_token", "no_token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, put := s.PutBook(t.Context(), c.actor, "mine", []string{"x:a"})
			_, acknowledge := s.Acknowledge(t.Context(), c.actor, "mine", 0)
			_, see := s.Book(t.Context(), c.actor, "mine")
			if outcry.CodeOf(put) != c.keep || outcry.CodeOf(acknowledge) != c.keep || outcry.CodeOf(see) != c.see {
				t.Errorf("to put: %v; to acknowledge: %v; to see: %v", put, acknowledge, see)
			}
		})
	}
	if _, err := s.PutBook(t.Context(), bookOperator, "none", nil); outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("the book of no shop: %v", err)
	}
}

func TestPutBook_ManyAtOnceEndWithWhatIsKept(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			if _, err := s.PutBook(context.Background(), bookOwner, "mine", []string{fmt.Sprintf("x:%d", i)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	book, err := s.Book(t.Context(), bookOwner, "mine")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		code := outcry.Code(fmt.Sprintf("x:%d", i))
		if s.holds(code) != (book.Codes[0] == code) {
			t.Errorf("selected by %s: %v; the book has %q", code, s.holds(code), book.Codes)
		}
	}
}

func TestPutBook_AnotherInBetweenIsListedToo(t *testing.T) {
	t.Parallel()
	in := &overtakenListings{}
	s := newShelf(t, func(c *directory.BooksConfig) { in.Listings = c.Listings; c.Listings = in })
	in.meanwhile = func() {
		if _, err := s.PutBook(t.Context(), bookOwner, "mine", []string{"x:late"}); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.PutBook(t.Context(), bookOwner, "mine", []string{"x:early"}); err != nil {
		t.Fatal(err)
	}
	if s.holds("x:early") || !s.holds("x:late") {
		t.Error("selected by the book that was overtaken")
	}
}

// overtakenListings lets something else happen once before it takes a listing.
type overtakenListings struct {
	directory.Listings
	meanwhile func()
}

func (o *overtakenListings) Put(l outcry.Listing) error {
	if do := o.meanwhile; do != nil {
		o.meanwhile = nil
		do()
	}
	return o.Listings.Put(l)
}

func TestPutBook_IsListedThoughTheCallerHangsUp(t *testing.T) {
	t.Parallel()
	ctx, hangUp := context.WithCancel(t.Context())
	s := newShelf(t, func(c *directory.BooksConfig) { c.Shelf = hangingUpShelf{c.Shelf, hangUp} })
	if _, err := s.PutBook(ctx, bookOwner, "mine", []string{"x:a"}); err != nil || !s.holds("x:a") || len(s.bell.rings) != 1 {
		t.Errorf("the book is kept but not selected from: %v", err)
	}
}

// hangingUpShelf ends the caller's context when a book has been kept.
type hangingUpShelf struct {
	directory.Shelf
	hangUp func()
}

func (h hangingUpShelf) PutBook(ctx context.Context, shop string, codes []outcry.Code, at time.Time) (outcry.Book, outcry.Event, error) {
	defer h.hangUp()
	return h.Shelf.PutBook(ctx, shop, codes, at)
}
