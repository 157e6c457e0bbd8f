package hook_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"outcry"
	"outcry/line/hook"
)

// counting is a server that counts the connections that reach it.
func counting(t *testing.T, handle http.HandlerFunc) (server *httptest.Server, reached *atomic.Int32) {
	t.Helper()
	reached = &atomic.Int32{}
	server = httptest.NewUnstartedServer(handle)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			reached.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server, reached
}

// post sends something, and gives the status or what was wrong.
func post(t *testing.T, by http.RoundTripper, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := by.RoundTrip(r)
	if err != nil {
		return 0, hook.FaultOf(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, ""
}

func TestTransport_ReachesNoInnerAddress(t *testing.T) {
	t.Parallel()
	server, reached := counting(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	by := hook.NewTransport(outcry.Reach{})
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "localhost", "[::1]", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
		"10.0.0.1", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "100.64.0.1", "192.168.1.1", "224.0.0.1", "255.255.255.255",
	} {
		status, fault := post(t, by, "http://"+host+":"+port+"/")
		if status != 0 || !strings.HasPrefix(fault, "the address is refused: ") {
			t.Errorf("%s: status %d, %q", host, status, fault)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestTransport_ReachesItsOwnMachineWhereItMay(t *testing.T) {
	t.Parallel()
	server, reached := counting(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	by := hook.NewTransport(outcry.Reach{Loopback: true})
	t.Cleanup(by.CloseIdleConnections)
	for range 20 {
		if status, fault := post(t, by, server.URL); status != 200 {
			t.Fatalf("status %d, %s", status, fault)
		}
	}
	if n := reached.Load(); n != 1 {
		t.Errorf("20 requests took %d connections, want one that is kept", n)
	}
	if status, fault := post(t, by, "http://10.0.0.1:8080/"); status != 0 || !strings.Contains(fault, "private") {
		t.Errorf("a private address: status %d, %q", status, fault)
	}
	if status, fault := post(t, by, "http://127.0.0.1:22/"); status != 0 || !strings.Contains(fault, "port") {
		t.Errorf("a port of another service: status %d, %q", status, fault)
	}
}

func TestTransport_FollowsNothingAndGoesByNoProxy(t *testing.T) {
	t.Parallel()
	inner, reached := counting(t, func(http.ResponseWriter, *http.Request) {})
	server, _ := counting(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", inner.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	by := hook.NewTransport(outcry.Reach{Loopback: true})
	t.Cleanup(by.CloseIdleConnections)
	if status, _ := post(t, by, server.URL); status != http.StatusTemporaryRedirect || reached.Load() != 0 {
		t.Errorf("status %d, the other was reached %d times", status, reached.Load())
	}
	if by.Proxy != nil {
		t.Error("it goes by a proxy")
	}
}

func TestTransport_BoundsTheHeadAndChecksTheCertificate(t *testing.T) {
	t.Parallel()
	server, _ := counting(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 64<<10))
	})
	by := hook.NewTransport(outcry.Reach{Loopback: true})
	t.Cleanup(by.CloseIdleConnections)
	if status, fault := post(t, by, server.URL); status != 0 || fault == "" {
		t.Errorf("a long head: status %d, %q", status, fault)
	}
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	secure.Config.ErrorLog = nil
	if status, fault := post(t, by, secure.URL); status != 0 || fault != "its certificate is not good for the host" {
		t.Errorf("a certificate of nobody's: status %d, %q", status, fault)
	}
}

func TestFaultOf_ShowsNothingOfTheServersNetwork(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		&net.DNSError{Err: "server misbehaving", Name: "till.example", Server: "10.9.8.7:53"},
		&net.DNSError{Err: "no such host", Name: "till.example", Server: "10.9.8.7:53", IsNotFound: true},
		&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 9, 8, 7), Port: 443}, Err: io.EOF},
		fmt.Errorf("read tcp 10.9.8.7:443: %w", io.ErrUnexpectedEOF), fmt.Errorf("10.9.8.7 is odd"),
	} {
		if got := hook.FaultOf(err); got == "" || strings.Contains(got, "10.9.8.7") {
			t.Errorf("%v is told as %q", err, got)
		}
	}
}
