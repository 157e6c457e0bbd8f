// Package onboarding is the shop registration unit, steps 2 and 3 of 9: shops
// join by themselves (register.go) or by the operator's import of a file
// (import.go), and pair their shop servers (install.go).
//
// Any goroutine may call it. Each method checks by itself what the actor may
// do: staff act for their own shops, the operator for all. Whatever changes a
// shop is in the store first and then with Listings, from which step 6 selects.
// An import runs for seconds; one runs at a time, and nothing waits for it.
package onboarding
