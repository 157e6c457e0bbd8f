package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"outcry/wire"
	"outcry/wire/dial"
)

type doctorCommand struct {
	dataFlags
	Listen string `default:"127.0.0.1:7480" help:"Address where the market listens or will." placeholder:"ADDR"`
}

// Help shows an example.
func (doctorCommand) Help() string {
	return `Looks at the folder, the disk, the database, the clock and the port that a market
here uses or would use, and says what to do. It changes nothing.

Example:
  outcry doctor
  outcry doctor --data /srv/market --listen 0.0.0.0:80`
}

// finding is what the doctor says of one thing.
type finding struct {
	What  string `json:"what"`
	State string `json:"state"` // ok, warn or bad
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

// The states of a finding.
const (
	fine    = "ok"
	warning = "warn"
	bad     = "bad"
)

// Run looks at everything; anything bad is a failure.
func (c *doctorCommand) Run(ctx context.Context, d *desk) error {
	var found []finding
	if c.onPostgres() {
		found = append(found, lookAtPostgres(ctx, c.dataFlags))
	} else {
		path, err := c.file()
		if err != nil {
			return err
		}
		found = append(found, lookAtFolder(filepath.Dir(path)), lookAtDisk(filepath.Dir(path)))
		found = append(found, lookAtDatabase(ctx, path)...)
	}
	found = append(found, lookAtClock(time.Now()), lookAtPort(ctx, c.Listen))
	ill := 0
	for _, f := range found {
		if f.State == bad {
			ill++
		}
		if d.JSON {
			if err := d.tell(f); err != nil {
				return err
			}
			continue
		}
		d.say("%-5s %-9s %s", f.State, f.What, f.Found)
		if f.Do != "" {
			d.say("%-15s %s", "", f.Do)
		}
	}
	if ill > 0 {
		return fmt.Errorf("%d of %d things are not well", ill, len(found))
	}
	return nil
}

// lookAtFolder says whether files can be made where the database is.
func lookAtFolder(dir string) finding {
	f := finding{What: "folder", State: fine, Found: dir + " can be written"}
	for up := dir; ; up = filepath.Dir(up) {
		info, err := os.Stat(up)
		if errors.Is(err, fs.ErrNotExist) && up != filepath.Dir(up) {
			f.Found = dir + " is not there yet; the market makes it"
			continue
		}
		switch {
		case err != nil:
			f.State, f.Found = bad, err.Error()
		case !info.IsDir():
			f.State, f.Found = bad, up+" is a file"
		default:
			if err := writable(up); err != nil {
				f.State, f.Found = bad, fmt.Sprintf("%s cannot be written: %v", up, err)
			}
		}
		if f.State == bad {
			f.Do = "Name another folder with --data DIR, or change its rights."
		}
		return f
	}
}

// writable says whether a file can be made in a folder.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".outcry-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// The room on a disk under which the doctor warns, and under which no market
// should start.
const (
	littleRoom = 1 << 30
	noRoom     = 64 << 20
)

// lookAtDisk says how much room there is.
func lookAtDisk(dir string) finding {
	f := finding{What: "disk", State: fine}
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	free, err := freeBytes(dir)
	if err != nil {
		f.State, f.Found = warning, "free room is not known: "+err.Error()
		return f
	}
	f.Found = bytesWords(free) + " free"
	switch {
	case free < noRoom:
		f.State, f.Do = bad, "Make room: a database that cannot grow refuses every request."
	case free < littleRoom:
		f.State, f.Do = warning, "Make room soon: a match takes about 1 kB."
	}
	return f
}

// lookAtDatabase says whether the database is there, sound and not ahead of the
// clock.
func lookAtDatabase(ctx context.Context, path string) []finding {
	f := finding{What: "database", State: fine}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		f.Found = "none yet; the market makes " + path
		return []finding{f}
	}
	if err := sound(ctx, path); err != nil {
		f.State, f.Found = bad, err.Error()
		f.Do = "Move it away and restore a backup: outcry restore FILE"
		return []finding{f}
	}
	db, err := openFile(path)
	if err != nil {
		f.State, f.Found = bad, err.Error()
		return []finding{f}
	}
	defer db.Close() //nolint:errcheck // only read
	version, err := schema(ctx, db)
	if err != nil {
		f.State, f.Found = bad, err.Error()
		return []finding{f}
	}
	f.Found = fmt.Sprintf("SQLite, sound, schema %d, %s", version, sizeOf(path))
	found := []finding{f}
	if newest, ok := newestEvent(ctx, db); ok && newest.After(time.Now().Add(time.Minute)) {
		found = append(found, finding{
			What: "history", State: bad, Found: "the newest event is of " + newest.Format(time.RFC3339) + ", which is to come",
			Do: "Set this machine's clock: deadlines and cursors go by it.",
		})
	}
	return found
}

func sizeOf(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "size not known"
	}
	return bytesWords(info.Size())
}

// newestEvent is when the log's last event happened; ok is false where there is
// none.
func newestEvent(ctx context.Context, db *sql.DB) (at time.Time, ok bool) {
	var ms int64
	if db.QueryRowContext(ctx, "SELECT at FROM log ORDER BY seq DESC LIMIT 1").Scan(&ms) != nil || ms == 0 {
		return time.Time{}, false
	}
	return time.UnixMilli(ms).UTC(), true
}

// lookAtPostgres says whether a PostgreSQL database answers.
func lookAtPostgres(ctx context.Context, flags dataFlags) finding {
	f := finding{What: "database", State: fine, Found: "PostgreSQL at " + flags.shown() + " answers"}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", flags.Database)
	if err == nil {
		defer db.Close() //nolint:errcheck // only read
		err = db.PingContext(ctx)
	}
	if err != nil {
		f.State, f.Found = bad, "PostgreSQL at "+flags.shown()+" does not answer"
		f.Do = "Look whether it runs, and at user, password and name in --database URL."
	}
	return f
}

// oldest is before every release of this program: a clock that shows less is
// not set.
var oldest = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// lookAtClock says whether the clock can be right.
func lookAtClock(now time.Time) finding {
	zone, _ := now.Zone()
	f := finding{What: "clock", State: fine, Found: now.Format("2006-01-02 15:04:05 ") + zone}
	if now.Before(oldest) {
		f.State, f.Do = bad, "Set it: deadlines and the order of events go by it. Let the machine keep time by NTP."
	}
	return f
}

// lookAtPort says whether a market can listen, or which one does.
func lookAtPort(ctx context.Context, address string) finding {
	f := finding{What: "port", State: fine, Found: address + " is free"}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err == nil {
		if err := l.Close(); err != nil {
			f.State, f.Found = warning, err.Error()
		}
		return f
	}
	if marketAt(ctx, address) {
		f.Found = "a market answers at " + address
		return f
	}
	f.State, f.Found = bad, fmt.Sprintf("%s cannot be used: %v", address, err)
	f.Do = "Stop what listens there, or name another with --listen ADDR."
	return f
}

// marketAt says whether a market answers at an address.
func marketAt(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var health wire.Health
	c := dial.Caller{Server: "http://" + reachable(address)}
	err := c.Do(ctx, dial.Call{Method: http.MethodGet, Path: "/healthz"}, &health)
	return err == nil && health.Status == "ok"
}

// reachable is an address by which a listener can be called from this machine:
// one that listens everywhere is called on the loopback.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
