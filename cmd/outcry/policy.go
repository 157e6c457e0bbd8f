package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"outcry/api"
	"outcry/cmd/outcry/column"
	"outcry/policy"
	"outcry/wire"
	"outcry/wire/dial"
)

type policyCommand struct {
	Show    policyShowCommand    `cmd:"" help:"Print the policy in force, or an older one."`
	Check   policyCheckCommand   `cmd:"" help:"Check a policy in a file, without a server."`
	DryRun  policyDryRunCommand  `cmd:"" help:"Say what a policy would do, to one request or to all of the last hours."`
	Put     policyPutCommand     `cmd:"" help:"Put the policy in a file in force."`
	History policyHistoryCommand `cmd:"" help:"List the versions of the policy: who put them, and when."`
}

type policyShowCommand struct {
	Version int `default:"-1" help:"An older version; 0 is the default. Without it: the one in force." placeholder:"N"`
}

// Help shows examples.
func (policyShowCommand) Help() string {
	return `Prints the policy as it was written, in YAML; with --json, what it says.

Example:
  outcry policy show >policy.yaml
  outcry policy show --version 0`
}

// Run prints a policy.
func (c *policyShowCommand) Run(ctx context.Context, d *desk) error {
	caller, err := d.caller()
	if err != nil {
		return err
	}
	version := c.Version
	if version < 0 {
		if version, err = versionInForce(ctx, caller); err != nil {
			return err
		}
	}
	w, err := writtenPolicy(ctx, caller, version)
	if err != nil {
		return err
	}
	if !d.JSON {
		_, err := fmt.Fprint(d.Out, w.Text)
		return err
	}
	p, err := policy.Read([]byte(w.Text))
	if err != nil {
		return fmt.Errorf("read version %d of the policy: %w", version, err)
	}
	return d.tell(api.VersionedPolicy{Version: version, Policy: p})
}

// versionInForce is the number of the policy in force.
func versionInForce(ctx context.Context, caller dial.Caller) (int, error) {
	var now api.VersionedPolicy
	err := caller.Do(ctx, dial.Call{Method: http.MethodGet, Path: "/v1/policy"}, &now)
	return now.Version, err
}

// writtenPolicy is a version as it was written.
func writtenPolicy(ctx context.Context, caller dial.Caller, version int) (w wire.WrittenPolicy, err error) {
	err = caller.Do(ctx, dial.Call{Method: http.MethodGet, Path: dial.Path("v1", "policy", "versions", strconv.Itoa(version))}, &w)
	return w, err
}

type policyHistoryCommand struct {
	Limit int `default:"20" help:"How many, from 1 to 200." placeholder:"N"`
}

// Help shows an example.
func (policyHistoryCommand) Help() string {
	return "Example:\n  outcry policy history\n  outcry policy history --limit 200 --json"
}

// Run lists the versions.
func (c *policyHistoryCommand) Run(ctx context.Context, d *desk) error {
	caller, err := d.caller()
	if err != nil {
		return err
	}
	var page wire.Items[wire.PolicyVersion]
	call := dial.Call{Method: http.MethodGet, Path: "/v1/policy/versions", Query: map[string][]string{"limit": {strconv.Itoa(c.Limit)}}}
	if err := caller.Do(ctx, call, &page); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(page)
	}
	var rows [][]string
	for _, v := range page.Items {
		rows = append(rows, []string{strconv.Itoa(v.Version), time.Time(v.At).Local().Format(time.DateTime), column.Clean(v.By), inForce(v.InForce)})
	}
	if page.Next == "" {
		inUse, err := versionInForce(ctx, caller)
		if err != nil {
			return err
		}
		rows = append(rows, []string{"0", "", "the default", inForce(inUse == 0)})
	}
	for _, line := range column.Lines([]column.Column{{Head: "Version", Right: true}, {Head: "Put"}, {Head: "By", Min: 8}, {Head: ""}}, rows, d.width()) {
		d.say("%s", line)
	}
	if page.Next != "" {
		d.say("... and older ones; --limit 200 prints more")
	}
	return nil
}

// inForce marks the version in force.
func inForce(is bool) string {
	if is {
		return "in force"
	}
	return ""
}
