package install

import (
	"maps"
	"slices"
	"strings"
)

// Unit is the systemd unit of a plan. It is started again 10 s after a failure,
// without end, but not after exit code 2: what it was given is wrong, and stays
// so.
func Unit(p Plan) string {
	var b strings.Builder
	write := func(lines ...string) {
		for _, l := range lines {
			b.WriteString(l + "\n")
		}
	}
	write("[Unit]", "Description="+description)
	if p.Scope == ForSystem {
		write("Wants=network-online.target", "After=network-online.target")
	}
	write("StartLimitIntervalSec=0", "", "[Service]", "Type=exec")
	words := []string{quoted(p.Program)}
	for _, a := range p.Args {
		words = append(words, strings.ReplaceAll(quoted(a), "$", "$$"))
	}
	write("ExecStart=" + strings.Join(words, " "))
	if p.Scope == ForSystem {
		write("User="+strings.ReplaceAll(p.Account.Name, "%", "%%"), "NoNewPrivileges=yes", "ProtectSystem=full", "PrivateTmp=yes")
	}
	for _, k := range slices.Sorted(maps.Keys(p.Env)) {
		write("Environment=" + quoted(k+"="+p.Env[k]))
	}
	write("UMask=0077", "Restart=on-failure", "RestartSec=10", "RestartPreventExitStatus=2", "", "[Install]")
	if p.Scope == ForSystem {
		write("WantedBy=multi-user.target")
	} else {
		write("WantedBy=default.target")
	}
	return b.String()
}

// quoted writes a text as one word of a unit.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`).Replace(text) + `"`
}
