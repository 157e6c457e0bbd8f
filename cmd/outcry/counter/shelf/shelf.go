// Package shelf keeps on disk what a shop server must know again after a
// restart: the shop's book, how much of its stock is promised and gone, up to
// which event it has dealt with everything, and which codes are above which.
// Files are replaced whole and synced, so that a power cut leaves the old or the
// new one.
package shelf

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"outcry/wire"
)

// The files of a shelf.
const (
	bookFile  = "book.json"
	stateFile = "state.json"
	treeFile  = "tree.json"
	lockFile  = "lock"
)

// Shelf is a folder of such files, used by one shop server at a time. Its
// methods may be called by many at once.
type Shelf struct {
	dir  string
	lock *os.File // nil where it is only looked at

	mu    sync.Mutex // guards what follows
	state state
	book  wire.Book
	tree  map[string]Parent
	gen   uint64 // counts the changes of state

	writing sync.Mutex // guards written, and is held while state is written
	written uint64
}

// state is the content of the state file.
type state struct {
	// Cursor is the event up to which all is dealt with.
	Cursor int64 `json:"cursor"`
	// Gone is what was sold of the stock that a line of the price list tells.
	Gone map[string]Gone `json:"gone"`
	// Holds are promised goods by the id of the call.
	Holds map[string]Hold `json:"holds"`
}

// Parent is the code above a code, and when the market was asked for it.
type Parent struct {
	Code string    `json:"code"` // "" for a root
	At   time.Time `json:"at"`
}

// Open opens the shelf in a folder, which is made where there is none. It is
// refused while another program has it.
func Open(dir string) (*Shelf, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the shop server: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the shop server: %w", err)
	}
	if err := take(lock); err != nil {
		return nil, errors.Join(fmt.Errorf("another shop server has %s; stop it first (outcry shop status tells of a service), or name another folder with --state", dir), lock.Close())
	}
	s, err := Look(dir)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s.lock = lock
	return s, nil
}

// Look reads the shelf in a folder, perhaps while a shop server has it. What is
// changed in it is forgotten.
func Look(dir string) (*Shelf, error) {
	s := Empty()
	s.dir = dir
	err := errors.Join(s.read(stateFile, &s.state), s.read(bookFile, &s.book), s.read(treeFile, &s.tree))
	return s, err
}

// Empty is a shelf with nothing on it and without a folder: what is put there is
// forgotten.
func Empty() *Shelf {
	return &Shelf{state: state{Gone: map[string]Gone{}, Holds: map[string]Hold{}}, tree: map[string]Parent{}}
}

// Close writes what is not yet written and gives the folder free.
func (s *Shelf) Close() error {
	err := s.Sync()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

// Dir is the folder.
func (s *Shelf) Dir() string { return s.dir }

// Cursor is the event up to which all is dealt with; 0 where there was none.
func (s *Shelf) Cursor() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Cursor
}

// Handled notes that all is dealt with up to an event. Sync makes it durable.
func (s *Shelf) Handled(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seq > s.state.Cursor {
		s.state.Cursor = seq
		s.gen++
	}
}

// Forget starts the cursor anew at an event, where the past is gone.
func (s *Shelf) Forget(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Cursor = seq
	s.gen++
}

// Sync writes what has changed. Those who come while a write is under way share
// the next one.
func (s *Shelf) Sync() error {
	s.mu.Lock()
	want := s.gen
	s.mu.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.written >= want {
		return nil
	}
	s.mu.Lock()
	gen := s.gen
	text, err := json.MarshalIndent(s.state, "", " ")
	s.mu.Unlock()
	if err == nil {
		err = s.write(stateFile, text)
	}
	if err != nil {
		return fmt.Errorf("keep the state of the shop server: %w", err)
	}
	s.written = gen
	return nil
}

// Book is the book as it was kept last; its version is 0 where none was.
func (s *Shelf) Book() wire.Book {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book
}

// PutBook keeps a version of the book; it is on disk when this returns without
// an error.
func (s *Shelf) PutBook(b wire.Book) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.keep(bookFile, b); err != nil {
		return fmt.Errorf("keep the book: %w", err)
	}
	s.book = b
	return nil
}

// Parent is what is known of the code above a code.
func (s *Shelf) Parent(code string) (Parent, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.tree[code]
	return p, ok
}

// maxTree bounds the codes whose parents are kept.
const maxTree = 20_000

// PutParents keeps the parents of codes beside those that are kept.
func (s *Shelf) PutParents(of map[string]Parent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tree)+len(of) > maxTree {
		s.tree = map[string]Parent{}
	}
	maps.Copy(s.tree, of)
	if err := s.keep(treeFile, s.tree); err != nil {
		return fmt.Errorf("keep the tree of codes: %w", err)
	}
	return nil
}

func (s *Shelf) read(name string, into any) error {
	path := filepath.Join(s.dir, name)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read what the shop server kept: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read what the shop server kept: %s is damaged (%w); move it away and start again", path, err)
	}
	return nil
}

func (s *Shelf) keep(name string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return s.write(name, text)
}

// write replaces a file at once and makes it durable.
func (s *Shelf) write(name string, text []byte) (err error) {
	if s.lock == nil {
		return nil // it is only looked at
	}
	f, err := os.CreateTemp(s.dir, name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // what is left over harms nobody
		}
	}()
	_, err = f.Write(append(text, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), filepath.Join(s.dir, name)); err != nil {
		return err
	}
	return syncDir(s.dir)
}
