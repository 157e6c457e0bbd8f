package rush

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"runtime"
	"strconv"
	"time"
)

const (
	// perSource is how many connections come from one address of this machine: a
	// port each.
	perSource = 8000
	// quiet is for how long nothing may come on a connection: an idle one is told
	// every few seconds that it lives.
	quiet = 2 * time.Minute
)

// errAnswer says that the server said something that is not HTTP.
var errAnswer = errors.New("the server's answer cannot be read")

// pipe is a connection that speaks just as much HTTP/1.1 as is needed, at little
// cost. It is for one goroutine.
type pipe struct {
	net.Conn
	in   *bufio.Reader
	out  []byte
	text []byte // of the last answer
}

// dial connects connection number n of a side.
func dial(ctx context.Context, address string, n int) (*pipe, error) {
	var d net.Dialer
	if source := n / perSource; source > 0 && runtime.GOOS == "linux" { // elsewhere 127.0.0.1 is the only one
		d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, byte(source>>8), byte(1+source))}
	}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a port is free again as soon as it is closed
	}
	return newPipe(conn), nil
}

func newPipe(conn net.Conn) *pipe { return &pipe{Conn: conn, in: bufio.NewReader(conn)} }

// letter is one request.
type letter struct {
	method, path, key string
	more              string // further lines of the head, each with its end
	body              []byte // nil is none
}

// send writes a request.
func (p *pipe) send(l letter) error {
	b := append(p.out[:0], l.method...)
	b = append(append(append(b, ' '), l.path...), " HTTP/1.1\r\nHost: rush\r\nAuthorization: Bearer "...)
	b = append(append(append(b, l.key...), "\r\n"...), l.more...)
	if l.body != nil {
		b = append(b, "Content-Type: application/json\r\nContent-Length: "...)
		b = append(strconv.AppendInt(b, int64(len(l.body)), 10), "\r\n"...)
	}
	p.out = append(append(b, "\r\n"...), l.body...)
	if err := p.SetDeadline(time.Now().Add(quiet)); err != nil {
		return err
	}
	_, err := p.Write(p.out)
	return err
}

// answer is the head of what came back.
type answer struct {
	status  int
	length  int64 // of the body; -1: it is in chunks, or ends with the connection
	chunked bool
}

// head reads the head of an answer.
func (p *pipe) head() (a answer, err error) {
	a.length = -1
	line, err := p.line()
	if err != nil {
		return a, err
	}
	if _, rest, ok := bytes.Cut(line, []byte(" ")); ok && len(rest) >= 3 {
		a.status, err = strconv.Atoi(string(rest[:3]))
	}
	if err != nil || a.status == 0 {
		return a, errAnswer
	}
	return p.fields(a)
}

// fields reads the rest of a head.
func (p *pipe) fields(a answer) (answer, error) {
	for {
		line, err := p.line()
		if err != nil || len(line) == 0 {
			return a, err
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case !ok:
			return a, errAnswer
		case bytes.EqualFold(name, []byte("Content-Length")):
			if a.length, err = strconv.ParseInt(string(value), 10, 64); err != nil || a.length < 0 || a.length > 1<<24 {
				return a, errAnswer
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			a.chunked = true
		}
	}
}

// line reads a line of a head.
func (p *pipe) line() ([]byte, error) {
	line, err := p.in.ReadSlice('\n')
	return bytes.TrimRight(line, "\r\n"), err
}

// ask sends a request and reads the answer, which stands until the next one.
func (p *pipe) ask(l letter) (status int, text []byte, err error) {
	if err := p.send(l); err != nil {
		return 0, nil, err
	}
	a, err := p.head()
	if err != nil {
		return 0, nil, err
	}
	switch {
	case a.chunked:
		p.text, err = io.ReadAll(httputil.NewChunkedReader(p.in))
		if err == nil {
			_, err = p.line() // the end of the last chunk
		}
	case a.length >= 0:
		err = p.read(a.length)
	case a.status != 204 && a.status != 304:
		err = errAnswer
	}
	return a.status, p.text, err
}

// read reads a body of that length.
func (p *pipe) read(length int64) error {
	if int64(cap(p.text)) < length {
		p.text = make([]byte, length)
	}
	p.text = p.text[:length]
	_, err := io.ReadFull(p.in, p.text)
	return err
}

// must asks and takes anything but that status as an error.
func (p *pipe) must(status int, l letter) ([]byte, error) {
	got, text, err := p.ask(l)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s %s: %w", l.method, l.path, err)
	case got != status:
		return nil, fmt.Errorf("%s %s: %d %s", l.method, l.path, got, text)
	}
	return text, nil
}

// member is the text of the first member of that name in JSON, without its
// quotes; nil where there is none. It is for texts without escapes.
func member(text []byte, name string) []byte {
	at := bytes.Index(text, []byte(name))
	if at < 0 {
		return nil
	}
	rest := text[at+len(name):]
	value, _, ok := bytes.Cut(rest, []byte{'"'})
	if !ok {
		return nil
	}
	return value
}
