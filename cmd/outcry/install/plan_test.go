package install_test

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry/cmd/outcry/install"
)

func TestUnit_QuotesWhatItIsGiven(t *testing.T) {
	t.Parallel()
	want := `[Unit]
Description=Outcry shop server: hears the shop's calls and answers them
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart="/opt/out cry/100%%/outcry" "shop" "run" "--prices" "/srv/a \"b\" $$HOME\\%%h/<p>&.csv"
User=baker
NoNewPrivileges=yes
ProtectSystem=full
PrivateTmp=yes
Environment="XDG_CONFIG_HOME=/srv/my config"
UMask=0077
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2

[Install]
WantedBy=multi-user.target
`
	if diff := cmp.Diff(want, install.Unit(plan(install.ForSystem))); diff != "" {
		t.Error(diff)
	}
	user := install.Unit(plan(install.ForUser))
	if strings.Contains(user, "User=") || strings.Contains(user, "network-online") || !strings.HasSuffix(user, "WantedBy=default.target\n") {
		t.Errorf("for a user it is\n%s", user)
	}
}

func TestJob_IsXMLThatKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	for scope, log := range map[install.Scope]string{install.ForUser: "/srv/baker/Library/Logs/outcry-shop.log", install.ForSystem: "/Library/Logs/outcry-shop.log"} {
		text := install.Job(plan(scope))
		var strs []string
		in := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := in.Token()
			if err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%v in\n%s", err, text)
				}
				break
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "string" {
				var s string
				if err := in.DecodeElement(&s, &start); err != nil {
					t.Fatal(err)
				}
				strs = append(strs, s)
			}
		}
		want := append([]string{"outcry-shop", plan(scope).Program}, plan(scope).Args...)
		if scope == install.ForSystem {
			want = append(want, "baker")
		}
		want = append(want, "/srv/my config", filepath.FromSlash(log), filepath.FromSlash(log))
		if diff := cmp.Diff(want, strs); diff != "" {
			t.Error(diff)
		}
		for _, w := range []string{"<key>RunAtLoad</key>\n\t<true/>", "<key>SuccessfulExit</key><false/>", "<integer>63</integer>"} {
			if !strings.Contains(text, w) {
				t.Errorf("%q is not in\n%s", w, text)
			}
		}
	}
}

func TestPlan_RefusesWhatNoServiceFileMayHold(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*install.Plan){
		"no name of a service": func(p *install.Plan) { p.Name = "../x" },
		"no absolute path":     func(p *install.Plan) { p.Program = "outcry" },
		"no service file":      func(p *install.Plan) { p.Args = []string{"a\nExecStartPre=/bin/false"} },
		"no service file may":  func(p *install.Plan) { p.Env = map[string]string{"A": "b\x00"} },
	} {
		p := plan(install.ForSystem)
		change(&p)
		h, m := hosted(t, install.Systemd, install.ForSystem)
		if err := h.Install(p); err == nil || !strings.Contains(err.Error(), want) || len(m.did) > 0 {
			t.Errorf("%q: %v, %v", want, err, m.did)
		}
	}
}

func TestScope_FollowsRights(t *testing.T) {
	t.Parallel()
	root, sudo, anybody := install.Account{Root: true}, install.Account{Root: true, Sudo: true}, install.Account{}
	for _, c := range []struct {
		who    install.Account
		system string
		ask    install.Scope
		want   install.Scope
		told   string
	}{
		{anybody, install.Systemd, "", install.ForUser, ""}, {sudo, install.Systemd, "", install.ForSystem, ""},
		{root, install.Launchd, install.ForUser, install.ForUser, ""}, {root, install.Windows, "", install.ForSystem, ""},
		{anybody, install.Systemd, install.ForSystem, "", "put sudo before"}, {sudo, install.Launchd, install.ForUser, "", "leave sudo away"},
		{root, install.Windows, install.ForUser, "", "leave --user away"},
	} {
		got, err := c.who.Scope(c.system, c.ask)
		if got != c.want || (err == nil) != (c.told == "") || err != nil && !strings.Contains(err.Error(), c.told) {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}

func TestLasting_RefusesATemporaryFolderAlsoThroughALink(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	dir := t.TempDir()
	temporary, stays := filepath.Join(dir, "emptied"), filepath.Join(dir, "emptied-not")
	for _, d := range []string{temporary, stays} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d, "outcry"), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(stays, "link")
	if err := os.Symlink(filepath.Join(temporary, "outcry"), link); err != nil {
		t.Fatal(err)
	}
	named := filepath.Join(dir, "named") // as some systems name theirs
	if err := os.Symlink(temporary, named); err != nil {
		t.Fatal(err)
	}
	for program, ok := range map[string]bool{filepath.Join(temporary, "outcry"): false, link: false, filepath.Join(stays, "outcry"): true} {
		path, err := install.Lasting(program, []string{named})
		if (err == nil) != ok || ok && filepath.Base(path) != "outcry" {
			t.Errorf("%s: %q, %v", program, path, err)
		}
	}
}

func TestLog_KeepsTwoFilesForItsOwner(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "logs", "shop.log")
	for range 3 { // it goes on where it was
		l, err := install.OpenLog(path, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"one..\n", "two.\n", "three.\n"} {
			if _, err := l.Write([]byte(s)); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	now, err := os.ReadFile(path)
	old, errOld := os.ReadFile(path + ".old")
	if string(now) != "three.\n" || string(old) != "two.\n" || err != nil || errOld != nil {
		t.Errorf("%q and before %q, %v %v", now, old, err, errOld)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}
