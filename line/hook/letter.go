package hook

import (
	"context"
	"errors"
	"sync"
	"time"

	"outcry"
	"outcry/line"
)

// letter is what a shop is told of an event, made once for all its webhooks.
type letter struct {
	once sync.Once
	Letter
	body []byte
	err  error
}

// read gives what the shop is told.
func (l *letter) read(ctx context.Context, s *Sender, shop string, e *line.News) error {
	l.once.Do(func() {
		if l.Letter, l.err = s.Tell(ctx, shop, e); l.err == nil && l.Type != "" {
			l.body = envelope(l.Type, e.At, l.Data)
		}
	})
	return l.err
}

// envelope is the body of a webhook: {type, timestamp, data}.
func envelope(kind outcry.Told, at time.Time, data []byte) []byte {
	b := make([]byte, 0, len(data)+80)
	b = append(b, `{"type":"`...)
	b = append(b, kind...)
	b = append(b, `","timestamp":"`...)
	b = at.UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
	b = append(b, `","data":`...)
	b = append(b, data...)
	return append(b, '}')
}

var errNoEvent = errors.New("the event is not in the log any more")

// unfold finds what a parcel holds.
func (s *Sender) unfold(ctx context.Context, p *parcel) (*letter, error) {
	if p.event == nil {
		events, err := s.Log.Tail(ctx, p.d.Seq-1, 1)
		if err != nil {
			return nil, err
		}
		if len(events) == 0 || events[0].Seq != p.d.Seq {
			return nil, errNoEvent
		}
		p.event = &line.News{Event: events[0]}
	}
	l := p.letter
	if l == nil {
		l = &letter{}
	}
	return l, l.read(ctx, s, p.to.hook.Shop, p.event)
}
