package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kardianos/service"
)

// The systems into which a service can be installed, as the service library
// names them.
const (
	Systemd = "linux-systemd"
	Launchd = "darwin-launchd"
	Windows = "windows-service"
)

// Control is what a Host does with one service; service.Service is one.
type Control interface {
	keeping
	running
}

type keeping interface {
	Install() error
	Uninstall() error
	Status() (service.Status, error)
}

type running interface {
	Start() error
	Stop() error
}

// Host is the system that runs this machine's services.
type Host struct {
	System string
	// Home is the folder of whoever installs.
	Home string
	// Root is the folder below which the machine's own files lie: "/".
	Root string
	// Open gives control over a service.
	Open func(*service.Config) (Control, error)
}

// ErrNoSystem says that this machine has no system into which a service could be
// installed.
var ErrNoSystem = errors.New("no systemd runs here, so no service can be installed; " +
	"let what starts this machine's programs run: outcry shop run")

// Here is the host that this machine has. Its error is ErrNoSystem, or why it
// cannot be found out.
func Here() (Host, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Host{}, fmt.Errorf("find your folder: %w; set HOME", err)
	}
	system := service.ChosenSystem()
	if system == nil || system.String() != Systemd && system.String() != Launchd && system.String() != Windows {
		return Host{}, ErrNoSystem
	}
	return Host{
		System: system.String(), Home: home, Root: string(filepath.Separator),
		Open: func(c *service.Config) (Control, error) { return system.New(nil, c) },
	}, nil
}

// State is where a service stands.
type State string

// The states.
const (
	Running      State = "running"
	Stopped      State = "stopped"
	Failed       State = "failed"
	NotInstalled State = "not installed"
)

// ErrInstalled says that there is a service of that name already.
var ErrInstalled = errors.New("it is installed already; take it away first: outcry shop uninstall")

// Install writes a service and starts it. What was written of one that could not
// be installed is removed again.
func (h Host) Install(p Plan) error {
	if err := p.Check(); err != nil {
		return err
	}
	if err := h.session(p.Scope); err != nil {
		return err
	}
	switch state, err := h.State(p.Name, p.Scope); {
	case err != nil:
		return err
	case state != NotInstalled:
		return fmt.Errorf("the service %s: %w", p.Name, ErrInstalled)
	}
	c, err := h.Open(p.config(h.System))
	if err != nil {
		return fmt.Errorf("open the service %s: %w", p.Name, err)
	}
	if err := c.Install(); err != nil {
		return h.undo(p, c, told("install the service "+p.Name, err))
	}
	if err := c.Start(); err != nil {
		err = fmt.Errorf("%w; see: %s", told("start the service "+p.Name, err), h.Log(p.Name, p.Scope))
		return h.undo(p, c, err)
	}
	return nil
}

// undo removes what was written of a service that could not be installed, and
// gives why that was.
func (h Host) undo(p Plan, c Control, why error) error {
	_ = c.Uninstall() // as far as it came
	if file := h.File(p.Name, p.Scope); file != "" {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(why, fmt.Errorf("remove %s: %w", file, err))
		}
	}
	return why
}

// told is an error of the system, with what to do where rights are missing.
func told(doing string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s: %w; it needs the administrator's rights", doing, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// session says what is wrong where the system does not run services of a user
// who came in this way.
func (h Host) session(scope Scope) error {
	if h.System != Systemd || scope != ForUser {
		return nil
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return errors.New("systemd has no session for you here, as after su: sign in directly, or install with: sudo outcry shop install")
	}
	if _, err := os.Stat(filepath.Join(dir, "systemd")); err != nil { //nolint:gosec // the user's own environment says where
		return fmt.Errorf("systemd runs no services for you (%w): sign in directly, or install with: sudo outcry shop install", err)
	}
	return nil
}

// Uninstall stops a service and removes it. A service that is not there is an
// error.
func (h Host) Uninstall(name string, scope Scope) error {
	state, err := h.State(name, scope)
	if err != nil {
		return err
	}
	if state == NotInstalled {
		return fmt.Errorf("there is no service %s (%s)", name, scope)
	}
	c, err := h.Open(Plan{Name: name, Scope: scope}.config(h.System))
	if err != nil {
		return fmt.Errorf("open the service %s: %w", name, err)
	}
	if state != Stopped {
		if err := c.Stop(); err != nil {
			return told("stop the service "+name, err)
		}
	}
	if err := c.Uninstall(); err != nil {
		return told("remove the service "+name, err)
	}
	return nil
}

// State is where the service of a name stands.
func (h Host) State(name string, scope Scope) (State, error) {
	file := h.File(name, scope)
	if file != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return NotInstalled, nil
		}
	}
	c, err := h.Open(Plan{Name: name, Scope: scope}.config(h.System))
	if err != nil {
		return "", fmt.Errorf("open the service %s: %w", name, err)
	}
	status, err := c.Status()
	switch {
	case errors.Is(err, service.ErrNotInstalled) && file == "":
		return NotInstalled, nil
	case errors.Is(err, service.ErrNotInstalled):
		return Stopped, nil // its file is there, but the system has not read it
	case err != nil && strings.Contains(err.Error(), "failed state"):
		return Failed, nil
	case err != nil:
		return "", told("ask about the service "+name, err)
	case status == service.StatusRunning:
		return Running, nil
	}
	return Stopped, nil
}

// File is where the text of a service lies; "" where the system keeps it
// elsewhere.
func (h Host) File(name string, scope Scope) string {
	switch {
	case h.System == Systemd && scope == ForUser:
		return filepath.Join(h.Home, ".config", "systemd", "user", name+".service")
	case h.System == Systemd:
		return filepath.Join(h.Root, "etc", "systemd", "system", name+".service")
	case h.System == Launchd && scope == ForUser:
		return filepath.Join(h.Home, "Library", "LaunchAgents", name+".plist")
	case h.System == Launchd:
		return filepath.Join(h.Root, "Library", "LaunchDaemons", name+".plist")
	}
	return ""
}

// Log says where the log of a service is: a command that shows it, or a file.
func (h Host) Log(name string, scope Scope) string {
	switch {
	case h.System == Systemd && scope == ForUser:
		return "journalctl --user -u " + name + " -f"
	case h.System == Systemd:
		return "journalctl -u " + name + " -f"
	}
	return logFile(h.System, name, scope, h.Home)
}

// logFile is the file into which a service writes where the system keeps none.
func logFile(system, name string, scope Scope, home string) string {
	switch {
	case system == Windows:
		return filepath.Join(home, "AppData", "Local", "outcry", name+".log")
	case scope == ForUser:
		return filepath.Join(home, "Library", "Logs", name+".log")
	}
	return "/Library/Logs/" + name + ".log"
}
