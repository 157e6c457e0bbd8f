package outcry

// Listing is a shop together with its book: what selecting needs to know.
type Listing struct {
	Shop
	Codes []Code
}

// Page asks for one page of a list: at most Limit items behind the cursor After
// ("" from the start).
type Page struct {
	After string
	Limit int
}

// The sizes of a page.
const (
	DefaultPage = 50
	MaxPage     = 200
)
