package gauge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"outcry/sim/crowd"
)

// redis is a Redis server: a geo set for each code.
type redis struct {
	resp
	// stop ends the watch over the context that the peer was opened with: when that
	// ends, so does whatever waits for the server.
	stop func() bool
}

// redisPrefix is what all keys start with.
const redisPrefix = "outcry-gauge:"

// Redis opens a server as a peer, address being host:port or the path of its
// socket. It refuses one that holds keys of its own in database 0, since it
// removes all when it is closed.
func Redis(ctx context.Context, address string) (Finder, string, error) {
	network := "tcp"
	if strings.Contains(address, "/") {
		network = "unix"
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, "", fmt.Errorf("connect to Redis: %w", err)
	}
	r := &redis{resp: newResp(conn), stop: context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })}
	info, err := r.info()
	if err != nil {
		r.stop()
		_ = conn.Close() // the first error is the one to tell
		return nil, "", err
	}
	return r, info, nil
}

// info is the server's version; it is an error where the server holds keys.
func (r *redis) info() (string, error) {
	size, err := r.do("DBSIZE")
	if err != nil {
		return "", err
	}
	if size != int64(0) {
		return "", errors.New("the Redis server holds keys of its own: name one that is empty")
	}
	info, err := r.do("INFO", "server")
	if err != nil {
		return "", err
	}
	text, _ := info.(string)
	_, after, _ := strings.Cut(text, "redis_version:")
	version, _, _ := strings.Cut(after, "\r")
	return version, nil
}

// Load adds every shop to the sets of its codes, a thousand a batch.
func (r *redis) Load(_ context.Context, c *crowd.Crowd, note func(format string, args ...any)) error {
	note("Redis: adding")
	waiting := 0
	for code, l := range held(c) {
		r.send("GEOADD", redisPrefix+string(code), degrees(l.Place.Lon), degrees(l.Place.Lat), l.ID)
		if waiting++; waiting == 1000 {
			if err := r.drain(waiting); err != nil {
				return err
			}
			waiting = 0
		}
	}
	return r.drain(waiting)
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

// drain reads the answers to n commands that were sent.
func (r *redis) drain(n int) error {
	if err := r.flush(); err != nil {
		return err
	}
	for range n {
		if _, err := r.read(); err != nil {
			return err
		}
	}
	return nil
}

// Ping is the command of that name.
func (r *redis) Ping(context.Context) error {
	_, err := r.do("PING")
	return err
}

// Nearest asks for those of each code in one go, and takes the nearest of all.
func (r *redis) Nearest(_ context.Context, n Nearby, most int) ([]string, error) {
	words := []string{
		"GEOSEARCH", "", "FROMLONLAT", degrees(n.Place.Lon), degrees(n.Place.Lat), "BYRADIUS", strconv.Itoa(n.RadiusM), "m", "WITHDIST",
	}
	if most > 0 {
		words = append(words, "ASC", "COUNT", strconv.Itoa(most))
	}
	for _, code := range n.Codes {
		words[1] = redisPrefix + string(code)
		r.send(words...)
	}
	if err := r.flush(); err != nil {
		return nil, err
	}
	var near []away
	for range n.Codes {
		answer, err := r.read()
		if err != nil {
			return nil, err
		}
		if near, err = appendAway(near, answer); err != nil {
			return nil, err
		}
	}
	return nearest(near, most), nil
}

// away is a shop and how far it is.
type away struct {
	shop   string
	metres float64
}

// appendAway adds an answer with distances: [[shop, metres], ...].
func appendAway(near []away, answer any) ([]away, error) {
	rows, ok := answer.([]any)
	if !ok {
		return nil, fmt.Errorf("redis answered %v, not a list", answer)
	}
	for _, row := range rows {
		pair, _ := row.([]any)
		if len(pair) != 2 {
			return nil, fmt.Errorf("redis answered %v, not a shop and its distance", row)
		}
		shop, _ := pair[0].(string)
		metres, _ := pair[1].(string)
		m, err := strconv.ParseFloat(metres, 64)
		if err != nil {
			return nil, fmt.Errorf("redis told a distance: %w", err)
		}
		near = append(near, away{shop, m})
	}
	return near, nil
}

// nearest are the nearest different shops, all of them in any order where most
// is 0.
func nearest(near []away, most int) []string {
	if most > 0 {
		slices.SortStableFunc(near, func(a, b away) int { return cmp.Compare(a.metres, b.metres) })
	} else {
		most = len(near)
	}
	shops := make([]string, 0, most)
	seen := make(map[string]bool, most)
	for _, a := range near {
		if len(shops) == most {
			break
		}
		if !seen[a.shop] {
			seen[a.shop] = true
			shops = append(shops, a.shop)
		}
	}
	return shops
}

// Close removes all keys: there were none before.
func (r *redis) Close(context.Context) error {
	r.stop()
	err := r.conn.SetDeadline(time.Now().Add(time.Minute))
	if err == nil {
		_, err = r.do("FLUSHDB")
	}
	if closeErr := r.conn.Close(); err == nil {
		err = closeErr
	}
	return err
}
