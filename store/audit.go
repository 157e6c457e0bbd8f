package store

import (
	"context"
	"strconv"
	"time"

	"outcry"
)

// Audit is one thing that was done with an operator's power, or to somebody's
// rights.
type Audit struct {
	At     time.Time
	Actor  string // a member's id
	Action string // such as "suspend shop"
	Target string // the id of what it was done to
	Detail string
}

// AddAudit notes a.
func (s *Store) AddAudit(ctx context.Context, a Audit) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		last, _, err := find(ctx, t, scanNumber, "SELECT COALESCE(MAX(n), 0) FROM audits")
		if err == nil {
			_, err = t.exec(ctx, "INSERT INTO audits (n, at, actor, action, target, detail) VALUES ($1, $2, $3, $4, $5, $6)",
				last+1, ms(a.At), a.Actor, a.Action, a.Target, a.Detail)
		}
		return none, wrap("add audit", err)
	})
	return err
}

// noted is an audit with its number.
type noted struct {
	Audit
	n int64
}

// Audits lists what was noted, the newest first. A cursor that is none is
// Invalid.
func (s *Store) Audits(ctx context.Context, p outcry.Page) ([]Audit, string, error) {
	f := filter{text: "SELECT n, at, actor, action, target, detail FROM audits"}
	if p.After != "" {
		n, err := strconv.ParseInt(p.After, 10, 64)
		if err != nil {
			return nil, "", outcry.BadField("query.after", "write the cursor that the page before gave as next")
		}
		f.and("n <", n)
	}
	f.order("n", true, outcry.Page{Limit: p.Limit})
	items, next, err := page(ctx, s.read, &f, p, reading[noted]{func(r row) (a noted, err error) {
		var at int64
		err = r.Scan(&a.n, &at, &a.Actor, &a.Action, &a.Target, &a.Detail)
		a.At = fromMS(at)
		return a, err
	}, func(a noted) string { return strconv.FormatInt(a.n, 10) }})
	audits := make([]Audit, len(items))
	for i, a := range items {
		audits[i] = a.Audit
	}
	return audits, next, wrap("list audits", err)
}
