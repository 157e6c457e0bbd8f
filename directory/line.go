package directory

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"outcry"
)

// The bounds of a taxonomy's text.
const (
	// MaxText is the largest text that a loader reads, in bytes, unpacked.
	MaxText = 64 << 20
	// maxLine is the longest line that is read, in bytes; longer ones are
	// skipped.
	maxLine = 4096
	// MaxSkips is how many skipped lines a report names; it counts them all.
	MaxSkips = 100
)

// Skip is one line of a text that became no signal.
type Skip struct {
	Line   int    // from 1
	Text   string // its beginning
	Reason string
}

// Report says what a loader made of a text.
type Report struct {
	Lines   int    // lines with something on them, without comments
	Taken   int    // lines that became signals
	Skipped int    // lines that did not
	Skips   []Skip // the first MaxSkips of those
}

func (r *Report) skip(line int, text, reason string, args ...any) {
	r.Skipped++
	if len(r.Skips) < MaxSkips {
		if len(text) > 80 {
			text = strings.ToValidUTF8(text[:80], "") + "..."
		}
		r.Skips = append(r.Skips, Skip{Line: line, Text: strings.ToValidUTF8(text, "?"), Reason: fmt.Sprintf(reason, args...)})
	}
}

// eachLine reads a text, gzipped or plain, and gives each line that is neither
// empty nor a comment to take, which answers why the line is skipped, or "".
// It counts in the report. The error is Invalid where the text is too large or
// its packing is broken; what was read before stays in the report.
func eachLine(r io.Reader, report *Report, take func(line int, text string) (reason string)) error {
	plain, err := unzip(r)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(&bound{r: plain, left: MaxText}, maxLine)
	for n := 1; ; n++ {
		text, err := in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return unreadable(n, err)
		}
		report.take(n, string(bytes.TrimSpace(text)), long, take)
		if err != nil {
			return nil //nolint:nilerr // the text has ended
		}
	}
}

// take counts one line and has it turned into a signal.
func (r *Report) take(n int, text string, long bool, take func(int, string) string) {
	text = strings.TrimPrefix(text, "\ufeff")
	if text == "" || text[0] == '#' {
		return
	}
	r.Lines++
	reason := "the line is longer than 4,096 bytes"
	if !long {
		reason = "the line is not valid UTF-8"
		if utf8.ValidString(text) {
			reason = take(n, text)
		}
	}
	if reason != "" {
		r.skip(n, text, "%s", reason)
		return
	}
	r.Taken++
}

// unzip reads through gzip where the text begins as gzip does.
func unzip(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if err != nil || head[0] != 0x1f || head[1] != 0x8b {
		return in, nil //nolint:nilerr // too short for gzip: read it as it is
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, unreadable(1, err)
	}
	return z, nil
}

// errTooLarge says that a text went over MaxText.
var errTooLarge = errors.New("the text is larger than 64 MiB")

// bound reads up to left bytes and fails with errTooLarge after them.
type bound struct {
	r    io.Reader
	left int
}

func (b *bound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	if len(p) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

// unreadable is the error of a text that breaks off at a line.
func unreadable(line int, err error) error {
	return &outcry.Error{
		Op: "load signals", Kind: outcry.Invalid, Code: "invalid", Err: err,
		Msg: fmt.Sprintf("the text cannot be read at line %d; send it whole, plain or gzipped, up to 64 MiB", line),
	}
}
