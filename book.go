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
