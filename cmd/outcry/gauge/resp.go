package gauge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// resp speaks Redis' protocol, version 2, over a connection:
// https://redis.io/docs/latest/develop/reference/protocol-spec/
type resp struct {
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer
}

func newResp(conn net.Conn) resp {
	return resp{conn, bufio.NewReaderSize(conn, 64<<10), bufio.NewWriterSize(conn, 64<<10)}
}

// maxResp bounds the bytes of a text and the items of a list, maxNested how many
// lists lie in one another.
const (
	maxResp   = 64 << 20
	maxNested = 8
)

// do sends a command and reads its answer.
func (r *resp) do(words ...string) (any, error) {
	r.send(words...)
	if err := r.flush(); err != nil {
		return nil, err
	}
	return r.read()
}

// send queues a command; an error shows when it is flushed.
func (r *resp) send(words ...string) {
	head := strconv.AppendInt(append(r.out.AvailableBuffer(), '*'), int64(len(words)), 10)
	_, _ = r.out.Write(append(head, "\r\n"...))
	for _, word := range words {
		head := strconv.AppendInt(append(r.out.AvailableBuffer(), '$'), int64(len(word)), 10)
		_, _ = r.out.Write(append(append(append(head, "\r\n"...), word...), "\r\n"...))
	}
}

// flush sends what is queued.
func (r *resp) flush() error {
	if err := r.out.Flush(); err != nil {
		return fmt.Errorf("write to Redis: %w", err)
	}
	return nil
}

// read gives an answer: a string, an int64, a []any, or nil. What the server
// complains of is an error.
func (r *resp) read() (any, error) { return r.nested(0) }

func (r *resp) nested(depth int) (any, error) {
	line, err := r.in.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("read from Redis: %w", err)
	}
	if len(line) < 3 || line[len(line)-2] != '\r' {
		return nil, errors.New("read from Redis: a line that is none")
	}
	kind, text := line[0], string(line[1:len(line)-2])
	switch kind {
	case '+':
		return text, nil
	case '-':
		return nil, errors.New("redis: " + text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read from Redis: %w", err)
	case kind == ':':
		return n, nil
	case n < 0:
		return nil, nil
	case n > maxResp || depth > maxNested:
		return nil, errors.New("read from Redis: the answer is too long")
	case kind == '$':
		return r.text(int(n))
	case kind == '*':
		return r.list(int(n), depth)
	}
	return nil, fmt.Errorf("read from Redis: an answer of the kind %q", kind)
}

// text reads n bytes and the end of their line.
func (r *resp) text(n int) (any, error) {
	text := make([]byte, n+2)
	if _, err := io.ReadFull(r.in, text); err != nil {
		return nil, fmt.Errorf("read from Redis: %w", err)
	}
	return string(text[:n]), nil
}

// list reads n answers.
func (r *resp) list(n, depth int) (any, error) {
	list := make([]any, 0, min(n, 1024))
	for range n {
		item, err := r.nested(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}
