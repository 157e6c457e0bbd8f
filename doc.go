// Package outcry is the vocabulary of the market: the words that buyers, shops
// and operators use, one file a word, and nothing else. A buyer's Request for a
// Signal becomes Calls to selected Shops; their Offers stand on the buyer's
// Board; an accepted Offer becomes an Order. docs/cycle.md tells the nine steps;
// matching/operate.go is where steps 6 to 8 happen.
//
// The package imports the standard library only and does no input or output.
package outcry
