package api

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// Answers are kept for a day so that they can be replayed, and some hold a
// secret: a session's token, a key. They are kept sealed with the caller's own
// Idempotency-Key, of which only a hash is kept, so that whoever reads the
// database reads no secrets. AES-256-GCM, under HMAC-SHA-256 of the call's name
// by the key; the nonce stands before the text.

// seal closes an answer with the caller's key.
func seal(o Once, key string, plain []byte) []byte {
	box := boxOf(o, key)
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return box.Seal(nonce, nonce, plain, nil)
}

var errSeal = errors.New("a kept answer does not open")

// unseal opens an answer with the caller's key.
func unseal(o Once, key string, sealed []byte) ([]byte, error) {
	box := boxOf(o, key)
	if len(sealed) < box.NonceSize() {
		return nil, errSeal
	}
	plain, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], nil)
	if err != nil {
		return nil, errSeal
	}
	return plain, nil
}

func boxOf(o Once, key string) cipher.AEAD {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("outcry answer\x00" + o.Member + "\x00" + o.Route))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic("api: AES takes 32 bytes: " + err.Error())
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic("api: AES has blocks of 16 bytes: " + err.Error())
	}
	return box
}
