package hook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"syscall"
	"time"

	"outcry"
)

const (
	// connectWithin and shakeWithin bound connecting and the TLS handshake.
	connectWithin = 5 * time.Second
	shakeWithin   = 5 * time.Second
	// maxHead is the longest head of an answer that is read, in bytes.
	maxHead = 16 << 10
	// Connections are kept for idleFor after their last use, up to idleAtHost of
	// them to one host and idleInAll to all.
	idleFor    = 90 * time.Second
	idleAtHost = 512
	idleInAll  = 1024
)

// refused says why no connection was made to an address.
type refused struct{ why string }

// Error tells the reason.
func (r *refused) Error() string { return "the address is refused: " + r.why }

// NewTransport makes requests that end where reach allows. The address is judged
// when it is known and before anything is sent to it, so that no name leads
// elsewhere. It follows no redirect, goes by no proxy and takes no compression.
func NewTransport(reach outcry.Reach) *http.Transport {
	dialer := &net.Dialer{Timeout: connectWithin, KeepAlive: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		return judge(reach, address)
	}}
	return &http.Transport{
		Proxy: nil, DialContext: dialer.DialContext, TLSHandshakeTimeout: shakeWithin,
		TLSClientConfig:    &tls.Config{MinVersion: tls.VersionTLS12},
		DisableCompression: true, MaxResponseHeaderBytes: maxHead, ResponseHeaderTimeout: patience,
		MaxIdleConns: idleInAll, MaxIdleConnsPerHost: idleAtHost, IdleConnTimeout: idleFor,
	}
}

// judge says why no connection is made to an address.
func judge(reach outcry.Reach, address string) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &refused{"it cannot be read"}
	}
	if why := reach.Refuses(to.Addr()); why != "" {
		return &refused{why}
	}
	if why := reach.RefusesPort(to.Port()); why != "" {
		return &refused{why}
	}
	return nil
}

// faultOf says what was wrong with a connection, in words for the shop: nothing
// of the server's own network is in them.
func faultOf(err error) string {
	var address *refused
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var host x509.HostnameError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &address):
		return address.Error()
	case errors.As(err, &name) && name.IsNotFound:
		return "the name of the host is not known"
	case errors.As(err, &name):
		return "the name of the host could not be looked up"
	case errors.As(err, &certificate), errors.As(err, &host):
		return "its certificate is not good for the host"
	case errors.As(err, &alert), errors.As(err, &record):
		return "it does not speak TLS as it should"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return "no answer in time"
	case errors.Is(err, context.Canceled):
		return "no answer for too long while others waited"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens there"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.EPIPE):
		return "the connection was closed without an answer"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "the host cannot be reached"
	}
	return "no answer that HTTP knows"
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
