package directory

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"time"

	"outcry"
)

// Shelf keeps books and the shops that they belong to.
type Shelf interface {
	// PutBook makes codes the shop's book; the event is zero where it held
	// them already.
	PutBook(ctx context.Context, shop string, codes []outcry.Code, at time.Time) (outcry.Book, outcry.Event, error)
	Book(ctx context.Context, shop string) (outcry.Book, error)
	// AcknowledgeBook notes the version that the shop server holds.
	AcknowledgeBook(ctx context.Context, shop string, version int) (outcry.Book, error)
	Shop(ctx context.Context, id string) (outcry.Shop, error)
}

// CodeTable knows which codes there are.
type CodeTable interface {
	Get(code outcry.Code) (outcry.Signal, bool)
	// Suggest gives codes that are written much like one that is not there.
	Suggest(code outcry.Code) []outcry.Code
	// Next is the first change of the tree that is to be told, and Changes is
	// sent to when there may be one.
	Next(ctx context.Context) (outcry.Distribution, bool, error)
	Changes() <-chan struct{}
}

var _ CodeTable = (*Directory)(nil)

// Listings are the shops that step 6 selects from.
type Listings interface {
	Put(l outcry.Listing) error
}

// Bell tells shop servers that their books have changed.
type Bell interface {
	Ring(events []outcry.Event)
}

// BooksConfig is what Books work with. All fields but Log are needed.
type BooksConfig struct {
	Shelf    Shelf
	Tellings Tellings
	Codes    CodeTable
	Listings Listings
	Bell     Bell
	Clock    func() time.Time
	Log      *slog.Logger // nil is silence
}

// Books distributes signal codes: what a shop sells becomes its book, is
// selected from and pushed to its shop server, which acknowledges it. A change
// of the tree reaches the shops that it concerns by Run.
type Books struct {
	BooksConfig
	// putting is held while a book that was checked against the tree is written:
	// whoever tells of a change waits for those checked before it.
	putting sync.RWMutex
}

// NewBooks makes Books.
func NewBooks(c BooksConfig) *Books {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Books{BooksConfig: c}
}

// maxComplaints bounds how many codes of one book are told to be wrong at once.
const maxComplaints = 50

// PutBook makes codes the book of a shop, for its staff, its shop server or the
// operator: a new version where they differ. No codes at all are an empty book,
// with which the shop is not called.
func (b *Books) PutBook(ctx context.Context, actor outcry.Actor, shop string, codes []string) (outcry.Book, error) {
	if err := mayKeepBook(actor, shop); err != nil {
		return outcry.Book{}, err
	}
	book, event, err := b.put(ctx, shop, codes)
	if err != nil {
		return outcry.Book{}, err
	}
	if err := b.list(ctx, shop); err != nil {
		return outcry.Book{}, err
	}
	if event.Seq != 0 {
		b.Bell.Ring([]outcry.Event{event})
	}
	return book, nil
}

// put checks codes and keeps them as the book.
func (b *Books) put(ctx context.Context, shop string, codes []string) (book outcry.Book, event outcry.Event, err error) {
	b.putting.RLock()
	defer b.putting.RUnlock()
	held, err := b.check(codes)
	if err != nil {
		return book, event, err
	}
	if book, event, err = b.Shelf.PutBook(ctx, shop, held, b.now()); err != nil {
		return book, event, fmt.Errorf("put book: %w", err)
	}
	return book, event, nil
}

func (b *Books) now() time.Time { return b.Clock().UTC().Truncate(time.Millisecond) }

// check reads the codes of a book; all that are wrong are told at once.
func (b *Books) check(codes []string) ([]outcry.Code, error) {
	if len(codes) > outcry.MaxBook {
		return nil, outcry.BadField("body.codes", "write at most %d codes; a code serves everything below it", outcry.MaxBook)
	}
	var bad outcry.Complaints
	held := make([]outcry.Code, 0, len(codes))
	for i, text := range codes {
		if len(bad) == maxComplaints {
			break
		}
		code, wrong := b.read(text)
		if wrong != "" {
			bad.Add(fmt.Sprintf("body.codes[%d]", i), "%s", wrong)
		}
		held = append(held, code)
	}
	return held, bad.Err()
}

