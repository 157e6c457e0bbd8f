package dial_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/wire"
	"outcry/wire/dial"
)

// hub is a server that keeps the contract of one line: it numbers what happens
// from 1 and takes an offer for a call once.
type hub struct {
	mu    sync.Mutex
	log   []string      // the calls, the first with the number 1
	more  chan struct{} // closed when there are more
	taken map[string]int
	heard []wire.UpFrame // what came up, each time
	lines int            // how many were upgraded
	after []string       // with which cursor
	// answer is what an ask is answered by, "" not at all; nil is ok.
	answer func(wire.UpFrame) (typ string, data any)
	// refuse answers the upgrade in another way, where it is not nil.
	refuse http.HandlerFunc
}

func newHub() *hub { return &hub{more: make(chan struct{}), taken: map[string]int{}} }

// call makes a call happen.
func (h *hub) call(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.log = append(h.log, id)
	close(h.more)
	h.more = make(chan struct{})
}

// ServeHTTP opens a line at /line.
func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.refuse != nil {
		h.refuse(w, r)
		return
	}
	after, err := strconv.Atoi(r.URL.Query().Get("after"))
	greets := err != nil
	up := ws.HTTPUpgrader{Protocol: func(p string) bool { return p == wire.LineProtocol }}
	conn, _, _, err := up.Upgrade(r, w)
	if err != nil {
		return
	}
	defer conn.Close()
	h.mu.Lock()
	h.lines++
	h.after = append(h.after, r.URL.Query().Get("after"))
	var first []wire.Frame
	if greets {
		first = h.greeting()
		after = len(h.log)
	}
	h.mu.Unlock()
	answers := make(chan []wire.Frame, 64)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go h.read(ctx, cancel, conn, answers)
	h.write(ctx, conn, first, after, answers)
}

// greeting is a hello and all calls; the last item has the cursor.
func (h *hub) greeting() []wire.Frame {
	items := []wire.Frame{{Type: wire.EventHello, Data: wire.Hello{Name: "Bakery"}}}
	for _, id := range h.log {
		items = append(items, wire.Frame{Type: wire.EventCall, Data: wire.Call{ID: id}})
	}
	items[len(items)-1].Seq = int64(len(h.log))
	return items
}

// perFrame is how many events go into a frame.
const perFrame = 40

func (h *hub) write(ctx context.Context, conn net.Conn, items []wire.Frame, after int, answers chan []wire.Frame) {
	for {
		if len(items) > 0 {
			text, _ := json.Marshal(items)
			if wsutil.WriteServerText(conn, text) != nil {
				return
			}
		}
		items = nil
		h.mu.Lock()
		for ; after < len(h.log) && len(items) < perFrame; after++ {
			items = append(items, wire.Frame{Type: wire.EventCall, Seq: int64(after + 1), Data: wire.Call{ID: h.log[after]}})
		}
		more := h.more
		h.mu.Unlock()
		if len(items) > 0 {
			continue
		}
		select {
		case <-more:
		case items = <-answers:
		case <-ctx.Done():
			return
		}
	}
}

// read takes what comes up.
func (h *hub) read(ctx context.Context, cancel context.CancelFunc, conn net.Conn, answers chan []wire.Frame) {
	defer cancel()
	for {
		text, _, err := wsutil.ReadClientData(conn)
		if err != nil {
			return
		}
		var ups []wire.UpFrame
		if err := json.Unmarshal(text, &ups); err != nil || len(ups) > 256 || len(text) > 64<<10 {
			panic(fmt.Sprintf("%d items in %d bytes came up: %v", len(ups), len(text), err))
		}
		var out []wire.Frame
		for _, up := range ups {
			if answer := h.take(up); answer.Type != "" {
				out = append(out, answer)
			}
		}
		select {
		case answers <- out:
		case <-ctx.Done():
			return
		}
	}
}

