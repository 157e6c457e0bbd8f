package line

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"outcry/wire"
)

// poll answers at once when there are events, else when one comes or the time
// is over.
func (l *Line) poll(w http.ResponseWriter, r *http.Request, s session, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	if s.shop != "" {
		l.Presence.Connect(s.shop, 1, l.Clock())
		defer func() { l.Presence.Connect(s.shop, -1, l.Clock()) }()
	}
	wake, rung := Bell()
	ear := l.Tail.Listen(s.topic, queueSize, wake)
	defer ear.Close()
	answer := wire.Polled{Items: append([]wire.Frame{}, s.greeting...), Next: s.after}
	for {
		if err := l.page(r.Context(), s, &answer); err != nil {
			return err
		}
		if len(answer.Items) > 0 || answer.Reset {
			break
		}
		select {
		case <-rung:
			continue
		case <-ctx.Done():
		case <-l.draining:
		}
		break
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return fmt.Errorf("answer a poll: %w", err)
	}
	return nil
}

// page adds to an answer what the log has behind its cursor.
func (l *Line) page(ctx context.Context, s session, answer *wire.Polled) error {
	events, reset, err := s.read(ctx, answer.Next, readPage)
	if err != nil {
		return err
	}
	if reset {
		answer.Reset = true
		answer.Next, err = l.Tail.log.LastSeq(ctx)
		return err
	}
	for i := range events {
		answer.Next = events[i].Seq
		if name, data, ok := s.data(ctx, &News{Event: events[i]}); ok {
			answer.Items = append(answer.Items, wire.Frame{Type: name, Seq: events[i].Seq, Data: json.RawMessage(data)})
		}
	}
	return nil
}
