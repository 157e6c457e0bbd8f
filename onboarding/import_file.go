package onboarding

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode"

	"outcry"
)

// row is one row of a file: its texts by the keys of their columns.
type row struct {
	n      int
	values map[string]string
	place  *outcry.Place // of a GeoJSON geometry
	broken string        // why the row could not be read
	name   string        // as it was taken
	source string
}

// file is an open file.
type file struct {
	text text
	rows iter.Seq2[row, error]
}

const (
	// maxValue is the longest value that is looked at, in bytes.
	maxValue = 2000
	// maxClip is how much of a value an error repeats, in characters.
	maxClip = 80
)

// openFile opens a file of the plan's format.
func openFile(r io.Reader, plan Plan) (*file, error) {
	t, err := openText(r)
	if err != nil {
		return nil, err
	}
	head, err := t.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(err)
	}
	start := bytes.TrimLeftFunc(head, unicode.IsSpace)
	if len(start) == 0 {
		return nil, outcry.BadField("file", "the file is empty; send CSV with a line of headings, or GeoJSON")
	}
	if plan.Format == GeoJSON || plan.Format == "" && start[0] == '{' {
		return &file{t, geoRows(t)}, nil
	}
	rows, err := csvRows(t, head, plan)
	return &file{t, rows}, err
}

// keyOf is a heading as it is compared: in lower case, with one underscore for
// whatever parts its words.
func keyOf(heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool {
		return unicode.IsSpace(r) || r == '_' || r == '-' || r == '.'
	})
	return strings.Join(words, "_")
}

// tidy is a value on one line, without space around it.
func tidy(value string) string {
	value = strings.ToValidUTF8(value[:min(len(value), maxValue)], "")
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, value)
	return strings.TrimSpace(value)
}

// clip is as much of a value as an error repeats.
func clip(value string) string {
	runes := []rune(value[:min(len(value), 4*maxClip)])
	if len(runes) <= maxClip {
		return strings.ToValidUTF8(value, "")
	}
	return strings.ToValidUTF8(string(runes[:maxClip]), "") + "…"
}
