package main_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	main "outcry/cmd/outcry"
	"outcry/server"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"outcry": main.Main})
}

// TestCommands runs the program as people and programs do: testdata/*.txtar.
func TestCommands(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "data"))
			env.Setenv("LANG", "C.UTF-8")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"market": startMarket, "mode": checkMode,
		},
	})
}

// startMarket is the command "market fake", which opens a market that keeps the
// contract for buyers, and "market real", which runs a server with an operator on
// the database data/outcry/outcry.db. Both set OUTCRY_SERVER.
func startMarket(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 1 && args[0] == "fake" {
		m := openMarket()
		ts.Defer(func() {
			m.CloseClientConnections()
			m.Close()
		})
		ts.Setenv("OUTCRY_SERVER", m.URL)
		return
	}
	dir := ts.MkAbs(filepath.Join("data", "outcry"))
	ts.Check(os.MkdirAll(dir, 0o700))
	ctx, stop := context.WithCancel(context.Background())
	s, err := server.New(ctx, server.Config{Database: filepath.Join(dir, "outcry.db")})
	ts.Check(err)
	ts.Check(s.Intake.EnsureOperator(ctx, "operator@city.example", "secret secret"))
	web := httptest.NewServer(s.Handler)
	running := make(chan error, 1)
	go func() { running <- s.Run(ctx) }()
	ts.Defer(func() {
		web.CloseClientConnections()
		web.Close()
		stop()
		ts.Check(errors.Join(<-running, s.Close()))
	})
	ts.Setenv("OUTCRY_SERVER", web.URL)
}

// checkMode is the command "mode 600 FILE": the file has those rights.
func checkMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm().String(); got != map[string]string{"600": "-rw-------"}[args[0]] {
		ts.Fatalf("%s has the rights %s", args[1], got)
	}
}
