// Package shop is the kit of which shop servers are made: the programs at shops
// that answer calls. Pair makes a Client out of a join code; its Line brings calls
// as they come and takes offers, revisions, refusals and messages; the Client
// follows the orders that offers become, and does over HTTP what the line does
// too.
//
// What the server refuses is an *outcry.Error: compare its Kind and Code, show
// its Msg and Fields. Calls repeat themselves where that is safe; a Line comes
// back by itself where it breaks, misses nothing and says nothing twice.
package shop
