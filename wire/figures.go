package wire

// Figure is a number that was learned, and the same as a sentence.
type Figure struct {
	Value float64 `json:"value"`
	Words string  `json:"words"`
}

// BoundFigure is a number of calls and how many there may be.
type BoundFigure struct {
	Value float64 `json:"value"`
	Most  int     `json:"most" doc:"the limit, the lower one of the policy's and its own; 0: there is none"`
	Words string  `json:"words"`
}

// CodeFigure is what a shop asks for a code against the others.
type CodeFigure struct {
	Code  string  `json:"code"`
	Value float64 `json:"value" doc:"1 for the same, 0.9 a tenth less"`
	Words string  `json:"words"`
}

// ShopFigures are what was learned of a shop from its calls, offers and orders,
// by which it is selected.
type ShopFigures struct {
	ShopID      string       `json:"shop_id"`
	Calls       Figure       `json:"calls" doc:"how many calls the rest was learned from; older ones count less"`
	Offers      Figure       `json:"offers" doc:"how many of those it offered to"`
	Answered    Figure       `json:"answered" doc:"the share of calls that it is expected to offer to, 0 to 1"`
	Soon        Figure       `json:"soon" doc:"the same within 2 seconds"`
	MedianS     Figure       `json:"median_s" doc:"after how many seconds half of its offers have come; 0 where it has made none"`
	Price       Figure       `json:"price" doc:"what it asks against the others, 1 for the same"`
	Prices      []CodeFigure `json:"prices" doc:"the same for the codes that it was last asked for"`
	Kept        Figure       `json:"kept" doc:"orders that it fulfilled"`
	Broken      Figure       `json:"broken" doc:"orders that it refused or cancelled"`
	Stands      Figure       `json:"stands" doc:"the share of accepted offers that it is taken to stand by, 0 to 1"`
	OpenCalls   BoundFigure  `json:"open_calls" doc:"calls that wait for its answer now"`
	HourlyCalls BoundFigure  `json:"hourly_calls" doc:"calls of the last hour"`
}
