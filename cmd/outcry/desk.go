package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"outcry/cmd/outcry/keyring"
	"outcry/wire/dial"
)

// desk is where a command works: what it reads and writes, and which server it
// speaks to.
type desk struct {
	In       *os.File
	Out, Err io.Writer
	JSON     bool
	Server   string
	Token    string // given on the command line; "" for the remembered one
}

// say writes a line for people; it says nothing where JSON is asked for.
func (d *desk) say(format string, args ...any) {
	if !d.JSON {
		fmt.Fprintf(d.Out, format+"\n", args...)
	}
}

// note writes a line beside the output.
func (d *desk) note(format string, args ...any) {
	if !d.JSON {
		fmt.Fprintf(d.Err, format+"\n", args...)
	}
}

// tell writes a value as one line of JSON.
func (d *desk) tell(v any) error {
	out := json.NewEncoder(d.Out)
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// told is an event as --json prints it.
type told struct {
	Event string `json:"event"`
	Seq   int64  `json:"seq,omitzero"`
	Data  any    `json:"data,omitempty"`
}

// tellEvent writes an event as one line of JSON.
func (d *desk) tellEvent(event string, seq int64, data any) error {
	return d.tell(told{Event: event, Seq: seq, Data: data})
}

// interactive says whether somebody sits in front of both input and output.
func (d *desk) interactive() bool { return isTerminal(d.In) && isTerminal(d.Out) }

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && f != nil && term.IsTerminal(int(f.Fd()))
}

// width is how many cells a line may take: the terminal's, or 100 where the
// output goes elsewhere.
func (d *desk) width() int {
	if f, ok := d.Out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return 100
}

// caller calls the server with the token that was given, or the remembered one,
// or as a stranger.
func (d *desk) caller() (dial.Caller, error) {
	c := dial.Caller{Server: d.Server, Token: d.Token}
	if c.Token != "" {
		return c, nil
	}
	ring, err := keyring.Default()
	if err != nil {
		return c, err
	}
	t, _, err := ring.Token(d.Server)
	c.Token = t.Token
	return c, err
}
