package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"outcry/cmd/outcry/counter"
	"outcry/cmd/outcry/install"
	"outcry/cmd/outcry/keyring"
)

type shopInstallCommand struct {
	User    bool   `xor:"scope" help:"For you alone; so it is where you are not the administrator."`
	System  bool   `xor:"scope" help:"For the whole machine, with your key; so it is after sudo."`
	Prices  string `help:"CSV file of prices; calls for its codes are answered." placeholder:"FILE"`
	Rules   string `aliases:"config" help:"YAML file of how the shop answers." placeholder:"FILE"`
	Confirm bool   `help:"Confirm orders as they come."`
	Shop    string `help:"The shop, where several are paired here." placeholder:"ID"`
	Name    string `default:"outcry-shop" help:"What the service is called." placeholder:"NAME"`
}

// Help shows examples.
func (shopInstallCommand) Help() string {
	return `Makes outcry shop run a service of this machine: a systemd unit, a launchd job or a
Windows service. It starts now and after each start of the machine, and again when
it fails. The shop is paired first; files are looked at before anything changes.

Example:
  outcry shop join --server https://market.example ABCD-EFGH
  outcry shop install --server https://market.example --rules shop.yaml
  sudo outcry shop install --server https://market.example --prices prices.csv`
}

// Run installs.
func (c *shopInstallCommand) Run(_ context.Context, d *desk) error {
	if err := install.CheckName(c.Name); err != nil {
		return misuse{error: err}
	}
	if d.Token != "" {
		return misused("a service runs with the key of a paired shop: leave --token away, and pair it with: outcry shop join CODE")
	}
	me, err := install.Me()
	if err != nil {
		return err
	}
	key, err := c.key(d, me)
	if err != nil {
		return err
	}
	program, err := c.program()
	if err != nil {
		return misuse{error: err}
	}
	args, err := c.args(d, key.Shop)
	if err != nil {
		return err
	}
	host, err := install.Here()
	if err != nil {
		return err
	}
	scope, err := me.Scope(host.System, c.scope())
	if err != nil {
		return misuse{error: err}
	}
	if host.System == install.Windows { // its services speak to the system
		args = append([]string{"shop", "service", "--log", host.Log(c.Name, scope)}, args[2:]...)
	}
	plan := install.Plan{Name: c.Name, Scope: scope, Program: program, Args: args, Account: me, Env: serviceEnv(me)}
	if err := host.Install(plan); err != nil {
		return err
	}
	return c.tell(d, host, plan)
}

// tell says what was installed.
func (c *shopInstallCommand) tell(d *desk, host install.Host, p install.Plan) error {
	s := serviceState{Name: p.Name, Scope: p.Scope, State: install.Running, Log: host.Log(p.Name, p.Scope), File: host.File(p.Name, p.Scope)}
	if d.JSON {
		return d.tell(map[string]any{"service": s, "program": p.Program, "args": p.Args})
	}
	d.say("The service %s runs, from now on and after each start of this machine.", p.Name)
	if s.File != "" {
		d.say("File: %s", s.File)
	}
	d.say("Log:  %s", s.Log)
	if _, err := os.Stat(filepath.Join("/var/lib/systemd/linger", p.Account.Name)); host.System == install.Systemd && p.Scope == install.ForUser && err != nil {
		d.say("It runs while you are signed in. To let it run always: loginctl enable-linger %s", p.Account.Name)
	}
	return nil
}

// scope is what was asked for; "" is nothing.
func (c *shopInstallCommand) scope() install.Scope {
	switch {
	case c.User:
		return install.ForUser
	case c.System:
		return install.ForSystem
	}
	return ""
}

// key is the key of the shop that is paired in the account, in a file that only
// its user may read.
func (c *shopInstallCommand) key(d *desk, me install.Account) (keyring.ShopKey, error) {
	ring := keyring.In(me.Keys())
	if !me.Sudo {
		var err error
		if ring, err = keyring.Default(); err != nil {
			return keyring.ShopKey{}, err
		}
	}
	keys, err := ring.Shops(d.Server)
	if err != nil {
		return keyring.ShopKey{}, err
	}
	var found []keyring.ShopKey
	for _, k := range keys {
		if c.Shop == "" || k.Shop == c.Shop {
			found = append(found, k)
		}
	}
	switch {
	case len(found) == 0:
		return keyring.ShopKey{}, misused("no such shop is paired with %s in %s; pair one as %s with: outcry shop join CODE", d.Server, ring.File(), me.Name)
	case len(found) > 1:
		return keyring.ShopKey{}, misused("%d shops are paired here; name one with --shop ID, and the service with --name", len(found))
	}
	info, err := os.Stat(ring.File())
	if err != nil {
		return keyring.ShopKey{}, fmt.Errorf("look at the file of keys: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return keyring.ShopKey{}, misused("others may read the file of keys; close it first: chmod 600 %s", ring.File())
	}
	return found[0], nil
}

// program is the path of this program, where it stays.
func (*shopInstallCommand) program() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the program: %w", err)
	}
	return install.Lasting(path, install.Temporary())
}

