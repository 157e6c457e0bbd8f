package store

import (
	"context"
	"time"

	"outcry"
)

// kept is a policy as it is kept.
type kept struct {
	version int
	body    []byte
}

func scanPolicy(r row) (p kept, err error) {
	err = r.Scan(&p.version, &p.body)
	return p, err
}

const lastPolicy = "SELECT version, body FROM policies ORDER BY version DESC LIMIT 1"

// Policy gives the last version of the operator's rules; 0 and nil before the
// first.
func (s *Store) Policy(ctx context.Context) (version int, body []byte, err error) {
	p, _, err := find(ctx, s.read, scanPolicy, lastPolicy)
	return p.version, p.body, wrap("read policy", err)
}

// PutPolicy adds a version of the operator's rules, by a member. A version that
// is not the next one is a Conflict with the code "stale".
func (s *Store) PutPolicy(ctx context.Context, version int, by string, body []byte, at time.Time) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		last, _, err := find(ctx, t, scanPolicy, lastPolicy)
		switch {
		case err != nil:
			return none, wrap("put policy", err)
		case version != last.version+1:
			return none, &outcry.Error{Op: "put policy", Kind: outcry.Conflict, Code: "stale",
				Msg: "the policy was changed meanwhile; read it and try again"}
		}
		_, err = t.exec(ctx, "INSERT INTO policies (version, member_id, body, at) VALUES ($1, $2, $3, $4)",
			int64(version), by, body, ms(at))
		return none, wrap("put policy", err)
	})
	return err
}
