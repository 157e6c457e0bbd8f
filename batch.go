package outcry

// Batch is what is written together about one request, all or nothing.
type Batch struct {
	Request string
	// Base is the number of the last event of the request that the writer has
	// seen. A batch whose Base is behind the log is refused with the code
	// "stale", so that nobody decides on a state that is gone.
	Base int64
	// Events are appended in this order; the store numbers them.
	Events []Event
	// Placed are new orders: at most as many as the request accepts, one an
	// offer, whatever races.
	Placed []Order
	// Moved are orders with their new state.
	Moved []Order
	// Rated are ratings given with this batch.
	Rated []OrderRating
}

// OrderRating is one party's rating of an order, given once.
type OrderRating struct {
	Order string
	Shop  string
	By    Party
	Stars int // 1 to 5
	Text  string
}
