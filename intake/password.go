package intake

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"outcry"
)

// The cost of a password's hash: OWASP's second choice for Argon2id (19 MiB,
// two passes, one lane).
const (
	hashPasses = 2
	hashKiB    = 19 * 1024
	hashLanes  = 1
	saltBytes  = 16
	hashBytes  = 32
)

const (
	// hashesAtOnce bounds the memory and the processors that hashing takes.
	hashesAtOnce = 2
	// hashesWaiting is how many wait at most; a further one is Unavailable.
	hashesWaiting = 64
)

// passwords hashes passwords, a few at once.
type passwords struct {
	random  io.Reader
	waiting chan struct{}
	working chan struct{}
}

func newPasswords(random io.Reader) *passwords {
	return &passwords{
		random:  random,
		waiting: make(chan struct{}, hashesWaiting+hashesAtOnce),
		working: make(chan struct{}, hashesAtOnce),
	}
}

// enter waits for a turn to hash.
func (p *passwords) enter(ctx context.Context) (leave func(), err error) {
	busy := &outcry.Error{Op: "check password", Kind: outcry.Unavailable, Code: "busy", Retry: 2,
		Msg: "too many people join or sign in just now; try again"}
	select {
	case p.waiting <- struct{}{}:
	default:
		return nil, busy
	}
	select {
	case p.working <- struct{}{}:
		return func() { <-p.working; <-p.waiting }, nil
	case <-ctx.Done():
		<-p.waiting
		busy.Err = ctx.Err()
		return nil, busy
	}
}

// hash gives the hash of a password in PHC form:
// $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	var salt [saltBytes]byte
	if _, err := io.ReadFull(p.random, salt[:]); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	key := argon2.IDKey(prepared(password), salt[:], hashPasses, hashKiB, hashLanes, hashBytes)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashKiB, hashPasses, hashLanes,
		b64.EncodeToString(salt[:]), b64.EncodeToString(key)), nil
}

// verify says whether the password has the hash. A hash of "" is nobody's: it
// costs the same work, so that the time does not tell who has an account.
func (p *passwords) verify(ctx context.Context, password, hash string) (bool, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if hash == "" {
		argon2.IDKey(prepared(password), make([]byte, saltBytes), hashPasses, hashKiB, hashLanes, hashBytes)
		return false, nil
	}
	var version, kib, passes uint32
	var lanes uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("check password: the hash that is kept is not of argon2id")
	}
	_, err = fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &kib, &passes, &lanes)
	if err != nil {
		return false, fmt.Errorf("check password: read the cost of the hash that is kept: %w", err)
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) == 0 || version != argon2.Version || passes < 1 || lanes < 1 {
		return false, errors.New("check password: the hash that is kept is broken")
	}
	got := argon2.IDKey(prepared(password), salt, passes, kib, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// prepared is a password as it is hashed: composed, since keyboards differ in
// how they write the same letter.
func prepared(password string) []byte { return norm.NFC.Bytes([]byte(password)) }
