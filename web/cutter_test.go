package web_test

import (
	"io"
	"net"
	"sync"
	"testing"
)

// cutter stands between browsers and a server, hands bytes on, and breaks
// connections where it is told to.
type cutter struct {
	t      *testing.T
	listen net.Listener
	busy   sync.WaitGroup

	mu     sync.Mutex
	target string
	left   int // bytes to browsers until all is cut; below 0: no end
	cuts   int
	open   map[net.Conn]bool
}

// newCutter opens one on a free port, until the test ends.
func newCutter(t *testing.T) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{t: t, listen: l, left: -1, open: map[net.Conn]bool{}}
	c.busy.Go(c.serve)
	t.Cleanup(func() {
		l.Close()
		c.cutAll()
		c.busy.Wait()
	})
	return c
}

func (c *cutter) url() string { return "http://" + c.listen.Addr().String() }

// to hands connections on to another server from now on.
func (c *cutter) to(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.target = address
}

// cutAfter cuts everything when so many further bytes went to browsers.
func (c *cutter) cutAfter(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = n
}

// cutAll cuts everything now.
func (c *cutter) cutAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cutLocked()
}

func (c *cutter) cutLocked() {
	c.left = -1
	for conn := range c.open {
		conn.Close()
	}
	clear(c.open)
}

// done says how often it cut since it was told to.
func (c *cutter) done() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cuts
}

func (c *cutter) serve() {
	for {
		browser, err := c.listen.Accept()
		if err != nil {
			return
		}
		c.mu.Lock()
		target := c.target
		c.mu.Unlock()
		server, err := net.Dial("tcp", target)
		if err != nil {
			browser.Close()
			continue
		}
		c.mu.Lock()
		c.open[browser], c.open[server] = true, true
		c.mu.Unlock()
		c.busy.Go(func() {
			_, _ = io.Copy(server, browser)
			server.Close()
		})
		c.busy.Go(func() {
			_, _ = io.Copy(down{c, browser}, server)
			browser.Close()
		})
	}
}

// down is the way to a browser.
type down struct {
	cutter *cutter
	to     net.Conn
}

// Write hands on as many bytes as there are left.
func (d down) Write(b []byte) (int, error) {
	c := d.cutter
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left < 0 || len(b) <= c.left {
		if c.left >= 0 {
			c.left -= len(b)
		}
		return d.to.Write(b)
	}
	n, _ := d.to.Write(b[:c.left])
	c.cuts++
	c.cutLocked()
	return n, io.ErrClosedPipe
}
