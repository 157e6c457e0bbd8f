package main

import (
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

// Help shows an example.
func (versionCommand) Help() string { return "Example:\n  outcry version --json" }

// build is what the program says of itself.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Run prints the version.
func (versionCommand) Run(d *desk) error {
	b := build{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Revision = s.Value
			}
		}
	}
	if d.JSON {
		return d.tell(b)
	}
	d.say("outcry %s (%s, %s)", b.Version, b.Go, b.Platform)
	return nil
}