// args are what the service gives to the program, with absolute paths. The files
// are read first: a service shall not fail for what can be told now.
func (c *shopInstallCommand) args(d *desk, shop string) ([]string, error) {
	args := []string{"shop", "run", "--server", d.Server, "--shop", shop}
	if _, err := loadSetting(d, counter.Files{Rules: c.Rules, Prices: c.Prices}); err != nil {
		return nil, err
	}
	for _, f := range []struct{ flag, path string }{{"--prices", c.Prices}, {"--rules", c.Rules}} {
		if f.path == "" {
			continue
		}
		path, err := filepath.Abs(f.path)
		if err != nil {
			return nil, fmt.Errorf("find %s: %w", f.path, err)
		}
		args = append(args, f.flag, path)
	}
	if c.Confirm {
		args = append(args, "--confirm")
	}
	return args, nil
}

// serviceEnv are the variables by which the service finds the keys: those that
// move the folders for them. On Windows it runs as the system, which has other
// folders of its own.
func serviceEnv(me install.Account) map[string]string {
	env := map[string]string{}
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"} {
		if v := os.Getenv(name); v != "" && !me.Sudo {
			env[name] = v
		}
	}
	return env
}

type shopUninstallCommand struct {
	User   bool   `xor:"scope" help:"The one for you alone."`
	System bool   `xor:"scope" help:"The one for the whole machine."`
	Name   string `default:"outcry-shop" help:"What the service is called." placeholder:"NAME"`
}

// Help shows an example.
func (shopUninstallCommand) Help() string {
	return `Stops the service and removes it. The shop stays paired.

Example:
  outcry shop uninstall`
}

// Run removes the service.
func (c *shopUninstallCommand) Run(_ context.Context, d *desk) error {
	if err := install.CheckName(c.Name); err != nil {
		return misuse{error: err}
	}
	host, err := install.Here()
	if err != nil {
		return err
	}
	found, err := servicesOf(host, c.Name)
	if err != nil {
		return err
	}
	var scope install.Scope
	for _, s := range found {
		if c.User && s.Scope != install.ForUser || c.System && s.Scope != install.ForSystem {
			continue
		}
		if scope != "" {
			return misused("there is a service %s for you and one for the machine: say which, --user or --system", c.Name)
		}
		scope = s.Scope
	}
	if scope == "" {
		return misused("there is no service %s; see: outcry shop status", c.Name)
	}
	me, err := install.Me()
	if err != nil {
		return err
	}
	if _, err := me.Scope(host.System, scope); err != nil && host.System != install.Windows {
		return misuse{error: err}
	}
	if err := host.Uninstall(c.Name, scope); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(map[string]any{"service": serviceState{Name: c.Name, Scope: scope, State: install.NotInstalled}})
	}
	d.say("The service %s is stopped and removed. The shop stays paired.", c.Name)
	return nil
}

// serviceState is where the service of a shop server stands.
type serviceState struct {
	Name  string        `json:"name"`
	Scope install.Scope `json:"scope,omitempty"`
	State install.State `json:"state"`
	Log   string        `json:"log,omitempty"`
	File  string        `json:"file,omitempty"`
}

// servicesOf are the services of a name that are installed: for the user, for
// the machine, or both.
func servicesOf(host install.Host, name string) ([]serviceState, error) {
	scopes := []install.Scope{install.ForUser, install.ForSystem}
	if host.System == install.Windows {
		scopes = scopes[1:]
	}
	var found []serviceState
	for _, scope := range scopes {
		state, err := host.State(name, scope)
		if errors.Is(err, fs.ErrPermission) {
			continue // another's
		}
		if err != nil {
			return nil, err
		}
		if state != install.NotInstalled {
			found = append(found, serviceState{Name: name, Scope: scope, State: state, Log: host.Log(name, scope), File: host.File(name, scope)})
		}
	}
	return found, nil
}

// services are the services of a name on this machine, as lines for people;
// where there are none, why.
func services(name string) ([]serviceState, string) {
	host, err := install.Here()
	if err != nil {
		return nil, err.Error()
	}
	found, err := servicesOf(host, name)
	switch {
	case err != nil:
		return nil, err.Error()
	case len(found) == 0:
		return nil, "not installed; outcry shop run answers while it runs, outcry shop install makes it a service"
	}
	return found, ""
}
