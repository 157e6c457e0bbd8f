package install_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kardianos/service"

	"outcry/cmd/outcry/install"
)

// machine is a system of services that notes what it is told.
type machine struct {
	file   string // what an installed service leaves; "" is none
	status service.Status
	fail   map[string]error
	did    []string
	config *service.Config
}

func (m *machine) do(verb string) error {
	m.did = append(m.did, verb)
	return m.fail[verb]
}

func (m *machine) Install() error {
	if err := os.MkdirAll(filepath.Dir(m.file), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(m.file, []byte("unit"), 0o600); err != nil {
		return err
	}
	return m.do("install")
}

func (m *machine) Uninstall() error {
	if err := m.do("uninstall"); err != nil {
		return err
	}
	return os.Remove(m.file)
}

func (m *machine) Start() error {
	m.status = service.StatusRunning
	return m.do("start")
}

func (m *machine) Stop() error                     { return m.do("stop") }
func (m *machine) Status() (service.Status, error) { return m.status, m.fail["status"] }

// hosted is a host with a machine in a folder of the test.
func hosted(t *testing.T, system string, scope install.Scope) (install.Host, *machine) {
	t.Helper()
	dir := t.TempDir()
	m := &machine{fail: map[string]error{}}
	h := install.Host{System: system, Home: filepath.Join(dir, "home"), Root: dir, Open: func(c *service.Config) (install.Control, error) {
		m.config = c
		return m, nil
	}}
	m.file = h.File("outcry-shop", scope)
	return h, m
}

// plan is one with texts that want quoting.
func plan(scope install.Scope) install.Plan {
	return install.Plan{
		Name: "outcry-shop", Scope: scope, Program: "/opt/out cry/100%/outcry",
		Args:    []string{"shop", "run", "--prices", `/srv/a "b" $HOME\%h/<p>&.csv`},
		Account: install.Account{Name: "baker", Home: "/srv/baker"}, Env: map[string]string{"XDG_CONFIG_HOME": "/srv/my config"},
	}
}

func TestInstall_WritesAndStartsOnce(t *testing.T) {
	t.Parallel()
	h, m := hosted(t, install.Systemd, install.ForSystem)
	if err := h.Install(plan(install.ForSystem)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"install", "start"}, m.did); diff != "" {
		t.Error(diff)
	}
	if user, ok := m.config.Option["UserService"].(bool); !ok || user || m.config.Executable != "/opt/out cry/100%/outcry" {
		t.Errorf("the service is %+v", m.config)
	}
	if state, err := h.State("outcry-shop", install.ForSystem); state != install.Running || err != nil {
		t.Error(state, err)
	}
	if err := h.Install(plan(install.ForSystem)); !errors.Is(err, install.ErrInstalled) || len(m.did) != 2 {
		t.Errorf("a second time: %v, %v", err, m.did)
	}
}

func TestInstall_LeavesNothingOfWhatFailed(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"install", "start"} {
		h, m := hosted(t, install.Launchd, install.ForUser)
		m.fail[verb], m.fail["uninstall"] = os.ErrPermission, errors.New("half")
		err := h.Install(plan(install.ForUser))
		if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "administrator's rights") {
			t.Errorf("%s: %v", verb, err)
		}
		if _, err := os.Stat(m.file); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s left %s", verb, m.file)
		}
	}
}

func TestUninstall_StopsWhatRunsFirst(t *testing.T) {
	t.Parallel()
	h, m := hosted(t, install.Systemd, install.ForSystem)
	if err := h.Uninstall("outcry-shop", install.ForSystem); err == nil || !strings.Contains(err.Error(), "there is no service") {
		t.Error(err)
	}
	if err := h.Install(plan(install.ForSystem)); err != nil {
		t.Fatal(err)
	}
	m.did = nil
	if err := h.Uninstall("outcry-shop", install.ForSystem); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"stop", "uninstall"}, m.did); diff != "" {
		t.Error(diff)
	}
	if state, err := h.State("outcry-shop", install.ForSystem); state != install.NotInstalled || err != nil {
		t.Error(state, err)
	}
}

