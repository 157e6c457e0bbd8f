package line

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/gobwas/ws"

	"outcry"
	"outcry/wire"
)

// take takes a whole message of a shop.
func (s *socket) take(message []byte) error {
	err := wire.ReadUps(message, func(up *wire.Up, wrong error) {
		select {
		case s.room <- struct{}{}: // where there is none, no more is read
		case <-s.rec.gone:
			return
		}
		switch {
		case wrong != nil:
			s.refuse(up, wrong)
		case !s.rate.Allow():
			s.refuse(up, &outcry.Error{Op: "hear", Kind: outcry.Limited, Code: "too_many", Retry: 1,
				Msg: "you say more in a second than is heard; say this again later"})
		default:
			s.queue(up)
		}
	})
	if err != nil {
		return &breach{ws.StatusInvalidFramePayloadData, err.Error()}
	}
	return nil
}

// queue has something done, behind all else that was said of the same request.
func (s *socket) queue(up *wire.Up) {
	about := up.About()
	s.mu.Lock()
	waiting, busy := s.lanes[about]
	if busy {
		s.lanes[about] = append(waiting, up)
		s.mu.Unlock()
		return
	}
	if s.lanes == nil {
		s.lanes = map[string][]*wire.Up{}
	}
	s.lanes[about] = nil
	s.mu.Unlock()
	s.line.crew.run(func() { s.work(about, up) })
}

// work does what was said of a request, one after the other.
func (s *socket) work(about string, up *wire.Up) {
	for up != nil {
		s.do(up)
		s.mu.Lock()
		if waiting := s.lanes[about]; len(waiting) > 0 {
			up, s.lanes[about] = waiting[0], waiting[1:]
		} else {
			up = nil
			delete(s.lanes, about)
		}
		s.mu.Unlock()
	}
}

// do does one thing. It is done to the end though the line breaks meanwhile.
func (s *socket) do(up *wire.Up) {
	result, err := s.line.Up(s.rec.ctx, s.who, s.shop, up)
	if err != nil {
		s.refuse(up, err)
		return
	}
	if up.Ref == "" {
		<-s.room
		return
	}
	data, err := json.Marshal(result)
	if err != nil {
		s.refuse(up, err)
		return
	}
	s.reply(wire.FrameOK, up.Ref, data)
}

// refuse answers with what is wrong.
func (s *socket) refuse(up *wire.Up, err error) {
	data, _ := json.Marshal(s.line.Problem(err)) // a problem can be written
	s.reply(wire.FrameProblem, up.Ref, data)
}

// reply queues an answer.
func (s *socket) reply(kind, ref string, data []byte) {
	b := make([]byte, 0, len(data)+len(ref)+48)
	b = append(append(b, `{"type":"`...), kind...)
	b = append(b, '"')
	if ref != "" {
		b = append(b, `,"ref":`...)
		b, _ = jsontext.AppendQuote(b, ref) // it was read as text
	}
	b = append(append(b, `,"data":`...), data...)
	b = append(b, '}')
	s.mu.Lock()
	s.replies = append(s.replies, b)
	s.mu.Unlock()
	s.rec.wake()
}
