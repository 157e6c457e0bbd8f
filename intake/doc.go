// Package intake is the request application unit, steps 1 and 5 of 9: members
// join and show who they are (join.go), and buyers ask (request.go).
//
// Any goroutine may call it. Whoever asks is an outcry.Actor, made by Who from
// the secret of a session or a key; each method checks by itself what that
// actor may do. Passwords and secrets are kept as hashes only. Hashing a
// password is slow on purpose (some hundredths of a second, two at once), so
// that joining and signing in wait for each other; nothing else waits for them.
package intake
