package rush

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gobwas/ws"

	"outcry/wire"
)

// longest is how long a message on a line may be, in bytes.
const longest = 16 << 20

// errMessage says that a message is not one of a line.
var errMessage = errors.New("what came on the line is no message of it")

// wired is a shop's end of a line. Its frames are masked with zeros, which costs
// nothing.
type wired struct {
	*pipe
	*seller
	text   []byte
	head   bytes.Buffer
	offers int // that wait in the seller's out
}

// overLine hears calls and says offers on a line.
func (s *seller) overLine(_ context.Context, p *pipe, c crew, i int) (hearing, error) {
	a, err := p.upgrade("/v1/shops/"+c.Town.shop(i)+"/line", s.key)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusSwitchingProtocols {
		text, _ := p.in.Peek(min(200, max(0, int(a.length)))) // what there is of it
		return nil, fmt.Errorf("open the line: %d %s", a.status, text)
	}
	w := &wired{pipe: p, seller: s}
	first, err := w.next()
	if err == nil && !bytes.Contains(first, []byte(`"type":"hello"`)) {
		err = errMessage
	}
	if err != nil {
		return nil, fmt.Errorf("hear the hello: %w", err)
	}
	return w.hear, nil
}

// upgrade asks for a line.
func (p *pipe) upgrade(path, key string) (answer, error) {
	err := p.send(letter{
		method: http.MethodGet, path: path, key: key,
		more: "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
			"Sec-WebSocket-Key: cnVzaCBydXNoIHJ1c2ggcg==\r\nSec-WebSocket-Protocol: " + wire.LineProtocol + "\r\n",
	})
	if err != nil {
		return answer{}, err
	}
	return p.head()
}

// hear answers calls until the line ends. What has come in together is answered
// together.
func (w *wired) hear() error {
	for {
		text, err := w.next()
		if err != nil {
			return err
		}
		if err := w.take(text); err != nil {
			return err
		}
		if w.in.Buffered() > 0 { // more has come in
			continue
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
}

// next is the next text; it stands until the one after. What keeps a line alive is
// answered on the way.
func (w *wired) next() ([]byte, error) {
	for {
		h, err := ws.ReadHeader(w.in)
		if err != nil {
			return nil, err
		}
		if !h.Fin || h.Masked || h.Length > longest {
			return nil, errMessage
		}
		if int64(cap(w.text)) < h.Length {
			w.text = make([]byte, h.Length+h.Length/2)
		}
		w.text = w.text[:h.Length]
		if _, err := io.ReadFull(w.in, w.text); err != nil {
			return nil, err
		}
		switch h.OpCode {
		case ws.OpText:
			return w.text, nil
		case ws.OpPing:
			err = w.say(ws.OpPong, w.text)
		case ws.OpPong:
		case ws.OpClose:
			return nil, fmt.Errorf("the server has closed the line: %q: %w", w.text, io.EOF)
		default:
			return nil, errMessage
		}
		if err != nil {
			return nil, err
		}
	}
}

// say sends a message.
func (w *wired) say(op ws.OpCode, text []byte) error {
	w.head.Reset()
	if err := ws.WriteHeader(&w.head, ws.Header{Fin: true, OpCode: op, Masked: true, Length: int64(len(text))}); err != nil {
		return err
	}
	_, _ = w.head.Write(text) // it never fails
	if err := w.SetDeadline(time.Now().Add(quiet)); err != nil {
		return err
	}
	_, err := w.Write(w.head.Bytes())
	return err
}

// The parts of frames that matter here: the server writes type, seq, ref and data
// in this order, and the id of a call as the first of its data.
var (
	callFrame    = []byte(`"type":"call"`)
	okFrame      = []byte(`"type":"ok"`)
	problemFrame = []byte(`"type":"problem"`)
)

// take hears the frames of a message and has an offer said for each call.
func (w *wired) take(text []byte) error {
	w.taken.Add(int64(bytes.Count(text, okFrame)))
	if n := bytes.Count(text, problemFrame); n > 0 {
		w.complain(string(text[bytes.Index(text, problemFrame):]))
		w.refused.Add(int64(n))
	}
	for {
		at := bytes.Index(text, callFrame)
		if at < 0 {
			return nil
		}
		text = text[at+len(callFrame):]
		if err := w.offer(member(text, `"id":"`)); err != nil {
			return err
		}
	}
}

// offer adds an offer to what is said next, and says it where no more may be said
// at once.
func (w *wired) offer(call []byte) error {
	n := w.heard.Add(1)
	sep := byte(',')
	if w.offers == 0 {
		sep = '['
	}
	b := append(append(w.seller.out, sep), `{"type":"offer","ref":"`...)
	b = append(strconv.AppendInt(b, n, 10), `","data":{"call_id":"`...)
	b = append(append(b, call...), `",`...)
	w.seller.out = append(w.price(b), '}', '}')
	if w.offers++; w.offers < wire.MaxUps {
		return nil
	}
	return w.flush()
}

// flush says all offers that are to be said.
func (w *wired) flush() error {
	if w.offers == 0 {
		return nil
	}
	err := w.say(ws.OpText, append(w.seller.out, ']'))
	w.said.Add(int64(w.offers))
	w.seller.out, w.offers = w.seller.out[:0], 0
	return err
}
