package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// statements keeps prepared statements by their text.
type statements struct {
	db   *sql.DB
	keep bool

	mu     sync.Mutex // guards the maps
	have   map[string]*sql.Stmt
	wanted map[string]bool
}

func newStatements(db *sql.DB, keep bool) *statements {
	return &statements{db: db, keep: keep, have: make(map[string]*sql.Stmt), wanted: make(map[string]bool)}
}

// kept is the prepared statement for text, or nil where there is none yet;
// prepare makes it then.
func (s *statements) kept(text string) *sql.Stmt {
	if !s.keep {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	stmt := s.have[text]
	if stmt == nil {
		s.wanted[text] = true
	}
	return stmt
}

// prepare makes the statements that were wanted. It needs a connection, so no
// transaction of the caller's may hold the only one. What cannot be prepared now
// is left for later.
func (s *statements) prepare(ctx context.Context) {
	s.mu.Lock()
	texts := slices.Collect(maps.Keys(s.wanted))
	s.mu.Unlock()
	for _, text := range texts {
		stmt, err := s.db.PrepareContext(ctx, inOrder(text))
		if err != nil {
			return
		}
		s.keepOne(text, stmt)
	}
}

// keepOne keeps stmt, unless somebody was quicker.
func (s *statements) keepOne(text string, stmt *sql.Stmt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.wanted, text)
	if s.have[text] != nil {
		_ = stmt.Close() // nothing was done by it
		return
	}
	s.have[text] = stmt
}

// inOrder writes each "$N" of text as "?", where every number stands once and
// in order: SQLite's driver then needs not ask for the names of parameters,
// which is a tenth of its work in long inserts. Other text stays as it is.
func inOrder(text string) string {
	var b strings.Builder
	rest := text
	for n := 1; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number := strconv.Itoa(n)
		tail, next := strings.CutPrefix(after, number)
		if !next || tail != "" && '0' <= tail[0] && tail[0] <= '9' {
			return text
		}
		b.WriteByte('?')
		rest = tail
	}
}

// close closes the statements.
func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, stmt := range s.have {
		errs = append(errs, stmt.Close())
	}
	clear(s.have)
	return errors.Join(errs...)
}

// sizes are how many rows or values one statement takes: few texts serve all
// numbers, so that each stays prepared.
const sizes = 8 // 1, 2, 4 ... 128

// table is one that rows are added to by the handful.
type table struct {
	name    string
	columns int
	texts   func() [sizes]string
}

// newTable is the table with these columns; tail ends its INSERT.
func newTable(name, columns, tail string) *table {
	n := strings.Count(columns, ",") + 1
	return &table{name: name, columns: n, texts: sync.OnceValue(func() (texts [sizes]string) {
		for i := range texts {
			texts[i] = "INSERT INTO " + name + " (" + columns + ") VALUES " + placeholders(1<<i, n) + tail
		}
		return texts
	})}
}

// most is how many rows the next statement takes of the values that are left.
func (t *table) most(values int) int { return 1 << size(values/t.columns) }

// text adds n rows, n one of the sizes.
func (t *table) text(n int) string { return t.texts()[size(n)] }

// size is the largest power of two, as its exponent, that is not above n.
func size(n int) int {
	i := 0
	for i < sizes-1 && 2<<i <= n {
		i++
	}
	return i
}

// placeholders writes "($1, $2), ($3, $4)" for rows rows of columns values.
func placeholders(rows, columns int) string {
	var b strings.Builder
	for r := range rows {
		for c := range columns {
			switch {
			case c > 0:
				b.WriteString(", ")
			case r > 0:
				b.WriteString("), (")
			default:
				b.WriteString("(")
			}
			b.WriteString("$" + strconv.Itoa(r*columns+c+1))
		}
	}
	b.WriteString(")")
	return b.String()
}

// in is a query about any of several values.
type in struct{ texts func() [sizes]string }

// newIn is the query that asks head and then the values; head ends with the
// opening bracket that the query's end closes, and has no parameters.
func newIn(head string) *in {
	return &in{texts: sync.OnceValue(func() (texts [sizes]string) {
		for i := range texts {
			texts[i] = head + strings.TrimPrefix(placeholders(1, 1<<i), "(")
		}
		return texts
	})}
}

// text asks about n values, n one of the sizes.
func (q *in) text(n int) string { return q.texts()[size(n)] }

// parts splits values into parts as large as one of the sizes; the last value
// fills the last part up.
func (*in) parts(values []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for len(values) > 0 {
			n := 1 << (sizes - 1)
			for n/2 >= len(values) {
				n /= 2
			}
			part := make([]any, 0, n)
			part = append(part, values[:min(n, len(values))]...)
			values = values[len(part):]
			for len(part) < n {
				part = append(part, part[len(part)-1])
			}
			if !yield(part) {
				return
			}
		}
	}
}
