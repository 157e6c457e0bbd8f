package intake

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
)

// The prefixes of secrets, by which a leaked one is recognised.
const (
	sessionPrefix = "ocs_"
	keyPrefix     = "ock_"
)

// secretBytes is how much chance a secret has: 256 bits, 43 characters.
const secretBytes = 32

// newSecret makes a secret. It panics when random fails, since nothing can go
// on.
func newSecret(prefix string, random io.Reader) string {
	var chance [secretBytes]byte
	if _, err := io.ReadFull(random, chance[:]); err != nil {
		panic("intake: no randomness: " + err.Error())
	}
	return prefix + base64.RawURLEncoding.EncodeToString(chance[:])
}

// hashOf is what is kept of a secret. A secret cannot be guessed, so that a fast
// hash without salt does.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// looksLikeSecret says whether s could be one, so that others cost no look into
// the store.
func looksLikeSecret(s string) bool {
	for _, prefix := range []string{sessionPrefix, keyPrefix} {
		if tail, ok := strings.CutPrefix(s, prefix); ok {
			return len(tail) == base64.RawURLEncoding.EncodedLen(secretBytes)
		}
	}
	return false
}
