// Command outcry is the market in one program: it runs a market, asks in one as
// a buyer, answers in one for a shop, and looks after one for its operator.
//
// Every command takes --help and --json, and every flag may be given as a
// variable OUTCRY_FLAG of the environment. The exit code is 0 when all went well,
// 2 when the command was given something wrong, and 1 when it failed otherwise.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // opening hours are in their shops' zones, also where the machine knows none
)

func main() { os.Exit(start()) }

// start runs the command that the arguments name, until it is done or the
// process is told to stop.
func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], desk{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
