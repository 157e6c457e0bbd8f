package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Log is a file of which two are kept: when it is full, it becomes the old one,
// and another begins. It is for systems that keep no log of what a service
// prints.
type Log struct {
	most int64 // bytes of a file
	mu   sync.Mutex
	file *os.File
	size int64
}

// OpenLog opens the log at a path, for its owner alone, with at most most bytes
// a file.
func OpenLog(path string, most int64) (*Log, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the log: %w", err)
	}
	l := &Log{most: most}
	return l, l.open(path)
}

func (l *Log) open(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("look at the log: %w", err), file.Close())
	}
	l.file, l.size = file, info.Size()
	return nil
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size > 0 && l.size+int64(len(p)) > l.most {
		if err := l.turn(); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(p)
	l.size += int64(n)
	return n, err
}

// turn makes the file the old one.
func (l *Log) turn() error {
	path := l.file.Name()
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("close the log: %w", err)
	}
	if err := os.Remove(path + ".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the old log: %w", err)
	}
	if err := os.Rename(path, path+".old"); err != nil {
		return fmt.Errorf("keep the old log: %w", err)
	}
	return l.open(path)
}

// Close ends the log.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
