package counter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"outcry/cmd/outcry/column"
)

// follow reads the files again when they have changed and then stayed the same
// from one look to the next, so that nothing half-written is read; and it keeps
// on disk what may be kept a little later.
func (s *Server) follow(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	set := s.Counter.setting.Load()
	done := s.Files.stamp(set)
	seen := done
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.keep()
		now := s.Files.stamp(s.Counter.setting.Load())
		if now != done && now == seen {
			s.reread(ctx)
			now = s.Files.stamp(s.Counter.setting.Load())
			done = now
		}
		seen = now
	}
}

// reread reads the files; what is wrong with them is told, and nothing changes.
func (s *Server) reread(ctx context.Context) {
	set, err := s.Files.Load()
	if b := (*Broken)(nil); errors.As(err, &b) {
		for _, line := range b.Lines() {
			s.Say("ERROR", line)
		}
		s.Say("ERROR", b.File+" cannot be used; what was read before stays in force. Mend it: it is read again when it changes.")
		return
	}
	anew := s.Counter.Use(set)
	s.software.use(ctx, set, s.softwareSays)
	s.Say("read", set.String())
	for _, l := range anew {
		s.Say("stock", fmt.Sprintf("%d of %s, counted anew", l.Stock, l.Key()))
	}
}

// keep makes the state durable; a failure is told once.
func (s *Server) keep() {
	words := ""
	if err := s.Counter.Shelf.Sync(); err != nil {
		words = err.Error()
	}
	s.mu.Lock()
	told := words == s.failed
	s.failed = words
	s.mu.Unlock()
	if !told && words != "" {
		s.Say("problem", words)
	}
}

func (s *Server) softwareSays(words string) { s.Say("software", column.Clean(words)) }

// String says what is in a setting.
func (s *Setting) String() string {
	words := fmt.Sprintf("%d prices, %d rules", len(s.Prices.Lines()), len(s.Rules))
	if !s.Software.None() {
		words += ", software " + s.Software.String()
	}
	return words
}