// read gives a code of the tree, or what is wrong with it.
func (b *Books) read(text string) (code outcry.Code, wrong string) {
	code, err := outcry.ParseCode(text)
	if bad, ok := errors.AsType[*outcry.Error](err); ok {
		return "", bad.Fields[0].Message
	}
	signal, ok := b.Codes.Get(code)
	switch {
	case ok && !signal.Retired:
		return code, ""
	case ok && signal.ReplacedBy != "":
		return "", fmt.Sprintf("the signal %s is retired; write %s", code, signal.ReplacedBy)
	case ok:
		return "", fmt.Sprintf("the signal %s is retired; leave it out", code)
	}
	near := b.Codes.Suggest(code)
	if len(near) == 0 {
		return "", fmt.Sprintf("there is no signal %s; GET /v1/signals?q=WORDS finds codes", code)
	}
	var names []string
	for _, n := range near[:min(5, len(near))] {
		names = append(names, string(n))
	}
	return "", fmt.Sprintf("there is no signal %s; is it one of %s?", code, strings.Join(names, ", "))
}

// Book gives a shop's book to those who keep it.
func (b *Books) Book(ctx context.Context, actor outcry.Actor, shop string) (outcry.Book, error) {
	if err := maySeeBook(actor, shop); err != nil {
		return outcry.Book{}, err
	}
	book, err := b.Shelf.Book(ctx, shop)
	if err != nil {
		return outcry.Book{}, fmt.Errorf("read book: %w", err)
	}
	return book, nil
}

// Acknowledge notes that the shop server holds a version of the book. An earlier
// one than it has acknowledged changes nothing; one that there is not yet is
// Invalid.
func (b *Books) Acknowledge(ctx context.Context, actor outcry.Actor, shop string, version int) (outcry.Book, error) {
	if err := mayKeepBook(actor, shop); err != nil {
		return outcry.Book{}, err
	}
	if version < 0 {
		return outcry.Book{}, outcry.BadField("body.version", "write the version of the book that is held, from 0")
	}
	book, err := b.Shelf.AcknowledgeBook(ctx, shop, version)
	if err != nil {
		return outcry.Book{}, fmt.Errorf("acknowledge book: %w", err)
	}
	return book, nil
}

// list hands a shop and its book as they are in the store to those who select,
// also when the caller has hung up. What was handed over is compared with the
// store again, since somebody may have changed either and handed it over in
// between.
func (b *Books) list(ctx context.Context, id string) error {
	ctx = context.WithoutCancel(ctx)
	var put outcry.Listing
	for {
		shop, err := b.Shelf.Shop(ctx, id)
		if err != nil {
			return fmt.Errorf("list shop: %w", err)
		}
		book, err := b.Shelf.Book(ctx, id)
		if err != nil {
			return fmt.Errorf("list shop: %w", err)
		}
		l := outcry.Listing{Shop: shop, Codes: book.Codes}
		if reflect.DeepEqual(l, put) {
			return nil
		}
		if err := b.Listings.Put(l); err != nil {
			return fmt.Errorf("list shop: %w", err)
		}
		put = l
	}
}

// maySeeBook says why an actor may not see a shop's book.
func maySeeBook(actor outcry.Actor, shop string) error {
	if err := actor.MayRead(); err != nil {
		return err
	}
	if !actor.Serves(shop) && !actor.Operates() {
		return outcry.Missing("shop")
	}
	return nil
}

// mayKeepBook says why an actor may not change a shop's book.
func mayKeepBook(actor outcry.Actor, shop string) error {
	if err := maySeeBook(actor, shop); err != nil {
		return err
	}
	return actor.MayWrite()
}
