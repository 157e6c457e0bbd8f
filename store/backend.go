package store

import (
	"database/sql"
	"errors"
)

// backend is one kind of database, opened: what differs between them.
type backend struct {
	dialect string
	// writeDB has one connection. readDB may be the same (in memory).
	writeDB, readDB *sql.DB
	// keeps says that statements are prepared once and kept; pgx does that
	// by itself.
	keeps bool
	// short says that a read, once begun, is not cancelled: in-process reads
	// end soon, and watching their context costs more than they do.
	short bool
	// options begin a group's transaction.
	options *sql.TxOptions
	// lock is run at the start of each group, where the database itself would
	// let a second writer in.
	lock string
	// fault says what an error of the driver means.
	fault func(error) fault
}

// close closes the connections.
func (b *backend) close() error {
	if b.readDB == b.writeDB {
		return b.writeDB.Close()
	}
	return errors.Join(b.readDB.Close(), b.writeDB.Close())
}
