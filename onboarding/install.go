package onboarding

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
	"sync"
	"time"

	"outcry"
)

const (
	// pairingLife is how long a pairing code is good.
	pairingLife = 10 * time.Minute
	// pairingLetters has no two letters that look alike, and no vowels, so
	// that no code is a word.
	pairingLetters = "BCDFGHJKMNPQRSTVWXYZ"
	pairingLength  = 8
)

// NewPairing gives a code, such as "BCDF-GHJK", by which a shop server can be
// paired with the shop once within ten minutes. Staff and the operator may ask
// for it; a shop server may not.
func (o *Onboarding) NewPairing(ctx context.Context, actor outcry.Actor, shop string) (code string, expires time.Time, err error) {
	if err := mayActFor(actor, shop); err != nil {
		return "", time.Time{}, err
	}
	if actor.Token().Shop != "" {
		return "", time.Time{}, &outcry.Error{Op: "pair", Kind: outcry.Forbidden, Code: "scope",
			Msg: "a shop server cannot pair another; sign in as the shop's staff"}
	}
	if _, err := o.Config.Shops.Shop(ctx, shop); err != nil {
		return "", time.Time{}, wrapped("make pairing code", err)
	}
	letters, expires := pairingCode(o.Random), o.now().Add(pairingLife)
	if err := o.Pairings.AddPairing(ctx, hashOf(letters), shop, expires); err != nil {
		return "", time.Time{}, wrapped("make pairing code", err)
	}
	return letters[:pairingLength/2] + "-" + letters[pairingLength/2:], expires, nil
}

// pairingCode draws letters, each as likely as any other.
func pairingCode(random io.Reader) string {
	const fair = 256 - 256%len(pairingLetters)
	var code []byte
	for len(code) < pairingLength {
		var chance [pairingLength]byte
		if _, err := io.ReadFull(random, chance[:]); err != nil {
			panic("onboarding: no randomness: " + err.Error())
		}
		for _, b := range chance {
			if int(b) < fair && len(code) < pairingLength {
				code = append(code, pairingLetters[int(b)%len(pairingLetters)])
			}
		}
	}
	return string(code)
}

// readPairing gives the letters of a code as people type it: in any case, with
// or without the dash.
func readPairing(code string) (string, bool) {
	letters := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	wrong := func(r rune) bool { return !strings.ContainsRune(pairingLetters, r) }
	return letters, len(letters) == pairingLength && !strings.ContainsFunc(letters, wrong)
}

// serverName is the name of a shop server's key where it gives none.
const serverName = "Shop server"

// Pair uses up a pairing code and gives the shop server its shop and its key,
// which is shown this once. A code that was used, has expired or never was is
// NotFound with the code "pairing_gone"; after 20 of those in a minute, whoever
// tried, the answer is Limited.
func (o *Onboarding) Pair(ctx context.Context, code, name string) (shop, secret string, err error) {
	var bad outcry.Complaints
	if strings.TrimSpace(name) == "" {
		name = serverName
	}
	name = checkName(&bad, name)
	letters, ok := readPairing(code)
	if !ok {
		bad.Add("path.code", "write the code as it was given: %d letters such as BCDF-GHJK", pairingLength)
	}
	if err := bad.Err(); err != nil {
		return "", "", err
	}
	err = o.pairing.try(ctx, o.Clock, func() (err error) {
		shop, secret, err = o.pair(ctx, letters, name)
		return err
	})
	if err != nil {
		return "", "", err
	}
	return shop, secret, o.list(ctx, shop)
}

func (o *Onboarding) pair(ctx context.Context, letters, name string) (shop, secret string, err error) {
	var chance [32]byte
	if _, err := io.ReadFull(o.Random, chance[:]); err != nil {
		panic("onboarding: no randomness: " + err.Error())
	}
	secret = "ock_" + base64.RawURLEncoding.EncodeToString(chance[:])
	now := o.now()
	key := outcry.Token{
		ID: outcry.NewID(outcry.KeyPrefix, now, o.Random), Hash: hashOf(secret),
		Name: name, Scopes: []outcry.Scope{outcry.ScopeShop}, Created: now,
	}
	shop, err = o.Pairings.TakePairing(ctx, hashOf(letters), now, key)
	return shop, secret, wrapped("pair", err)
}

// hashOf is what is kept of a code or a secret: its SHA-256 in hex.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

const (
	// pairingTries is how many wrong codes are heard in any minute, from all
	// together: 20 letters to the 8th are not guessed at that rate.
	pairingTries = 20
	// pairingsAtOnce bounds how many codes can be tried before the first of
	// them is known to be wrong.
	pairingsAtOnce = 32
)

// wrongTries bounds how many wrong codes are tried.
type wrongTries struct {
	busy chan struct{}

	mu   sync.Mutex
	when []time.Time // the wrong ones of the last minute
}

func newWrongTries() *wrongTries { return &wrongTries{busy: make(chan struct{}, pairingsAtOnce)} }

// try does one try, where there is one left; NotFound is a wrong one.
func (w *wrongTries) try(ctx context.Context, clock func() time.Time, do func() error) error {
	select {
	case w.busy <- struct{}{}:
		defer func() { <-w.busy }()
	case <-ctx.Done():
		return wrapped("pair", ctx.Err())
	}
	if err := w.left(clock()); err != nil {
		return err
	}
	err := do()
	if outcry.KindOf(err) == outcry.NotFound {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.when = append(w.when, clock())
	}
	return err
}

// left says whether there is a try left.
func (w *wrongTries) left(now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.when) > 0 && now.Sub(w.when[0]) >= time.Minute {
		w.when = w.when[1:]
	}
	if len(w.when) < pairingTries {
		return nil
	}
	wait := w.when[len(w.when)-pairingTries].Add(time.Minute).Sub(now)
	return &outcry.Error{Op: "pair", Kind: outcry.Limited, Code: "too_many_tries", Retry: max(1, int((wait+time.Second-1)/time.Second)),
		Msg: "too many wrong pairing codes just now; wait, then try again"}
}
