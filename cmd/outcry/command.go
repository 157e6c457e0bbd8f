package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// commands are all commands and the flags that each of them takes.
type commands struct {
	Server string `help:"The market's address." default:"http://127.0.0.1:7480" placeholder:"URL"`
	Token  string `help:"A session token or key to call with, instead of the remembered one." placeholder:"TOKEN"`
	JSON   bool   `name:"json" help:"Print JSON for programs."`

	Demo    demoCommand    `cmd:"" group:"market" help:"Run a market with a simulated city of shops and buyers."`
	Serve   serveCommand   `cmd:"" group:"market" help:"Run a market."`
	Doctor  doctorCommand  `cmd:"" group:"market" help:"Look whether a market can run here, and say what to do."`
	Backup  backupCommand  `cmd:"" group:"market" help:"Copy a market's database while it runs."`
	Restore restoreCommand `cmd:"" group:"market" help:"Make a market's database from a backup."`

	Ask askCommand `cmd:"" group:"buyer" help:"Call out a need and pick from live offers."`

	Shop shopCommand `cmd:"" group:"shop" help:"Pair this machine with a shop and answer its calls."`

	Login   loginCommand   `cmd:"" group:"operator" help:"Sign in to a market."`
	Shops   shopsCommand   `cmd:"" group:"operator" help:"List shops, bring them in, and pair their shop servers."`
	Signals signalsCommand `cmd:"" group:"operator" help:"Search and extend the tree of signal codes."`
	Policy  policyCommand  `cmd:"" group:"operator" help:"Show, check and try the operator's rules."`

	Bench   benchCommand   `cmd:"" group:"other" help:"Measure, and print the figures."`
	Version versionCommand `cmd:"" group:"other" help:"Print the version."`
}

const description = `The market where the buyer calls out and the shops answer.

Try it:
  outcry demo
  outcry ask "fresh bread" --near 55.95,-3.19 --within 3km --for 20s

Every flag may be given as a variable of the environment too: --server as
OUTCRY_SERVER, --dry-run as OUTCRY_DRY_RUN. The exit code is 0 when all went well, 2
after wrong input, 1 after any other failure.`

// run runs one command at a desk and gives the exit code.
func run(ctx context.Context, args []string, d desk) int {
	var c commands
	left := -1
	parser, err := kong.New(&c,
		kong.Name("outcry"), kong.Description(description), kong.Writers(d.Out, d.Err),
		kong.DefaultEnvars("OUTCRY"), kong.WithHyphenPrefixedParameters(true),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, FlagsLast: true}),
		kong.ExplicitGroups([]kong.Group{
			{Key: "market", Title: "Running a market:"}, {Key: "buyer", Title: "Buying:"}, {Key: "shop", Title: "Selling:"},
			{Key: "operator", Title: "Operating:"}, {Key: "other", Title: "Other:"},
		}),
		kong.ValueFormatter(valueHelp), kong.Exit(func(code int) { left = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(&d),
	)
	if err != nil {
		fmt.Fprintln(d.Err, "outcry:", err)
		return exitFailure
	}
	parsed, err := parser.Parse(args)
	if left >= 0 { // help was asked for and shown
		return left
	}
	if err != nil {
		d.JSON = slices.Contains(args, "--json") // the flags are not read yet
		return d.fail(misuse{err, commandOf(err)})
	}
	d.JSON, d.Server, d.Token = c.JSON, c.Server, c.Token
	return d.fail(parsed.Run())
}

// valueHelp is the help of a flag with its default. The variables of the
// environment all follow one rule, which the first page of the help tells.
func valueHelp(v *kong.Value) string {
	if v.HasDefault && v.Flag != nil && v.Default != "" && !v.IsBool() {
		return strings.TrimSuffix(v.Help, ".") + " (default: " + v.Default + ")."
	}
	return v.Help
}

// commandOf is the command that was being read when it went wrong, such as
// "outcry shop join".
func commandOf(err error) string {
	var p *kong.ParseError
	if !errors.As(err, &p) || p.Context == nil || p.Context.Selected() == nil {
		return "outcry"
	}
	return p.Context.Selected().FullPath()
}
