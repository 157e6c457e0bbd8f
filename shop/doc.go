// Package shop is the kit of which shop servers are made: the programs at shops
// that answer calls. Pair makes a Client out of a join code; the Client hears
// calls as they come, offers, revises, withdraws, declines, and follows the orders
// that its offers become.
//
// What the server refuses is an *outcry.Error: compare its Kind and Code, show
// its Msg and Fields. Calls repeat themselves where that is safe; Watch goes on by
// itself where the line breaks.
package shop