func TestState_SaysWhatTheSystemSays(t *testing.T) {
	t.Parallel()
	h, m := hosted(t, install.Systemd, install.ForSystem)
	if err := m.Install(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status service.Status
		err    error
		want   install.State
	}{
		{service.StatusRunning, nil, install.Running}, {service.StatusStopped, nil, install.Stopped},
		{service.StatusUnknown, service.ErrNotInstalled, install.Stopped},
		{service.StatusUnknown, errors.New("service in failed state"), install.Failed},
	} {
		m.status, m.fail["status"] = c.status, c.err
		if got, err := h.State("outcry-shop", install.ForSystem); got != c.want || err != nil {
			t.Errorf("%v, %v is %q, %v", c.status, c.err, got, err)
		}
	}
	m.fail["status"] = errors.New("no bus")
	if _, err := h.State("outcry-shop", install.ForSystem); err == nil {
		t.Error("an unknown state is told as one")
	}
	w, m := hosted(t, install.Windows, install.ForSystem)
	m.fail["status"] = service.ErrNotInstalled
	if got, err := w.State("outcry-shop", install.ForSystem); got != install.NotInstalled || err != nil {
		t.Error(got, err)
	}
}

func TestHost_SaysWhereTheLogIs(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]struct {
		system string
		scope  install.Scope
	}{
		"journalctl --user -u till -f": {install.Systemd, install.ForUser}, "journalctl -u till -f": {install.Systemd, install.ForSystem},
		"h/Library/Logs/till.log": {install.Launchd, install.ForUser}, "/Library/Logs/till.log": {install.Launchd, install.ForSystem},
		"h/AppData/Local/outcry/till.log": {install.Windows, install.ForSystem},
	} {
		h := install.Host{System: s.system, Home: "h"}
		if got := filepath.ToSlash(h.Log("till", s.scope)); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestInstall_SystemdTakesTheUnit hands a plan to the library's own systemd, with
// a systemctl that notes what it is told.
func TestInstall_SystemdTakesTheUnit(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("systemd is Linux's")
	}
	dir := t.TempDir()
	script := "#!/bin/sh\necho \"$@\" >>" + dir + "/told\ntest \"$1\" != is-active || echo active\n"
	if err := os.WriteFile(filepath.Join(dir, "systemctl"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("HOME", dir)
	t.Setenv("XDG_RUNTIME_DIR", filepath.Join(dir, "nothing"))
	systems := service.AvailableSystems()
	i := slices.IndexFunc(systems, func(s service.System) bool { return s.String() == install.Systemd })
	h := install.Host{System: install.Systemd, Home: dir, Root: dir, Open: func(c *service.Config) (install.Control, error) { return systems[i].New(nil, c) }}
	if err := h.Install(plan(install.ForUser)); err == nil || !strings.Contains(err.Error(), "sign in directly") {
		t.Errorf("without a session: %v", err)
	}
	t.Setenv("XDG_RUNTIME_DIR", dir)
	if err := os.Mkdir(filepath.Join(dir, "systemd"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := h.Install(plan(install.ForUser)); err != nil {
		t.Fatal(err)
	}
	unit, err := os.ReadFile(h.File("outcry-shop", install.ForUser))
	if diff := cmp.Diff(install.Unit(plan(install.ForUser)), string(unit)); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if state, err := h.State("outcry-shop", install.ForUser); state != install.Running || err != nil {
		t.Error(state, err)
	}
	if err := h.Uninstall("outcry-shop", install.ForUser); err != nil {
		t.Error(err)
	}
	told, err := os.ReadFile(filepath.Join(dir, "told"))
	want := "enable --user outcry-shop.service\ndaemon-reload --user\nstart --user outcry-shop.service\nis-active outcry-shop.service --user\n" +
		"is-active outcry-shop.service --user\nstop --user outcry-shop.service\ndisable --user outcry-shop.service\ndaemon-reload --user\n"
	if diff := cmp.Diff(want, string(told)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestUnit_SystemdUnderstandsIt(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("systemd-analyze") //nolint:misspell // its name
	if err != nil {
		t.Skip("the tool that verifies units is not here")
	}
	p := plan(install.ForSystem)
	p.Program, p.Account.Name = "/bin/sh", "root"
	file := filepath.Join(t.TempDir(), "outcry-shop.service")
	if err := os.WriteFile(file, []byte(install.Unit(p)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, "verify", "--man=no", file).CombinedOutput()
	if err != nil || strings.Contains(string(out), "outcry-shop.service") {
		t.Errorf("%v: %s", err, out)
	}
}
