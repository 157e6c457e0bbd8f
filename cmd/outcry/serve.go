package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"outcry/server"
)

type serveCommand struct {
	dataFlags
	Listen               string `default:"127.0.0.1:7480" help:"Address to listen on; a port alone, such as :7480, listens to everybody." placeholder:"ADDR"`
	Policy               string `help:"File of the policy that is followed: what changes in it comes into force." placeholder:"FILE"`
	WebhooksToLoopback   bool   `help:"Send shops' events to software on this machine too, over http:// as well; for tests and demonstrations."`
	LogLevel             string `default:"info" enum:"debug,info,warn,error" help:"What is logged: ${enum}." placeholder:"LEVEL"`
	OperatorEmail        string `help:"Address of the operator, made or promoted at the start without a link." placeholder:"EMAIL"`
	OperatorPasswordFile string `help:"File whose first line is that operator's password." placeholder:"FILE"`
}

// Help shows an example.
func (serveCommand) Help() string {
	return `Runs a market until it is stopped. The database is a file in the folder of --data,
or PostgreSQL. The first start prints a link by which the first operator joins; with
--operator-email and --operator-password-file it needs none. A policy file that is
followed need not be there, or be right, at the start: the log says what is wrong with
it, and the last good policy stays in force.

Example:
  outcry serve
  outcry serve --data /srv/market --listen :7480
  outcry serve --policy /etc/outcry/policy.yaml
  outcry serve --database postgres://outcry@db/market --operator-email me@city.example --operator-password-file secret`
}

// Validate checks what no single flag can.
func (c *serveCommand) Validate() error {
	if (c.OperatorEmail == "") != (c.OperatorPasswordFile == "") {
		return errors.New("give both --operator-email and --operator-password-file, or neither")
	}
	return nil
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, d *desk) error {
	operator := ""
	if c.OperatorPasswordFile != "" {
		var err error
		if operator, err = passwordIn(c.OperatorPasswordFile); err != nil {
			return err
		}
	}
	with, err := d.open(ctx, c.dataFlags, c.Listen, c.LogLevel)
	if err != nil {
		return err
	}
	with.password = operator
	return c.serve(ctx, d, with)
}

// open finds or makes what a market needs beforehand.
func (d *desk) open(ctx context.Context, data dataFlags, address, level string) (with opened, err error) {
	if with.database, err = data.ready(); err != nil {
		return with, err
	}
	if with.log, err = d.log(level); err != nil {
		return with, err
	}
	with.listener, err = listen(ctx, address)
	return with, err
}

// opened is what a market needs that was found or made beforehand.
type opened struct {
	database string
	listener net.Listener
	log      *slog.Logger
	password string // of the operator; "" makes none
}

// serve opens the market, says where it is and runs it.
func (c *serveCommand) serve(ctx context.Context, d *desk, with opened) error {
	market, err := server.New(ctx, server.Config{Database: with.database, Policy: c.Policy, Log: with.log, WebhooksToLoopback: c.WebhooksToLoopback})
	if err != nil {
		return errors.Join(err, with.listener.Close())
	}
	defer market.Close() //nolint:errcheck // what is acknowledged is on the disk
	address := "http://" + reachable(with.listener.Addr().String())
	if with.password != "" {
		if err := market.Intake.EnsureOperator(ctx, c.OperatorEmail, with.password); err != nil {
			return errors.Join(err, with.listener.Close())
		}
	}
	code, needed, err := market.Intake.OperatorLink(ctx)
	if err != nil {
		return errors.Join(err, with.listener.Close())
	}
	started := map[string]string{"event": "started", "address": address}
	if needed {
		started["operator_code"], started["operator_link"] = code, address+"/operator?code="+code
	}
	if d.JSON {
		if err := d.tell(started); err != nil {
			return err
		}
	}
	d.say("The market is open at %s", address)
	if needed {
		d.say("The first operator joins by this link, once:\n  %s/operator?code=%s\nor with:\n  outcry login EMAIL --operator %s --server %s",
			address, code, code, address)
	}
	return market.Serve(ctx, with.listener)
}

// ready makes the folder of the database where it is a file, and gives the
// database's address.
func (f dataFlags) ready() (string, error) {
	if f.Database != "" {
		return f.Database, nil
	}
	path, err := f.file()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the folder for data: %w; name another with --data DIR", err)
	}
	return path, nil
}

// log is a logger beside the output, of what has that level or more.
func (d *desk) log(from string) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(from)); err != nil {
		return nil, misuse{error: err}
	}
	options := &slog.HandlerOptions{Level: level}
	if d.JSON {
		return slog.New(slog.NewJSONHandler(d.Err, options)), nil
	}
	return slog.New(slog.NewTextHandler(d.Err, options)), nil
}

// listen opens the port.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; name another address with --listen, or see: outcry doctor", address, err)
	}
	return l, nil
}
