package rush

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The sides of a market, each a process.
const (
	marketSide = "server"
	shopSide   = "shops"
	buyerSide  = "buyers"
)

// word is what a side is told to do: a line of JSON.
type word struct {
	Do   string          `json:"do"`
	With json.RawMessage `json:"with,omitempty"`
}

// said is what it answers: a line of JSON.
type said struct {
	Error string          `json:"error,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"`
}

// deeds are what a side can do, by name.
type deeds map[string]func(ctx context.Context, with json.RawMessage) (any, error)

// deed is a thing to do that is told more about it.
func deed[T any](do func(ctx context.Context, with T) (any, error)) func(context.Context, json.RawMessage) (any, error) {
	return func(ctx context.Context, with json.RawMessage) (any, error) {
		var t T
		if err := json.Unmarshal(with, &t); err != nil {
			return nil, fmt.Errorf("read what to do: %w", err)
		}
		return do(ctx, t)
	}
}

// errNobody says that the side was not started by Measure.
var errNobody = errors.New("this is a part of: outcry bench match")

// Side is the main of a side's process: it does what is read from in, one thing
// after the other, and answers on out; the market is opened by open. It returns when in ends, as it does when
// the process is gone that started it.
func Side(ctx context.Context, name string, in io.Reader, out io.Writer, open Opener) error {
	can, closing, err := sideOf(name, open)
	if err != nil {
		return err
	}
	can["spent"] = func(context.Context, json.RawMessage) (any, error) { return spentNow(), nil }
	words, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var w word
		if err := words.Decode(&w); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return errors.Join(err, closing())
		}
		var a said
		do, ok := can[w.Do]
		if !ok {
			return errors.Join(errNobody, closing())
		}
		body, err := do(ctx, w.With)
		if err == nil {
			a.Body, err = json.Marshal(body)
		}
		if err != nil {
			a.Error = err.Error()
		}
		if err := answers.Encode(a); err != nil {
			return errors.Join(fmt.Errorf("answer: %w", err), closing())
		}
	}
}

// sideOf is what the side of that name can do, and how it ends.
func sideOf(name string, open Opener) (deeds, func() error, error) {
	switch name {
	case marketSide:
		m := &market{opener: open}
		return m.deeds(), m.close, nil
	case shopSide:
		s := &shops{}
		return s.deeds(), s.close, nil
	case buyerSide:
		b := &buyers{}
		return b.deeds(), b.close, nil
	}
	return nil, nil, errNobody
}
