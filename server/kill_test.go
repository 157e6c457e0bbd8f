package server_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry/server"
)

// killed names the environment of the server process that this test kills: the
// database and the address to listen on, with a space between.
const killed = "OUTCRY_TEST_KILLED_SERVER"

const (
	operatorEmail    = "operator@example.com"
	operatorPassword = "correct horse battery"

	// workBetweenKills is how much must be acknowledged before the next kill.
	workBetweenKills = 25
	// townDeadline is for how long requests take offers.
	townDeadline = 3 * time.Second
)

func TestMain(m *testing.M) {
	if what := os.Getenv(killed); what != "" {
		os.Exit(serveToBeKilled(what)) //nolint:forbidigo // this is the main of the server's process
	}
	os.Exit(m.Run()) //nolint:forbidigo // a TestMain ends so
}

// serveToBeKilled is the server process.
func serveToBeKilled(what string) int {
	database, address, _ := strings.Cut(what, " ")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := server.New(ctx, server.Config{Database: database, Log: log})
	if err == nil {
		err = s.Intake.EnsureOperator(ctx, operatorEmail, operatorPassword)
	}
	var l net.Listener
	if err == nil {
		l, err = (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	}
	if err == nil {
		err = s.Serve(ctx, l)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// process is a server in a process of its own.
type process struct {
	t        *testing.T
	database string
	address  string

	mu      sync.Mutex
	running *exec.Cmd
}

func (p *process) start() {
	p.t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), killed+"="+p.database+" "+p.address)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.running = c
	p.mu.Unlock()
}

// kill ends the process at once, as a power cut would for it.
func (p *process) kill() {
	p.mu.Lock()
	c := p.running
	p.mu.Unlock()
	_ = c.Process.Kill()
	_ = c.Wait() // it says that it was killed
}

// TestServe_LosesNothingAcknowledgedWhenKilled kills a real server process
// twenty times under load, while clients note in a ledger outside what it has
// said yes to, and then compares.
func TestServe_LosesNothingAcknowledgedWhenKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a real server for half a minute; run without -short")
	}
	t.Parallel()
	const kills = 20
	p := &process{t: t, database: filepath.Join(t.TempDir(), "outcry.db"), address: freeAddress(t)}
	p.start()
	defer func() { p.kill() }()

	ctx := t.Context()
	town := newTown(ctx, t, "http://"+p.address)
	buying, stopBuying := context.WithCancel(ctx)
	defer stopBuying()
	selling, stopSelling := context.WithCancel(ctx)
	defer stopSelling()
	var buyers, sellers sync.WaitGroup
	town.buyAll(buying, &buyers)
	town.sellAll(selling, &sellers)
	for range kills {
		town.work(ctx, workBetweenKills)
		pause(ctx, time.Duration(rand.IntN(300))*time.Millisecond)
		p.kill()
		p.start()
	}
	town.work(ctx, workBetweenKills)
	stopBuying()
	buyers.Wait()
	pause(ctx, 2*townDeadline) // until every request has closed and every shop has heard so
	stopSelling()
	sellers.Wait()
	town.audit(ctx)
}

// freeAddress is a loopback address nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

var errLoss = errors.New("lost")
