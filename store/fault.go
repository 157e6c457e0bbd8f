package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"outcry"
)

// fault says what an error of the database means for what was tried.
type fault int

const (
	faultNone      fault = iota // no error of the database
	faultStatement              // the statement is refused, and would be again
	faultTwice                  // it is there already: a unique constraint
	faultDangling               // it names what is not there: a foreign key
	faultAgain                  // rolled back for another's sake: try again
	faultLost                   // the connection is gone: try again on a new one
	faultDisk                   // the database cannot do its work now
)

// faultOf classes errors that no database has coded.
func faultOf(err error) fault {
	var broken net.Error
	switch {
	case err == nil:
		return faultNone
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, io.EOF),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &broken):
		return faultLost
	}
	return faultStatement
}

// told is err, of class f, as the caller is told it, once it is sure that
// nothing was written.
func told(f fault, err error) error {
	var add *insertError
	switch f {
	case faultTwice:
		if errors.As(err, &add) && add.to == heardTable {
			return &outcry.Error{Op: "commit", Kind: outcry.Conflict, Code: "called_twice", Err: err,
				Msg: "a request calls a shop once; one of the wave was called before"}
		}
		return &outcry.Error{Op: "write", Kind: outcry.Conflict, Code: "exists", Err: err,
			Msg: "this is there already"}
	case faultDangling:
		return &outcry.Error{Op: "write", Kind: outcry.NotFound, Code: "not_found", Err: err,
			Msg: "this belongs to something that does not exist"}
	case faultAgain, faultLost, faultDisk:
		return &outcry.Error{Op: "write", Kind: outcry.Unavailable, Code: "store_unavailable", Retry: 1, Err: err,
			Msg: "the database cannot take this now; nothing was written"}
	case faultNone, faultStatement:
	}
	return err
}

// maybe is the answer where nobody knows whether the write was done.
func maybe(err error) error {
	return &outcry.Error{Op: "write", Kind: outcry.Unavailable, Code: "maybe", Retry: 1, Err: err,
		Msg: "this may or may not have been written; ask again with the same ids or Idempotency-Key"}
}

// errText refuses text that not every database can keep.
var errText = outcry.BadField("text", "write UTF-8 text without NUL characters")
