package dial

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"outcry"
	"outcry/wire"
)

// errNoFrames says that a message is not what the protocol says.
var errNoFrames = errors.New("the server sent what is no JSON array of frames")

// down takes the frames of a message as they come: what came whole counts though
// the message breaks off, so that a bad line gets on. Events without a cursor
// count with the one behind them that has it: a greeting that was cut short is
// heard again whole.
func (l *Line) down(frames *jsontext.Decoder, s *socket, f *follower) error {
	if t, err := frames.ReadToken(); err != nil || t.Kind() != '[' {
		return errors.Join(errNoFrames, err)
	}
	var greeting []Event
	for frames.PeekKind() != ']' {
		var d frame
		if err := jsonv2.UnmarshalDecode(frames, &d); err != nil {
			return errors.Join(errNoFrames, err)
		}
		f.wait.Reset()
		if e, ok := l.take(d, s); ok {
			greeting = append(greeting, e)
		}
		if d.Seq > 0 {
			l.in.put(greeting...) // what a full inbox does not take comes again when it is empty
			greeting = greeting[:0]
		}
	}
	if len(greeting) > 0 {
		l.in.put(greeting...)
	}
	_, _ = frames.ReadToken() // it is there
	if _, err := frames.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.Join(errNoFrames, err)
	}
	return nil
}

// frame is one item of a message that came down.
type frame struct {
	Type string         `json:"type"`
	Seq  int64          `json:"seq"`
	Ref  string         `json:"ref"`
	Data jsontext.Value `json:"data"`
}

// take brings an answer to who asked; ok is true for an event.
func (l *Line) take(d frame, s *socket) (e Event, ok bool) {
	switch d.Type {
	case wire.FrameOK:
		l.asks.answer(d.Ref, reply{data: json.RawMessage(d.Data)})
		return e, false
	case wire.FrameProblem:
		if err := problemOf(d.Data); d.Ref != "" {
			l.asks.answer(d.Ref, reply{err: err})
		} else {
			s.complaint = err.Error() // the reason for what comes next
		}
		return e, false
	}
	e = Event{Kind: d.Type, Data: d.Data}
	if d.Seq > 0 {
		e.ID = strconv.FormatInt(d.Seq, 10)
	}
	return e, true
}

// problemOf is the error that the data of a problem tells.
func problemOf(data []byte) error {
	var p wire.Problem
	if err := json.Unmarshal(data, &p); err != nil || p.Code == "" {
		return &outcry.Error{Kind: outcry.Internal, Code: "foreign_answer", Msg: "the answer is no problem report", Err: err}
	}
	return told(p, p.Status)
}