// take answers one thing that came up.
func (h *hub) take(up wire.UpFrame) wire.Frame {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = append(h.heard, up)
	if h.answer != nil {
		typ, data := h.answer(up)
		return wire.Frame{Type: typ, Ref: up.Ref, Data: data}
	}
	call, _ := up.Data.(map[string]any)["call_id"].(string)
	h.taken[call] = max(h.taken[call], 1)
	return wire.Frame{Type: wire.FrameOK, Ref: up.Ref, Data: wire.Offer{ID: "off_" + call, CallID: call}}
}

// network is a network of pipes on which each connection is cut after some
// bytes, by chance. It stands in a bubble.
type network struct {
	mu    sync.Mutex
	r     *rand.Rand
	most  int // the bytes after which a connection is cut at the latest; 0: never
	cuts  int
	conns chan net.Conn
	done  chan struct{}
	open  []net.Conn
	down  atomic.Bool // nobody answers
}

// breakAll breaks all connections.
func (n *network) breakAll() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.open {
		_ = c.Close()
	}
	n.open = nil
}

func newNetwork(seed uint64, most int) *network {
	return &network{r: rand.New(rand.NewPCG(seed, 1)), most: most, conns: make(chan net.Conn), done: make(chan struct{})}
}

// errCut is what a listener of the network ends with.
var errCut = errors.New("the network is down")

func (n *network) Accept() (net.Conn, error) {
	select {
	case c := <-n.conns:
		return c, nil
	case <-n.done:
		return nil, errCut
	}
}

func (n *network) Close() error   { close(n.done); return nil }
func (n *network) Addr() net.Addr { return &net.TCPAddr{} }

func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if n.down.Load() {
		return nil, errCut
	}
	here, there := net.Pipe()
	select {
	case n.conns <- there:
	case <-n.done:
		return nil, errCut
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return n.cutting(here), nil
}

// cutting makes a connection break after some bytes.
func (n *network) cutting(c net.Conn) net.Conn {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open = append(n.open, c)
	if n.most == 0 {
		return c
	}
	return &brittle{Conn: c, net: n, left: n.r.IntN(n.most)}
}

// brittle is a connection with some bytes left, in both directions together.
type brittle struct {
	net.Conn
	net  *network
	mu   sync.Mutex
	left int
	cut  bool
}

// use takes up to want bytes; fewer cut the connection.
func (b *brittle) use(want int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(want, b.left)
	b.left -= n
	if n < want && !b.cut {
		b.cut = true
		b.net.mu.Lock()
		b.net.cuts++
		b.net.mu.Unlock()
	}
	return n
}

func (b *brittle) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	if n > 0 {
		if got := b.use(n); got < n {
			_ = b.Conn.Close()
			return got, io.ErrUnexpectedEOF
		}
	}
	return n, err
}

func (b *brittle) Write(p []byte) (int, error) {
	may := b.use(len(p))
	n, err := b.Conn.Write(p[:may])
	if err == nil && may < len(p) {
		_ = b.Conn.Close()
		err = io.ErrClosedPipe
	}
	return n, err
}

// on serves a handler on a network; the caller dials it.
func on(t *testing.T, n *network, h http.Handler) dial.Caller {
	t.Helper()
	var handling sync.WaitGroup
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handling.Add(1)
		defer handling.Done()
		h.ServeHTTP(w, r)
	})}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = srv.Serve(n)
	}()
	tr := &http.Transport{DialContext: n.dial}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		_ = srv.Close()
		<-served
		n.breakAll()
		handling.Wait()
	})
	return dial.Caller{Server: "http://market.test", Token: "ock_1", HTTP: &http.Client{Transport: tr}}
}

// wantCode checks which error it is.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if outcry.CodeOf(err) != code {
		t.Errorf("got %v, not %s", err, code)
	}
}

// wantProblem checks that all of a problem arrives.
func wantProblem(t *testing.T, err error) {
	t.Helper()
	want := &outcry.Error{Kind: outcry.Closed, Code: "call_closed", Msg: "time was up",
		Fields: []outcry.Field{{Location: "body.price", Message: "write less"}}}
	var got *outcry.Error
	if !errors.As(err, &got) {
		t.Fatalf("%v is no *outcry.Error", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
