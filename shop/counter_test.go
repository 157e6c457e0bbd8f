package shop_test

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"outcry"
	"outcry/wire"
)

// counter is the market's end of a shop's line.
type counter struct {
	mu     sync.Mutex
	frames []wire.Frame // what comes down, but for what was heard before
	after  []string     // the cursor of each line
	heard  []said       // what came up, in order
	// deaf has as many answers break the line as it says.
	deaf int
	// answer is what something is answered by; nil takes everything.
	answer func(said) wire.Frame
}

// said is one thing that came up.
type said struct {
	Type string          `json:"type"`
	Ref  string          `json:"ref"`
	Data json.RawMessage `json:"data"`
}

// bid is the offer that was said.
func (s said) bid() (b wire.UpBid) {
	_ = json.Unmarshal(s.Data, &b)
	return b
}

// all is what came up.
func (c *counter) all() []said {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}

func (c *counter) serve(w http.ResponseWriter, r *http.Request) {
	up := ws.HTTPUpgrader{Protocol: func(p string) bool { return p == wire.LineProtocol }}
	conn, _, _, err := up.Upgrade(r, w)
	if err != nil {
		return
	}
	defer conn.Close()
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	c.mu.Lock()
	c.after = append(c.after, r.URL.Query().Get("after"))
	var down []wire.Frame
	for _, f := range c.frames {
		if err != nil || f.Seq > after {
			down = append(down, f)
		}
	}
	c.mu.Unlock()
	for send(conn, down) {
		text, _, err := wsutil.ReadClientData(conn)
		if err != nil {
			return
		}
		var all []said
		_ = json.Unmarshal(text, &all)
		down = nil
		for _, s := range all {
			answers, ok := c.take(s)
			if !ok {
				return
			}
			down = append(down, answers...)
		}
	}
}

// send sends frames down; false is a broken line.
func send(conn net.Conn, frames []wire.Frame) bool {
	if len(frames) == 0 {
		return true
	}
	text, err := json.Marshal(frames)
	return err == nil && wsutil.WriteServerText(conn, text) == nil
}

// take answers one thing; false breaks the line before the answer.
func (c *counter) take(s said) (down []wire.Frame, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = append(c.heard, s)
	if c.deaf > 0 {
		c.deaf--
		return nil, false
	}
	answer := c.answer
	if answer == nil {
		answer = taken
	}
	f := answer(s)
	f.Ref = s.Ref
	down = append(down, f)
	if s.Type == wire.UpOffer && f.Type == wire.FrameOK && s.bid().Message == "accept me" {
		down = append(down, wire.Frame{Type: wire.EventOrder, Seq: 50, Data: wire.OrderNews{ID: "ord_1", State: outcry.OrderPlaced}})
	}
	return down, true
}

// taken is the answer of a market that takes everything.
func taken(s said) wire.Frame {
	b := s.bid()
	f := wire.Frame{Type: wire.FrameOK}
	switch s.Type {
	case wire.UpAck:
		var a wire.Acknowledgement
		_ = json.Unmarshal(s.Data, &a)
		f.Data = wire.Book{Version: a.Version, Acknowledged: a.Version}
	case wire.UpOffer:
		f.Data = wire.Offer{ID: "off_" + b.CallID, CallID: b.CallID, Version: 1, Price: b.Price}
	case wire.UpRevise:
		f.Data = wire.Offer{ID: b.OfferID, Version: b.Version + 1, Price: b.Price}
	case wire.UpMessage:
		f.Data = wire.Message{ID: "msg_1"}
	default:
		f.Data = bread
	}
	return f
}
