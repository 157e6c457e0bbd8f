// Package install makes the shop server a service of its machine, which starts
// with it and is started again when it fails: a systemd unit, a launchd job or a
// Windows service. Texts of units and jobs are made here; a Host hands them to
// the system.
package install

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/kardianos/service"
)

// Scope says for whom a service runs.
type Scope string

// The scopes.
const (
	ForUser   Scope = "user"   // by its user's own rights, while that one is signed in or lingers
	ForSystem Scope = "system" // by the machine; whoever installs it is its administrator
)

// Plan is a service that is to be installed.
type Plan struct {
	// Name is that of the service, such as "outcry-shop".
	Name  string
	Scope Scope
	// Program is the absolute path of what is run, Args what it is given.
	Program string
	Args    []string
	// Account is the user whose rights it has; Windows runs it as the system.
	Account Account
	// Env are variables of its environment.
	Env map[string]string
}

// DefaultName is what a service is called where nobody says otherwise.
const DefaultName = "outcry-shop"

const description = "Outcry shop server: hears the shop's calls and answers them"

var goodName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,63}$`)

// CheckName says what is wrong with the name of a service.
func CheckName(name string) error {
	if !goodName.MatchString(name) {
		return fmt.Errorf("%q is no name of a service: write up to 64 letters, digits, dots and dashes, a letter first, for example outcry-shop", name)
	}
	return nil
}

// Check says what is wrong with a plan.
func (p Plan) Check() error {
	if err := CheckName(p.Name); err != nil {
		return err
	}
	if !filepath.IsAbs(p.Program) {
		return fmt.Errorf("the program %q has no absolute path", p.Program)
	}
	texts := append([]string{p.Program, p.Account.Name}, p.Args...)
	for k, v := range p.Env {
		texts = append(texts, k, v)
	}
	for _, t := range texts {
		if strings.ContainsFunc(t, unicode.IsControl) {
			return fmt.Errorf("%q has characters that no service file may hold", t)
		}
	}
	return nil
}

// wholeText is a template of the service library that gives the lines that are
// handed in as arguments.
const wholeText = "{{range Arguments}}{{.}}\n{{end}}"

// config is the plan as the service library takes it for a system.
func (p Plan) config(system string) *service.Config {
	c := &service.Config{
		Name: p.Name, DisplayName: "Outcry shop server (" + p.Name + ")", Description: description, Executable: p.Program,
		Option: service.KeyValue{"UserService": p.Scope == ForUser},
	}
	switch system {
	case Systemd:
		c.Option["SystemdScript"], c.Arguments = wholeText, lines(Unit(p))
	case Launchd:
		c.Option["LaunchdConfig"], c.Arguments = wholeText, lines(Job(p))
	case Windows:
		c.Arguments, c.EnvVars = p.Args, p.Env
		c.Option["DelayedAutoStart"] = true
		c.Option["OnFailure"], c.Option["OnFailureDelayDuration"], c.Option["OnFailureResetPeriod"] = "restart", "10s", 24*3600
	}
	return c
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }
