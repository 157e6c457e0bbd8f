package policy

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"outcry"
)

// MaxFaults is how many faults of a text are told at once.
const MaxFaults = 50

// Fault is one thing that is wrong with the text of a policy.
type Fault struct {
	Line, Column int    // from 1, in characters; 0 where there is no text
	Path         string // such as "waves.margin" or "branches[0].code"; "" for the text itself
	Message      string // what is wrong, and what to write instead
}

// String is the fault as compilers write one: "12:15: waves.margin: write ...".
func (f Fault) String() string {
	s := f.Message
	if f.Path != "" {
		s = f.Path + ": " + s
	}
	if f.Line > 0 {
		s = fmt.Sprintf("%d:%d: %s", f.Line, f.Column, s)
	}
	return s
}

// location is the fault's place in an outcry.Error.
func (f Fault) location() string {
	place := fmt.Sprintf("%d:%d", f.Line, f.Column)
	if f.Path == "" {
		return place
	}
	return place + " " + f.Path
}

var locations = regexp.MustCompile(`(?s)^(\d+):(\d+)(?: (.+))?$`)

// FaultsOf are the faults that an error of Read tells, in the order of the text;
// nil for any other error.
func FaultsOf(err error) []Fault {
	var e *outcry.Error
	if !errors.As(err, &e) || e.Kind != outcry.Invalid {
		return nil
	}
	var faults []Fault
	for _, field := range e.Fields {
		m := locations.FindStringSubmatch(field.Location)
		if m == nil {
			return nil
		}
		line, err := strconv.Atoi(m[1])
		column, err2 := strconv.Atoi(m[2])
		if errors.Join(err, err2) != nil {
			return nil
		}
		faults = append(faults, Fault{line, column, m[3], field.Message})
	}
	return faults
}

// Lines tells an error of Read as a compiler would, one line a fault:
// "policy.yaml:12:15: waves.margin: write a number from 0.1 to 1000000". Any
// other error is one line.
func Lines(file string, err error) []string {
	faults := FaultsOf(err)
	if faults == nil {
		return []string{file + ": " + err.Error()}
	}
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = file + ":" + f.String()
	}
	return lines
}

// into takes the fault into the text: the parser ends a last line that has no end
// and tells faults behind it.
func (f *Fault) into(lines []string) {
	if f.Line > len(lines) {
		f.Line, f.Column = len(lines), utf8.RuneCountInString(lines[len(lines)-1])+1
	}
	f.Line, f.Column = max(f.Line, 1), max(f.Column, 1)
}

// refusal is the error of a text with these faults: an Invalid whose fields have
// locations such as "12:15 waves.margin", in the order of the text.
func refusal(text []byte, faults []Fault) error {
	lines := strings.Split(string(text), "\n")
	for i := range faults {
		faults[i].into(lines)
	}
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var c outcry.Complaints
	for _, f := range faults[:min(len(faults), MaxFaults)] {
		c.Add(f.location(), "%s", f.Message)
	}
	return c.Err()
}
