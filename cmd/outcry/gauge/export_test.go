package gauge

import (
	"bufio"
	"bytes"
)

// ReadAnswer reads an answer of a Redis server.
func ReadAnswer(text []byte) (any, error) {
	r := resp{in: bufio.NewReader(bytes.NewReader(text))}
	return r.read()
}
