package counter

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"outcry"
	"outcry/cmd/outcry/pricelist"
	"outcry/policy"
)

// Setting is what a shop's files say. It never changes.
type Setting struct {
	Plan
	Prices pricelist.List // nil: there is no price list
	// Dir is the folder in which commands run.
	Dir string
}

// branches says whether the codes above a code can make a difference.
func (s *Setting) branches(code outcry.Code) bool {
	return len(s.Prices) > 0 && len(s.Prices[code]) == 0 ||
		slices.ContainsFunc(s.Ways, func(w Way) bool { return w.Code != "" && w.Code != code }) ||
		slices.ContainsFunc(s.Rules, func(r Rule) bool { return r.Code != "" && r.Code != code })
}

// Files are those of a shop; "" is none. Prices, where it is given, takes the
// place of the price list that the plan names.
type Files struct{ Rules, Prices string }

// Broken is a file that cannot be used.
type Broken struct {
	File string
	Err  error
}

// Error tells the file and what is wrong with it.
func (b *Broken) Error() string { return b.File + ": " + b.Err.Error() }

// Unwrap gives the error itself.
func (b *Broken) Unwrap() error { return b.Err }

// Lines tells what is wrong as a compiler would, one line a fault.
func (b *Broken) Lines() []string { return policy.Lines(b.File, b.Err) }

// Load reads the files. An error is a *Broken.
func (f Files) Load() (*Setting, error) {
	s := &Setting{}
	if f.Rules != "" {
		text, err := read(f.Rules, MaxText)
		if err != nil {
			return nil, &Broken{f.Rules, err}
		}
		plan, err := Read(text)
		if err != nil {
			return nil, &Broken{f.Rules, err}
		}
		s.Plan, s.Dir = *plan, filepath.Dir(f.Rules)
	}
	prices := f.prices(&s.Plan)
	if i := slices.IndexFunc(s.Ways, func(w Way) bool { return w.By == ByPrices }); i >= 0 && prices == "" {
		return nil, &Broken{f.Rules, fmt.Errorf("answer[%d] leaves calls to the price list, but there is none; write prices: FILE", i)}
	}
	if prices == "" {
		return s, nil
	}
	file, err := os.Open(prices)
	if err != nil {
		return nil, &Broken{prices, withoutPath(err)}
	}
	defer file.Close() //nolint:errcheck // only read
	if s.Prices, err = pricelist.Read(file); err != nil {
		return nil, &Broken{prices, err}
	}
	return s, nil
}

// prices is the file of the price list: that which is given, or the one that the
// plan names, in the plan's folder.
func (f Files) prices(p *Plan) string {
	if f.Prices != "" || p.Prices == "" || filepath.IsAbs(p.Prices) {
		return cmp.Or(f.Prices, p.Prices)
	}
	return filepath.Join(filepath.Dir(f.Rules), p.Prices)
}

// read reads a file, as far as it may be long and a byte more.
func read(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	return text, nil
}

// withoutPath leaves the file's name out of an error: it stands before it anyway.
func withoutPath(err error) error {
	if e := (*os.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// stamp tells states of the files apart.
type stamp [2]struct {
	changed time.Time
	size    int64
}

// stamp looks at the files without reading them.
func (f Files) stamp(s *Setting) (at stamp) {
	for i, name := range []string{f.Rules, f.prices(&s.Plan)} {
		if info, err := os.Stat(name); name != "" && err == nil {
			at[i].changed, at[i].size = info.ModTime(), info.Size()
		}
	}
	return at
}
