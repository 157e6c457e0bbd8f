package outcry

import "time"

// MaxBook is how many codes a book holds at most.
const MaxBook = 2000

// Book is the set of signal codes that a shop holds. A shop that holds a code
// serves everything below it.
type Book struct {
	Shop    string
	Version int // counts up with every change, from 1; 0 before the first
	Codes   []Code
	// Acknowledged is the version that the shop server has said it holds.
	Acknowledged int
	Updated      time.Time
}

// Distribution is a change of the tree of codes that the shops concerned are
// told: those whose books hold any of its codes. Each gets one new version of
// its book.
type Distribution struct {
	N     int64  // counts up with every change, from 1
	By    string // the id of the member who changed the tree
	Codes []Redefined
}

// Redefined is a code that means something else since a change of the tree: it
// has other names, another parent, other forms (its own, or those of a code
// above), or was retired or taken into use again.
type Redefined struct {
	Code Code
	// Cause is the code whose signal was changed: the code itself, or one above
	// whose forms hold for it.
	Cause Code
	// Becomes are the codes that take its place in books, the one that replaces
	// it first; none where it stays.
	Becomes []Code
}

// Distributed says how far the shops are told of the last change of a code.
type Distributed struct {
	Holding int   // shops whose books hold the code now
	N       int64 // of the change; 0 where none is kept
	By      string
	Told    int // shops that have a new version of their book by that change
	// Acknowledged of them is how many shop servers have said that they hold it.
	Acknowledged int
	Done         time.Time // when the last one was told; zero while some are left
}
