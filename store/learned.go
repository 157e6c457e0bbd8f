package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"outcry"
)

// learnedTable keeps the row that knows more, whoever writes last.
var learnedTable = newTable("learned", "subject, seq, body",
	" ON CONFLICT (subject) DO UPDATE SET seq = excluded.seq, body = excluded.body WHERE excluded.seq >= learned.seq")

func scanLearned(r row) (l outcry.Learned, err error) {
	err = r.Scan(&l.Subject, (*longCell)(&l.Seq), &l.Body)
	return l, err
}

// EachLearned calls do with every row of what was learned, in the order of their
// subjects. It reads some at a time, a little ahead: rows that are saved
// meanwhile are given as they were or as they are. The first error ends it.
func (s *Store) EachLearned(ctx context.Context, do func(outcry.Learned) error) error {
	return each(ctx, s.read, every[outcry.Learned]{
		of: "what was learned", text: "SELECT subject, seq, body FROM learned WHERE subject > $1 ORDER BY subject LIMIT $2",
		scan: scanLearned, key: func(l outcry.Learned) string { return l.Subject },
	}, do)
}

// SaveLearned keeps rows, each in the place of the one with its subject, and
// notes that every lesson up to the event upTo is in what is kept: all of it or
// nothing. A row that was learned from fewer events than the kept one changes
// nothing, of several rows of one subject the last counts, and an upTo below
// the noted one leaves that as it is; 0 always does. A row without a subject is
// Invalid.
func (s *Store) SaveLearned(ctx context.Context, rows []outcry.Learned, upTo int64) error {
	values, err := learnedValues(rows)
	if err != nil {
		return err
	}
	_, err = write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		if err := t.insert(ctx, learnedTable, values); err != nil {
			return none, wrap("save what was learned", err)
		}
		_, err = t.exec(ctx, "UPDATE learned_up_to SET seq = $1 WHERE seq < $2", upTo, upTo)
		return none, wrap("save what was learned", err)
	})
	return err
}

// learnedValues are the columns of rows, one row after another, each subject
// once: PostgreSQL does not change a row twice by one statement.
func learnedValues(rows []outcry.Learned) ([]any, error) {
	at := make(map[string]int, len(rows))
	values := make([]any, 0, len(rows)*learnedTable.columns)
	for i, l := range rows {
		if l.Subject == "" {
			return nil, outcry.BadField("rows", "row %d lacks its subject", i)
		}
		if had, twice := at[l.Subject]; twice {
			values[had+1], values[had+2] = l.Seq, string(l.Body)
			continue
		}
		at[l.Subject] = len(values)
		values = append(values, l.Subject, l.Seq, string(l.Body))
	}
	return values, nil
}

// LearnedUpTo is the number of the event up to which every lesson is in what is
// kept; 0 before the first. Rows may know more: each says how much.
func (s *Store) LearnedUpTo(ctx context.Context) (int64, error) {
	n, _, err := find(ctx, s.read, scanNumber, "SELECT seq FROM learned_up_to")
	return n, wrap("read what was learned", err)
}

// Lessons gives the events that something is learned from, which are the
// closings of requests and the moves of orders, with numbers above after, in
// order, at most limit of them. It goes along the log from after on.
func (s *Store) Lessons(ctx context.Context, after int64, limit int) ([]outcry.Event, error) {
	events, err := list(ctx, s.read, scanEvent, "SELECT "+logColumns+
		" FROM log WHERE seq > $1 AND kind IN ('closed', 'order') ORDER BY seq LIMIT $2", after, bound(limit))
	return events, wrap("read lessons", err)
}

// wavesAtOnce is how many waves CallsSince reads by one query.
const wavesAtOnce = 500

// madeWave is a wave as CallsSince reads it.
type madeWave struct {
	seq, at int64
	body    []byte
}

// CallsSince calls each with every call that was made at that moment or later,
// in the order of their times: a moment is a whole millisecond, so that one
// within a millisecond begins with it. The waves are found by their times in an
// index of their own, since clocks of several nodes, or one that was set back,
// let the log's numbers and its times go apart. The first error ends it.
func (s *Store) CallsSince(ctx context.Context, at time.Time, each func(shop string, at time.Time) error) error {
	from, after := ms(at), int64(0)
	for {
		some, err := list(ctx, s.read, func(r row) (w madeWave, err error) {
			err = r.Scan(&w.seq, &w.at, &w.body)
			return w, err
		}, "SELECT seq, at, body FROM log WHERE kind = 'called' AND (at, seq) > ($1, $2) ORDER BY at, seq LIMIT $3",
			from, after, int64(wavesAtOnce))
		if err != nil {
			return wrap("read calls", err)
		}
		for _, w := range some {
			if err := w.calls(each); err != nil {
				return err
			}
		}
		if len(some) < wavesAtOnce {
			return nil
		}
		from, after = some[len(some)-1].at, some[len(some)-1].seq
	}
}

// calls calls each with the calls of a wave.
func (w madeWave) calls(each func(shop string, at time.Time) error) error {
	var wave struct {
		Calls []struct {
			Shop string `json:"shop"`
		} `json:"calls"`
	}
	if err := json.Unmarshal(w.body, &wave); err != nil {
		return fmt.Errorf("event %d: %w", w.seq, err)
	}
	at := fromMS(w.at)
	for _, c := range wave.Calls {
		if err := each(c.Shop, at); err != nil {
			return err
		}
	}
	return nil
}
