package store

import (
	"context"
	"time"

	"outcry"
)

// OnceLife is how long the answer to an Idempotency-Key is replayed.
const OnceLife = 24 * time.Hour

// Once is a call that is to be done once: a member's Idempotency-Key on a route.
type Once struct {
	Member, Key, Route string
	// BodyHash tells whether a later call with the key is the same call.
	BodyHash string
	At       time.Time
	// Run names the process that does it. What an earlier process left running
	// is taken over.
	Run string
}

// OnceRecord is what is known of an earlier call with the same key.
type OnceRecord struct {
	BodyHash string
	At       time.Time // of the first call
	Run      string    // the process that did it, or was doing it
	Answer   OnceAnswer
}

// OnceAnswer is the answer that is replayed; Status 0 says that there is none
// yet.
type OnceAnswer struct {
	Status       int
	Header, Body []byte
}

func scanOnce(r row) (o OnceRecord, err error) {
	var at int64
	err = r.Scan(&o.BodyHash, &at, &o.Run, &o.Answer.Status, &o.Answer.Header, &o.Answer.Body)
	o.At = fromMS(at)
	return o, err
}

// BeginOnce notes that o is being done, and gives nil; or it gives what is known
// of the key from before, and the caller
//
//   - answers that the key is used for something else, where BodyHash differs;
//   - replays the Answer, where its Status is set;
//   - answers that it is still running, where Run is its own;
//   - else does it again, as of the record's At, so that ids made from time and
//     key are the same again: the call is its own now.
//
// A record that is older than OnceLife is as if it was not there.
func (s *Store) BeginOnce(ctx context.Context, o Once) (prior *OnceRecord, err error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (*OnceRecord, error) {
		was, found, err := find(ctx, t, scanOnce, `SELECT body_hash, at, run, status, header, body FROM once
			WHERE member_id = $1 AND key = $2 AND route = $3`, o.Member, o.Key, o.Route)
		switch {
		case err != nil:
			return nil, wrap("begin once", err)
		case !found || o.At.Sub(was.At) >= OnceLife:
			_, err = t.exec(ctx, `INSERT INTO once (member_id, key, route, body_hash, at, run, status) VALUES ($1, $2, $3, $4, $5, $6, 0)
				ON CONFLICT (member_id, key, route) DO UPDATE SET body_hash = excluded.body_hash, at = excluded.at,
				run = excluded.run, status = 0, header = NULL, body = NULL`,
				o.Member, o.Key, o.Route, o.BodyHash, ms(o.At), o.Run)
			return nil, wrap("begin once", err)
		case was.Answer.Status == 0 && was.Run != o.Run && was.BodyHash == o.BodyHash:
			_, err = t.exec(ctx, "UPDATE once SET run = $1 WHERE member_id = $2 AND key = $3 AND route = $4",
				o.Run, o.Member, o.Key, o.Route)
		}
		return &was, wrap("begin once", err)
	})
}

// FinishOnce keeps the answer to what BeginOnce began; NotFound where it did
// not, or another process has taken it over.
func (s *Store) FinishOnce(ctx context.Context, o Once, a OnceAnswer) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		n, err := t.exec(ctx, `UPDATE once SET status = $1, header = $2, body = $3
			WHERE member_id = $4 AND key = $5 AND route = $6 AND run = $7`,
			int64(a.Status), a.Header, a.Body, o.Member, o.Key, o.Route, o.Run)
		if err == nil && n == 0 {
			return none, outcry.Missing("call with this key")
		}
		return none, wrap("finish once", err)
	})
	return err
}

// ForgetOnce gives the key of an unfinished call free again, for a call that
// was refused before it did anything.
func (s *Store) ForgetOnce(ctx context.Context, o Once) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		_, err = t.exec(ctx, "DELETE FROM once WHERE member_id = $1 AND key = $2 AND route = $3 AND run = $4 AND status = 0",
			o.Member, o.Key, o.Route, o.Run)
		return none, wrap("forget once", err)
	})
	return err
}

// SweepOnce forgets the calls that began before a moment, and says how many.
func (s *Store) SweepOnce(ctx context.Context, before time.Time) (int, error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (int, error) {
		n, err := t.exec(ctx, "DELETE FROM once WHERE at < $1", ms(before))
		return int(n), wrap("sweep once", err)
	})
}
