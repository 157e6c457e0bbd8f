package main

import (
	"context"
	"os"
	"strings"

	"outcry/buyer"
	"outcry/cmd/outcry/keyring"
)

// buyer is a client for whoever is signed in, or for the guest that is
// remembered for this server, or for a new guest.
func (d *desk) buyer(ctx context.Context, locale string) (*buyer.Client, error) {
	if d.Token != "" {
		return buyer.New(buyer.Config{Server: d.Server, Token: d.Token}), nil
	}
	ring, err := keyring.Default()
	if err != nil {
		return nil, err
	}
	token, ok, err := ring.Token(d.Server)
	if err != nil {
		return nil, err
	}
	if !ok {
		return d.newGuest(ctx, locale)
	}
	return buyer.New(buyer.Config{Server: d.Server, Token: token.Token}), nil
}

// newGuest joins as a guest and remembers its token.
func (d *desk) newGuest(ctx context.Context, locale string) (*buyer.Client, error) {
	ring, err := keyring.Default()
	if err != nil {
		return nil, err
	}
	if old, ok, err := ring.Token(d.Server); err == nil && ok && !old.Guest {
		d.note("The sign-in of %s has ended; asking as a guest. Sign in again: outcry login %s", old.Email, old.Email)
	}
	if locale == "" {
		locale = spoken()
	}
	client, member, err := buyer.New(buyer.Config{Server: d.Server}).Guest(ctx, "", locale)
	if err != nil {
		return nil, err
	}
	return client, ring.PutToken(d.Server, keyring.Token{Token: client.Token(), Member: member.ID, Guest: true})
}

// spoken is the language of this machine's user as a BCP 47 tag, such as "en" or
// "ko-KR"; "" where it is not told.
func spoken() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		tag, _, _ := strings.Cut(os.Getenv(name), ".")
		tag = strings.ReplaceAll(tag, "_", "-")
		switch tag {
		case "":
			continue
		case "C", "POSIX":
			return ""
		}
		return tag
	}
	return ""
}
