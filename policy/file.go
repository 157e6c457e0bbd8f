package policy

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"time"

	"outcry"
)

// looking is how often a followed file is looked at.
const looking = time.Second

// fromFile is by whom a version is put that a file has put.
const fromFile = "file"

// File is a policy file that a Keeper follows: whenever it changes, and says
// something else than the policy in force, it becomes a new version. A file with
// errors changes nothing. Its methods are called one after the other.
type File struct {
	keeper *Keeper
	folder fs.FS
	name   string

	done stamp // as it was when it was dealt with
	seen stamp // as it was when it was last looked at

	said   string // the last trouble that was told; "" when there is none
	saidOf stamp  // as the file was then
}

// stamp tells states of a file apart.
type stamp struct {
	changed time.Time
	size    int64
}

// File is a policy file in a folder, not yet looked at.
func (k *Keeper) File(folder fs.FS, name string) *File {
	return &File{keeper: k, folder: folder, name: name}
}

// Follow looks at a policy file at once and then each second, until ctx ends. See
// File.
func (k *Keeper) Follow(ctx context.Context, folder fs.FS, name string) error {
	f := k.File(folder, name)
	_ = f.Look(ctx) // it was logged
	return f.Run(ctx)
}

// Run looks at the file each second, until ctx ends.
func (f *File) Run(ctx context.Context) error {
	tick := time.NewTicker(looking)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			f.glance(ctx)
		}
	}
}

// glance looks at the file when it has changed and then stayed the same from one
// look to the next: so nothing half-written is read.
func (f *File) glance(ctx context.Context) {
	now, err := f.stamp()
	switch {
	case err != nil:
		f.done, f.seen = stamp{}, stamp{}
		_ = f.trouble(err) // it was logged
	case now != f.seen:
		f.seen = now
	case now != f.done:
		_ = f.Look(ctx) // it was logged
	}
}

// Look reads the file and puts it in force where it says something else than what
// is. Its error, which is in the log as well, tells what is wrong with the file:
// the policy in force stays.
func (f *File) Look(ctx context.Context) error {
	now, err := f.stamp()
	if err != nil {
		return f.trouble(err)
	}
	text, err := f.read()
	if err != nil {
		return f.trouble(err)
	}
	if after, err := f.stamp(); err != nil || after != now {
		return fmt.Errorf("%s is being written; look again", f.name)
	}
	f.seen = now
	version, err := f.take(ctx, text)
	if err == nil || outcry.KindOf(err) == outcry.Invalid {
		f.done = now // else it is tried again
	}
	if err != nil {
		return f.trouble(err)
	}
	if version > 0 || f.said != "" {
		f.keeper.Log.Info("the policy file is in force", "file", f.name, "version", f.keeper.Version())
	}
	f.said = ""
	return nil
}

// take puts a text in force; version 0 means that it was already.
func (f *File) take(ctx context.Context, text []byte) (version int, err error) {
	k := f.keeper
	now := k.present.Load()
	if bytes.Equal(text, now.text) && now.trouble == nil {
		return 0, nil
	}
	version, err = k.put(ctx, fromFile, now.rules.version, text)
	if err != nil {
		return 0, err
	}
	if k.Audit != nil {
		k.Audit(ctx, fromFile, "put policy", fmt.Sprintf("version %d", version), f.name)
	}
	return version, nil
}

// stamp looks at the file without reading it.
func (f *File) stamp() (stamp, error) {
	info, err := fs.Stat(f.folder, f.name)
	if err != nil {
		return stamp{}, fmt.Errorf("look at the policy file: %w", err)
	}
	return stamp{info.ModTime(), info.Size()}, nil
}

// read reads the file, as far as a policy may be long and a byte more.
func (f *File) read() ([]byte, error) {
	file, err := f.folder.Open(f.name)
	if err != nil {
		return nil, fmt.Errorf("open the policy file: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(file, MaxText+1))
	if err != nil {
		return nil, fmt.Errorf("read the policy file: %w", err)
	}
	return text, nil
}

// trouble logs what is wrong with the file, once as long as it is the same file
// and the same trouble, and gives it back.
func (f *File) trouble(err error) error {
	if err.Error() == f.said && f.saidOf == f.seen {
		return err
	}
	f.said, f.saidOf = err.Error(), f.seen
	for _, line := range Lines(f.name, err) {
		f.keeper.Log.Error("the policy file cannot be used; the policy in force stays", "fault", line, "in_force", f.keeper.Version())
	}
	return err
}
