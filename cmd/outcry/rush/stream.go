package rush

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"time"
)

// stream reads server-sent events.
type stream struct {
	*pipe
	lines *bufio.Reader
	long  []byte // a line that is longer than the buffer
}

// follow asks for a stream on a connection of its own.
func follow(p *pipe, path, key string) (*stream, error) {
	if err := p.send(letter{method: http.MethodGet, path: path, key: key, more: "Accept: text/event-stream\r\n"}); err != nil {
		return nil, err
	}
	a, err := p.head()
	if err != nil {
		return nil, fmt.Errorf("follow %s: %w", path, err)
	}
	s := &stream{pipe: p, lines: p.in}
	if a.chunked {
		s.lines = bufio.NewReader(httputil.NewChunkedReader(p.in))
	}
	if a.status != http.StatusOK {
		text, _ := s.lines.Peek(min(200, max(0, int(a.length)))) // what there is of it
		return nil, fmt.Errorf("follow %s: %d %s", path, a.status, text)
	}
	return s, nil
}

// kind is the name of an event.
type kind string

// The events that matter here.
const (
	someEvent   kind = ""
	offerEvent  kind = "offer"
	changeEvent kind = "offer_revised"
	closedEvent kind = "closed"
	callEvent   kind = "call"
	helloEvent  kind = "hello"
)

// kinds are the events that are told apart, by their names.
var kinds = map[string]kind{
	string(offerEvent): offerEvent, string(changeEvent): changeEvent, string(closedEvent): closedEvent,
	string(callEvent): callEvent, string(helloEvent): helloEvent,
}

// next gives the next event. What it gives stands until the next call.
func (s *stream) next() (what kind, data []byte, err error) {
	for {
		line, err := s.line()
		if err != nil {
			return what, nil, err
		}
		if name, ok := bytes.CutPrefix(line, []byte("event: ")); ok {
			what = kinds[string(name)]
		} else if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
			return what, data, nil
		} else if len(line) > 0 && line[0] == ':' { // a beat
			if err := s.SetDeadline(time.Now().Add(quiet)); err != nil {
				return what, nil, err
			}
		}
	}
}

func (s *stream) line() ([]byte, error) {
	part, err := s.lines.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		s.long = s.long[:0]
		for errors.Is(err, bufio.ErrBufferFull) {
			s.long = append(s.long, part...)
			part, err = s.lines.ReadSlice('\n')
		}
		s.long = append(s.long, part...)
		part = s.long
	}
	return bytes.TrimRight(part, "\r\n"), err
}
