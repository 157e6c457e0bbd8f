package dial

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxEvent bounds the bytes of one event.
const maxEvent = 4 << 20

// errLong says that an event is longer than any server sends.
var errLong = errors.New("an event is longer than 4 MiB")

// reader reads server-sent events (the HTML standard, section 9.2.6).
type reader struct {
	lines *bufio.Scanner
	heard func()        // called at each line, comments too
	retry time.Duration // what the server asked to wait before coming again
	id    string
	past  string // the cursor behind all that came whole
}

func newReader(r io.Reader) *reader {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), maxEvent)
	s.Split(splitLine)
	return &reader{lines: s, heard: func() {}}
}

// splitLine takes lines that end in CR LF, LF or CR.
func splitLine(data []byte, end bool) (advance int, line []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && !end:
		return 0, nil, nil
	case i < 0: // an event without its empty line is not finished: dropped
		return len(data), nil, nil
	case data[i] == '\r' && i+1 == len(data) && !end:
		return 0, nil, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i:i], nil
	}
	return i + 1, data[:i:i], nil
}

// next is the next event that has data. It ends with io.EOF.
func (r *reader) next() (Event, error) {
	e := Event{Kind: "message"}
	var data []string
	size := 0
	for r.lines.Scan() {
		r.heard()
		line := r.lines.Text()
		if line == "" {
			r.past = r.id // not before: what was cut short has to come again
			if len(data) > 0 {
				e.ID, e.Data = r.id, []byte(strings.Join(data, "\n"))
				return e, nil
			}
			e.Kind, size = "message", 0
			continue
		}
		if size += len(line); size > maxEvent {
			return Event{}, errLong
		}
		if text, ok := r.field(line, &e); ok {
			data = append(data, text)
		}
	}
	if err := r.lines.Err(); err != nil {
		return Event{}, err
	}
	return Event{}, io.EOF
}

// field takes one line; ok says that it was data.
func (r *reader) field(line string, e *Event) (data string, ok bool) {
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "data":
		return value, true
	case "event":
		e.Kind = value
	case "id":
		if !strings.Contains(value, "\x00") {
			r.id = value
		}
	case "retry":
		if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
			r.retry = time.Duration(ms) * time.Millisecond
		}
	}
	return "", false
}
