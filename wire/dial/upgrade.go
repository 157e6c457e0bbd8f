package dial

import (
	"context"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the WebSocket handshake names it; it keeps no secret
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"outcry"
	"outcry/wire"
)

// handshakeGUID is what RFC 6455, section 1.3, mixes into the key of a handshake.
const handshakeGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// errNoSocket says that a WebSocket cannot be had: something between here and
// the server answers in another way than by an upgrade or a problem report.
var errNoSocket = errors.New("no WebSocket can be had")

// upgrade opens a WebSocket of wire.LineProtocol at s behind its cursor. It goes
// through the caller's own HTTP client, and so by its proxy, its certificates and
// its dialler. What an Outcry server refuses is its *outcry.Error.
func (c Caller) upgrade(ctx context.Context, s Stream) (io.ReadWriteCloser, error) {
	shaking, cancel := context.WithCancelCause(ctx)
	late := time.AfterFunc(callTime, func() { cancel(fmt.Errorf("the server did not answer within %s", callTime)) })
	defer late.Stop()
	conn, err := c.shakeHands(shaking, s)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	return upgradedConn{conn, cancel}, nil
}

// upgradedConn is a connection and the context that it was opened under.
type upgradedConn struct {
	io.ReadWriteCloser
	cancel context.CancelCauseFunc
}

// Close closes the connection.
func (c upgradedConn) Close() error {
	defer c.cancel(nil)
	return c.ReadWriteCloser.Close()
}

func (c Caller) shakeHands(ctx context.Context, s Stream) (io.ReadWriteCloser, error) {
	call := Call{Method: http.MethodGet, Path: s.Path, Query: after(s)}
	req, err := c.request(ctx, call, sending{})
	if err != nil {
		return nil, err
	}
	key := handshakeKey()
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": key, "Sec-WebSocket-Protocol": wire.LineProtocol,
	} {
		req.Header.Set(name, value)
	}
	res, err := c.streaming().Do(req)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, &outcry.Error{Kind: outcry.Unavailable, Code: "unreachable", Msg: "no server answers at " + c.Server, Err: err}
	}
	conn, err := upgraded(call, res, key) //nolint:contextcheck // the answer has its own
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return conn, nil
}

// after is the query of a stream with its cursor.
func after(s Stream) url.Values {
	if s.After == "" {
		return s.Query
	}
	query := url.Values{}
	maps.Copy(query, s.Query)
	query.Set("after", s.After)
	return query
}

// handshakeKey is 16 bytes by chance, as the handshake writes them.
func handshakeKey() string {
	var key [16]byte
	_, _ = rand.Read(key[:]) // never fails
	return base64.StdEncoding.EncodeToString(key[:])
}

// accepted is what a server that heard the key answers.
func accepted(key string) string {
	sum := sha1.Sum([]byte(key + handshakeGUID)) //nolint:gosec // as above
	return base64.StdEncoding.EncodeToString(sum[:])
}

// upgraded is the connection behind an answer to a handshake.
func upgraded(call Call, res *http.Response, key string) (io.ReadWriteCloser, error) {
	if res.StatusCode != http.StatusSwitchingProtocols {
		return nil, unupgraded(call, res)
	}
	conn, ok := res.Body.(io.ReadWriteCloser)
	switch h := res.Header; {
	case !ok:
		return nil, fmt.Errorf("%w: the HTTP client hides the connection", errNoSocket)
	case !strings.EqualFold(h.Get("Upgrade"), "websocket"), h.Get("Sec-WebSocket-Accept") != accepted(key):
		return nil, fmt.Errorf("%w: the answer is of another handshake", errNoSocket)
	case h.Get("Sec-WebSocket-Protocol") != wire.LineProtocol:
		return nil, fmt.Errorf("%w: the server does not speak %s", errNoSocket, wire.LineProtocol)
	case h.Get("Sec-WebSocket-Extensions") != "":
		return nil, fmt.Errorf("%w: the server uses an extension that was not asked for", errNoSocket)
	}
	return conn, nil
}

// unupgraded is the error of an answer that is no upgrade. Some proxies take the
// upgrade out of the call: then the server complains that it is none, or about
// a header that was sent. Where no Outcry server answers, only
// 401 and 403 are taken for an answer. 404 may be of a server that has no line
// yet, or of something that does not bring the call to it: the events tell.
func unupgraded(call Call, res *http.Response) error {
	err := fmt.Errorf("%w: the upgrade was answered %d", errNoSocket, res.StatusCode)
	if res.StatusCode < http.StatusBadRequest || res.StatusCode == http.StatusUpgradeRequired {
		return err
	}
	refused := (*outcry.Error)(nil)
	if !errors.As(refusal(call, res), &refused) {
		return err
	}
	stripped := slices.ContainsFunc(refused.Fields, func(f outcry.Field) bool { return strings.HasPrefix(f.Location, "header.") })
	switch {
	case refused.Kind == outcry.NotFound:
		return fmt.Errorf("%w: %w", errNoSocket, refused)
	case refused.Kind == outcry.Unauthorized || refused.Kind == outcry.Forbidden:
		return refused
	case refused.Code == "foreign_answer" || refused.Code == "no_websocket" || stripped:
		return err
	}
	return refused
}
