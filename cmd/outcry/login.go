package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"golang.org/x/term"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/keyring"
	"outcry/wire"
	"outcry/wire/dial"
)

type loginCommand struct {
	Email        string `arg:"" optional:"" help:"Address to sign in with."`
	PasswordFile string `help:"File whose first line is the password; otherwise it is asked for, or read from the input." placeholder:"FILE"`
	Operator     string `help:"Code of the link that the market's first start printed: makes the first operator." placeholder:"CODE"`
	Name         string `help:"Name of the first operator." placeholder:"NAME"`
	Forget       bool   `help:"Sign out instead, and forget the token."`
}

// Help shows examples.
func (loginCommand) Help() string {
	return `Signs in and remembers the token for this server, in a file that only you may
read. Without a sign-in, outcry ask asks as a guest.

Example:
  outcry login operator@demo.example
  outcry login me@shop.example --operator CODE
  outcry login --forget`
}

// Validate checks what no single flag can.
func (c *loginCommand) Validate() error {
	if c.Email == "" && !c.Forget {
		return errors.New("give the address to sign in with, for example: outcry login operator@demo.example")
	}
	return nil
}

// Run signs in.
func (c *loginCommand) Run(ctx context.Context, d *desk) error {
	ring, err := keyring.Default()
	if err != nil {
		return err
	}
	if c.Forget {
		return c.forget(ctx, d, ring)
	}
	password, err := c.password(d)
	if err != nil {
		return err
	}
	stranger := dial.Caller{Server: d.Server}
	if c.Operator != "" {
		first := wire.FirstOperator{Code: c.Operator, Email: c.Email, Password: password, Name: c.Name}
		if err := stranger.Do(ctx, dial.Call{Method: http.MethodPost, Path: "/v1/operator", Body: first}, nil); err != nil {
			return err
		}
	}
	client, session, err := buyer.New(buyer.Config{Server: d.Server}).SignIn(ctx, c.Email, password)
	if err != nil {
		return err
	}
	me, err := client.Me(ctx)
	if err != nil {
		return err
	}
	kept := keyring.Token{Token: session.Token, Member: me.ID, Email: c.Email, Expires: session.ExpiresAt.Std().UTC()}
	if err := ring.PutToken(d.Server, kept); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(me)
	}
	d.say("Signed in to %s as %s (%s) until %s.", d.Server, column.Clean(me.Name), roles(me.Roles),
		kept.Expires.Local().Format("2 January 2006"))
	return nil
}

func roles(roles []outcry.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = strings.ReplaceAll(string(r), "_", " ")
	}
	return strings.Join(words, ", ")
}

// forget signs out, and forgets the token whatever the server says.
func (c *loginCommand) forget(ctx context.Context, d *desk, ring keyring.Ring) error {
	token, ok, err := ring.Token(d.Server)
	if err != nil {
		return err
	}
	if ok {
		err = buyer.New(buyer.Config{Server: d.Server, Token: token.Token}).SignOut(ctx)
		if outcry.KindOf(err) == outcry.Unauthorized { // signed out already
			err = nil
		}
	}
	if err := errors.Join(ring.DropToken(d.Server), err); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(map[string]bool{"signed_in": false})
	}
	d.say("Signed out of %s.", d.Server)
	return nil
}

// password is the password from where it was said to be.
func (c *loginCommand) password(d *desk) (string, error) {
	switch {
	case c.PasswordFile != "":
		return passwordIn(c.PasswordFile)
	case !isTerminal(d.In):
		return firstLine(d.In)
	}
	fmt.Fprintf(d.Err, "Password of %s: ", c.Email)
	secret, err := term.ReadPassword(int(d.In.Fd()))
	fmt.Fprintln(d.Err)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(secret), nil
}

// passwordIn is the first line of a file.
func passwordIn(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	return firstLine(f)
}

// firstLine is the first line of a text without its end; at least one character.
func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", misused("the password is empty: write it on the first line")
	}
	return line, nil
}
