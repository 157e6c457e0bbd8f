package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"outcry"
)

// postgresReads is how many connections one Store reads by.
const postgresReads = 8

// openPostgres opens the database that address names.
func openPostgres(ctx context.Context, address string) (*backend, error) {
	if _, err := url.Parse(address); err != nil {
		// The cause is left out: it would show the password.
		return nil, outcry.BadField("database", "write postgres://user:password@host:port/database")
	}
	// Each statement sees what was committed before it, whatever the server's
	// default is: what a group reads after it has waited for the lock is new.
	back := &backend{
		dialect: Postgres, fault: postgresFault, options: &sql.TxOptions{Isolation: sql.LevelReadCommitted},
	}
	var err error
	if back.writeDB, err = fixedPool("pgx", address, 1); err != nil {
		return nil, err
	}
	if back.readDB, err = fixedPool("pgx", address, postgresReads); err != nil {
		return nil, errors.Join(err, back.writeDB.Close())
	}
	if err := back.writers(ctx); err != nil {
		return nil, errors.Join(err, back.close())
	}
	return back, nil
}

// writers names the lock under which the writers of all nodes take turns: a
// number that follows from the schema. The numbers of the log are given out
// under it, so that they become visible in their order; without it a reader
// could pass by a lower number that is committed later.
func (b *backend) writers(ctx context.Context) error {
	var schema, durable string
	err := b.writeDB.QueryRowContext(ctx,
		"SELECT COALESCE(current_schema(), ''), current_setting('synchronous_commit')").Scan(&schema, &durable)
	switch {
	case err != nil:
		return &outcry.Error{
			Op: "open database", Kind: outcry.Unavailable, Code: "no_database", Retry: 1, Err: err,
			Msg: "the PostgreSQL server does not answer; check address, name and password",
		}
	case schema == "":
		return outcry.BadField("database", "the search_path names no schema that exists")
	case durable == "off":
		return outcry.BadField("database", "synchronous_commit is off, which loses what was acknowledged; set it to on")
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte("outcry " + schema))
	b.lock = fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", int64(h.Sum64()))
	return nil
}

// postgresFault reads PostgreSQL's error codes,
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
func postgresFault(err error) fault {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		if errors.As(err, new(*pgconn.ConnectError)) || errors.Is(err, context.DeadlineExceeded) {
			return faultLost
		}
		return faultOf(err)
	}
	switch e.Code {
	case "23505":
		return faultTwice
	case "23503":
		return faultDangling
	case "40001", "40P01":
		return faultAgain
	}
	switch e.Code[:min(2, len(e.Code))] {
	case "08", "57": // connection exception; operator intervention
		return faultLost
	case "53", "58", "XX": // out of resources; system error; internal error
		return faultDisk
	}
	return faultStatement
}
