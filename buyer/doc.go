// Package buyer is the kit of which user servers are made: whatever asks for a
// buyer, such as an app's back end, an assistant or a command line. A Client
// joins, asks, watches the board, talks to shops, accepts an offer and follows
// the order.
//
// What the server refuses is an *outcry.Error: compare its Kind and Code, show
// its Msg and Fields. Calls repeat themselves where that is safe; Watch goes on by
// itself where the line breaks.
package buyer
