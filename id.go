package outcry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"strings"
	"time"
)

// The prefixes of ids. An id is opaque, prefixed and sortable by time.
const (
	MemberPrefix  = "mem_"
	ShopPrefix    = "shop_"
	RequestPrefix = "req_"
	CallPrefix    = "call_"
	OfferPrefix   = "off_"
	OrderPrefix   = "ord_"
	MessagePrefix = "msg_"
	KeyPrefix     = "key_"
)

// base32 is Crockford's alphabet in lower case: it sorts as its values do and
// has no letters that look like digits.
const base32 = "0123456789abcdefghjkmnpqrstvwxyz"

// idLen is the length of an id after its prefix: 10 characters of time (48
// bits of milliseconds) and 16 of chance (80 bits).
const idLen = 26

// NewID makes an id: prefix, then 48 bits of t in milliseconds, then 80 bits
// read from random. It panics when random fails, since nothing can go on.
func NewID(prefix string, t time.Time, random io.Reader) string {
	var chance [10]byte
	if _, err := io.ReadFull(random, chance[:]); err != nil {
		panic("outcry: no randomness: " + err.Error())
	}
	out := make([]byte, 0, len(prefix)+idLen)
	out = append(out, prefix...)
	ms := uint64(t.UnixMilli())
	for shift := 45; shift >= 0; shift -= 5 {
		out = append(out, base32[ms>>shift&31])
	}
	for half := range 2 {
		b := chance[half*5:]
		v := uint64(b[0])<<32 | uint64(b[1])<<24 | uint64(b[2])<<16 | uint64(b[3])<<8 | uint64(b[4])
		for shift := 35; shift >= 0; shift -= 5 {
			out = append(out, base32[v>>shift&31])
		}
	}
	return string(out)
}

// validTail says whether s could follow a prefix: n characters of the
// alphabet.
func validTail(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if !strings.Contains(base32, s[i:i+1]) {
			return false
		}
	}
	return true
}

// callDigits is how many characters number a call within its request: up to
// 1,024 calls.
const callDigits = 2

// CallID is the id of call number n (from 0, below 1,024) of a request: the
// request's own id with the number behind it, so that a call's id alone says
// which request it belongs to.
func CallID(request string, n int) string {
	return CallPrefix + strings.TrimPrefix(request, RequestPrefix) + digits(n)
}

// OfferID is the id of the offer that answers call number n of a request.
func OfferID(request string, n int) string {
	return OfferPrefix + strings.TrimPrefix(request, RequestPrefix) + digits(n)
}

func digits(n int) string {
	return string([]byte{base32[n>>5&31], base32[n&31]})
}

// RequestOf reads the request's id and the call's number out of a call's or an
// offer's id. ok is false where id is neither.
func RequestOf(id string) (request string, n int, ok bool) {
	tail, isCall := strings.CutPrefix(id, CallPrefix)
	if !isCall {
		if tail, ok = strings.CutPrefix(id, OfferPrefix); !ok {
			return "", 0, false
		}
	}
	if !validTail(tail, idLen+callDigits) {
		return "", 0, false
	}
	n = strings.IndexByte(base32, tail[idLen])<<5 | strings.IndexByte(base32, tail[idLen+1])
	return RequestPrefix + tail[:idLen], n, true
}

// Seed makes ids repeatable: whoever retries a command under the same key makes
// the same ids, so that what was done before is found and not done twice.
type Seed struct {
	At  time.Time // when the command was first seen
	Key string    // who asks, what for, and under which key
}

type seedKey struct{}

// WithSeed gives a context in which MakeID makes the ids of a command.
func WithSeed(ctx context.Context, s Seed) context.Context {
	return context.WithValue(ctx, seedKey{}, s)
}

// MakeID makes an id: from the context's Seed where it has one, else from the
// time and chance given. One command makes at most one id of each prefix.
func MakeID(ctx context.Context, prefix string, now time.Time, random io.Reader) string {
	s, ok := ctx.Value(seedKey{}).(Seed)
	if !ok {
		return NewID(prefix, now, random)
	}
	sum := sha256.Sum256([]byte(prefix + s.Key))
	return NewID(prefix, s.At, bytes.NewReader(sum[:]))
}
