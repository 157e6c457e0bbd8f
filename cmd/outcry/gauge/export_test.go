package gauge

import (
	"bufio"
	"bytes"
	"time"
)

// ReadAnswer reads an answer of a Redis server.
func ReadAnswer(text []byte) (any, error) {
	r := resp{in: bufio.NewReader(bytes.NewReader(text))}
	return r.read()
}

// At is the time within which a share of all was done.
func At(took []time.Duration, share float64) time.Duration { return times(took).at(share) }
