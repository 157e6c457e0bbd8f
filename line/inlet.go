package line

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/gobwas/ws"

	"outcry/wire"
)

// breach is a breach of the protocol.
type breach struct {
	code  ws.StatusCode
	words string
}

func (b *breach) Error() string { return b.words }

// inlet reads frames; it holds little while nothing comes.
type inlet struct {
	in      *bufio.Reader
	payload []byte
}

// inletSize is enough for most answers.
const inletSize = 512

// newInlet reads on where an HTTP server has stopped.
func newInlet(conn net.Conn, before *bufio.Reader) *inlet {
	var from io.Reader = conn
	if n := before.Buffered(); n > 0 {
		ahead, _ := before.Peek(n)
		from = io.MultiReader(strings.NewReader(string(ahead)), conn)
	}
	return &inlet{in: bufio.NewReaderSize(from, inletSize)}
}

// next reads a frame's head and its unmasked text. The text is good until the
// next call.
func (in *inlet) next() (ws.Header, []byte, error) {
	h, err := ws.ReadHeader(in.in)
	if err != nil {
		return h, nil, errors.Join(errLeft, err)
	}
	switch {
	case !h.Masked:
		return h, nil, &breach{ws.StatusProtocolError, "a client masks its frames"}
	case h.Rsv != 0:
		return h, nil, &breach{ws.StatusProtocolError, "no extension was agreed on"}
	case h.OpCode.IsControl() && (h.Length > ws.MaxControlFramePayloadSize || !h.Fin):
		return h, nil, &breach{ws.StatusProtocolError, "a control frame is short and whole"}
	case h.Length > wire.MaxUp:
		return h, nil, &breach{ws.StatusMessageTooBig, fmt.Sprintf("send at most %d bytes a frame", wire.MaxUp)}
	}
	if n := int(h.Length); cap(in.payload) < n || cap(in.payload) > 16*inletSize {
		in.payload = make([]byte, n)
	}
	text := in.payload[:h.Length]
	if _, err := io.ReadFull(in.in, text); err != nil {
		return h, nil, errors.Join(errLeft, err)
	}
	ws.Cipher(text, h.Mask, 0)
	return h, text, nil
}
