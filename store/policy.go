package store

import (
	"context"
	"strconv"
	"time"

	"outcry"
	"outcry/policy"
)

var _ policy.Store = (*Store)(nil)

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

// PolicyVersion gives a version of the operator's rules; one that there is not is
// NotFound.
func (s *Store) PolicyVersion(ctx context.Context, version int) (body []byte, err error) {
	p, found, err := find(ctx, s.read, scanPolicy, "SELECT version, body FROM policies WHERE version = $1", int64(version))
	if err == nil && !found {
		return nil, outcry.Missing("version of the policy")
	}
	return p.body, wrap("read policy", err)
}

// Policies lists the versions of the operator's rules, the newest first. A cursor
// that is none is Invalid.
func (s *Store) Policies(ctx context.Context, p outcry.Page) ([]policy.Version, string, error) {
	f := filter{text: "SELECT version, member_id, at FROM policies"}
	if p.After != "" {
		n, err := strconv.ParseInt(p.After, 10, 64)
		if err != nil {
			return nil, "", outcry.BadField("query.after", "write the cursor that the page before gave as next")
		}
		f.and("version <", n)
	}
	f.order("version", true, outcry.Page{Limit: p.Limit})
	items, next, err := page(ctx, s.read, &f, p, reading[policy.Version]{func(r row) (v policy.Version, err error) {
		var at int64
		err = r.Scan(&v.N, &v.By, &at)
		v.At = fromMS(at)
		return v, err
	}, func(v policy.Version) string { return strconv.Itoa(v.N) }})
	return items, next, wrap("list policies", err)
}

// PutPolicy adds a version of the operator's rules, by a member or "file". A
// version that is not the next one is a Conflict with the code "stale".
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
