package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode/utf8"
)

// tx is the transaction of one group. Rows that many jobs add to one table wait
// in it and go out together; a direct statement does not see them, and none
// needs to.
type tx struct {
	own   *sql.Tx
	stmts *statements

	last int64            // the log's last number
	ends map[string]int64 // the last number of each request's events; absent: no such request

	log, heard, requests []any // rows that wait, one after another
	later                []statement

	wrote  int   // how many direct statements changed something
	broken error // what the database refused
}

// statement is one that waits.
type statement struct {
	text string
	args []any
}

// over makes t the transaction own, with nothing done and nothing waiting.
func (t *tx) over(own *sql.Tx) {
	t.own, t.last, t.wrote, t.broken = own, 0, 0, nil
	clear(t.ends)
	t.log, t.heard, t.requests, t.later = emptied(t.log), emptied(t.heard), emptied(t.requests), emptied(t.later)
}

// roomy is how many waiting values' room is kept for the next group.
const roomy = 1 << 14

// emptied is s without its items, but with their room where that is not large.
func emptied[T any](s []T) []T {
	if cap(s) > roomy {
		return nil
	}
	return s[:0]
}

// endsOf reads the end of the log and of the logs of some requests.
var endsOf = newIn(`SELECT '', COALESCE(MAX(seq), 0) FROM log UNION ALL
	SELECT r.id, (SELECT COALESCE(MAX(l.seq), 0) FROM log l WHERE l.request_id = r.id AND l.request_id <> '')
	FROM requests r WHERE r.id IN (`)

// begin takes the writers' lock and reads where the logs of the jobs end.
func (t *tx) begin(ctx context.Context, lock string, jobs []*job) error {
	if lock != "" {
		if err := t.plain(ctx, lock); err != nil {
			return err
		}
	}
	ids := []any{""}
	for _, j := range jobs {
		if j.request != "" && storable(j.request) {
			ids = append(ids, j.request)
		}
	}
	for part := range endsOf.parts(ids) {
		if err := t.readEnds(ctx, part); err != nil {
			return fmt.Errorf("read the end of the log: %w", err)
		}
	}
	return nil
}

func (t *tx) readEnds(ctx context.Context, ids []any) error {
	type end struct {
		request string
		seq     int64
	}
	ends, err := list(ctx, t, func(r row) (e end, err error) {
		err = r.Scan(&e.request, &e.seq)
		return e, err
	}, endsOf.text(len(ids)), ids...)
	for _, e := range ends {
		if e.request == "" {
			t.last = e.seq
			continue
		}
		t.ends[e.request] = e.seq
	}
	return err
}

// mark is where a job began.
type mark struct {
	last                        int64
	request                     string
	end                         int64
	known                       bool // whether there is the request
	log, heard, requests, later int
	wrote                       int
}

func (t *tx) mark(j *job) mark {
	end, known := t.ends[j.request]
	return mark{
		last: t.last, request: j.request, end: end, known: known,
		log: len(t.log), heard: len(t.heard), requests: len(t.requests), later: len(t.later), wrote: t.wrote,
	}
}

// rewind forgets what waits since m, and an error since then.
func (t *tx) rewind(m mark) {
	t.last, t.wrote, t.broken = m.last, m.wrote, nil
	if t.ends[m.request] = m.end; !m.known {
		delete(t.ends, m.request)
	}
	t.log, t.heard, t.requests = cut(t.log, m.log), cut(t.heard, m.heard), cut(t.requests, m.requests)
	t.later = cut(t.later, m.later)
}

// cut shortens s to n, where it is longer.
func cut[T any](s []T, n int) []T { return s[:min(n, len(s))] }

// try runs j. failed is what it decided against; err says that the database
// refused something, or that j failed and left something behind.
func (t *tx) try(ctx context.Context, j *job) (failed, err error) {
	m := t.mark(j)
	failed = j.safely(ctx, t)
	switch {
	case t.broken != nil:
		return nil, t.broken
	case failed == nil:
		return nil, nil
	case t.wrote != m.wrote:
		return failed, errApart
	}
	t.rewind(m)
	return failed, nil
}

// safely runs j; a panic in it is its error.
func (j *job) safely(ctx context.Context, t *tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write: panic: %v", p)
		}
	}()
	return j.run(ctx, t)
}

// flush writes what waits.
func (t *tx) flush(ctx context.Context) error {
	for _, wait := range []struct {
		in   *table
		rows *[]any
	}{{requestTable, &t.requests}, {logTable, &t.log}, {heardTable, &t.heard}} {
		if err := t.insert(ctx, wait.in, *wait.rows); err != nil {
			return err
		}
		clear(*wait.rows)
		*wait.rows = (*wait.rows)[:0]
	}
	for _, s := range t.later {
		if _, err := t.exec(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	t.later = t.later[:0]
	return nil
}

// insertError says into which table rows could not be added.
type insertError struct {
	to  *table
	err error
}

func (e *insertError) Error() string { return "add to " + e.to.name + ": " + e.err.Error() }
func (e *insertError) Unwrap() error { return e.err }

// insert adds rows, one after another in args, to the table.
func (t *tx) insert(ctx context.Context, to *table, args []any) error {
	for len(args) > 0 {
		n := to.most(len(args))
		if _, err := t.exec(ctx, to.text(n), args[:n*to.columns]...); err != nil {
			return &insertError{to, err}
		}
		args = args[n*to.columns:]
	}
	return nil
}

// exec runs a statement and tells how many rows it changed.
func (t *tx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	if !storable(args...) {
		return 0, errText
	}
	var result sql.Result
	stmt, err := t.stmts.kept(text), error(nil)
	if stmt != nil {
		result, err = t.own.StmtContext(ctx, stmt).ExecContext(ctx, args...) //nolint:sqlclosecheck // it ends with the transaction
	} else {
		result, err = t.own.ExecContext(ctx, text, args...)
	}
	var n int64
	if err == nil {
		n, err = result.RowsAffected()
	}
	if err != nil {
		t.broken = err
		return 0, err
	}
	if n > 0 {
		t.wrote++
	}
	return n, nil
}

// query runs a statement that gives rows; list and find close them.
func (t *tx) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	var rows *sql.Rows
	stmt, err := t.stmts.kept(text), error(nil)
	if stmt != nil {
		rows, err = t.own.StmtContext(ctx, stmt).QueryContext(ctx, args...) //nolint:sqlclosecheck // it ends with the transaction
	} else {
		rows, err = t.own.QueryContext(ctx, text, args...)
	}
	if err != nil {
		t.broken = err
		return nil, err
	}
	return rows, nil
}

// broke notes what the database refused.
func (t *tx) broke(err error) { t.broken = err }

// plain runs a statement that is about the transaction itself.
func (t *tx) plain(ctx context.Context, text string) error {
	if _, err := t.own.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("%s: %w", strings.ToLower(text), err)
	}
	return nil
}

// storable says whether the texts among args can be kept in every database.
func storable(args ...any) bool {
	for _, a := range args {
		if s, ok := a.(string); ok && (!utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0) {
			return false
		}
	}
	return true
}
