package server_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/tools/txtar"

	"outcry"
	"outcry/server"
	"outcry/store/storetest"
)

// TestStories tells every tale of testdata/stories on every store, in virtual
// time. docs/stories.md says how a tale is written.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/stories/*.txtar")
	if err != nil || len(files) < 12 {
		t.Fatalf("found %d stories (%v), want at least 12", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, db := range storetest.Kinds {
			if db.Name == "memory" && bytes.Contains(text, []byte(" restart")) {
				continue
			}
			t.Run(name+"/"+db.Name, func(t *testing.T) {
				t.Parallel()
				database := db.New(t)
				synctest.Test(t, func(t *testing.T) { tell(t, text, database) })
			})
		}
	}
}

// tale is a story being told.
type tale struct {
	t        *testing.T
	database string
	began    time.Time
	server   *server.Server
	stop     func()

	shops    map[string]string       // shop ids by name
	actors   map[string]outcry.Actor // buyers and shops by name
	requests map[string]string       // request ids by name
	buyers   map[string]string       // who asked each request
	orders   map[string]outcry.Order // by request and shop
	operator outcry.Actor
	last     string // the request named last
}

// tell sets up the market that a text describes and goes through its lines.
func tell(t *testing.T, text []byte, database string) {
	t.Helper()
	s := &tale{
		t: t, database: database, began: time.Now(), shops: map[string]string{},
		actors: map[string]outcry.Actor{}, requests: map[string]string{}, buyers: map[string]string{},
		orders: map[string]outcry.Order{},
	}
	s.start()
	defer func() { s.stop() }()
	s.operator = outcry.NewActor(outcry.Member{ID: "mem_operator", Operator: true}, outcry.Token{}, nil)
	archive := txtar.Parse(text)
	for _, part := range archive.Files {
		for n, line := range strings.Split(string(part.Data), "\n") {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			where := fmt.Sprintf("%s:%d: %s", part.Name, n+1, line)
			switch part.Name {
			case "market":
				s.setUp(where, words(line))
			case "story":
				s.step(where, words(line))
			}
		}
	}
}

// start opens the market on the tale's database.
func (s *tale) start() {
	srv, err := server.New(s.t.Context(), server.Config{Database: s.database})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := srv.Run(ctx); err != nil {
			s.t.Error(err)
		}
	})
	s.server = srv
	s.stop = func() {
		cancel()
		running.Wait()
		if err := srv.Close(); err != nil {
			s.t.Error(err)
		}
	}
}

// words splits a line at spaces; text in double quotes is one word, without
// the quotes.
func words(line string) []string {
	var out []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

// setUp reads one line of the market: a buyer or a shop.
func (s *tale) setUp(where string, w []string) {
	switch w[0] {
	case "buyer":
		m, _, err := s.server.Intake.JoinAsGuest(s.t.Context(), w[1], "en")
		s.must(where, err)
		m.Guest = false // tales are not about the limits of guests
		s.actors[w[1]] = outcry.NewActor(m, outcry.Token{}, nil)
	case "shop":
		s.addShop(where, w[1], w[2:])
	default:
		s.t.Fatalf("%s: a market has buyers and shops", where)
	}
}

// must ends the tale on an error.
func (s *tale) must(where string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%s: %v", where, err)
	}
}
