package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"outcry/api"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/policy"

	"outcry/wire/dial"
)

type policyCommand struct {
	Show   policyShowCommand   `cmd:"" help:"Print the policy in force."`
	Check  policyCheckCommand  `cmd:"" help:"Check a policy in a file, without a server."`
	DryRun policyDryRunCommand `cmd:"" help:"Say who would be called under a policy, and the difference."`
}

type policyShowCommand struct{}

// Help shows an example.
func (policyShowCommand) Help() string {
	return "Example:\n  outcry policy show >policy.json"
}

// Run prints the policy in force.
func (policyShowCommand) Run(ctx context.Context, d *desk) error {
	caller, err := d.caller()
	if err != nil {
		return err
	}
	var v api.VersionedPolicy
	if err := caller.Do(ctx, dial.Call{Method: http.MethodGet, Path: "/v1/policy"}, &v); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(v)
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	d.say("%s", text)
	return nil
}

type policyCheckCommand struct {
	File string `arg:"" help:"JSON file of a policy, as outcry policy show prints it."`
}

// Help shows an example.
func (policyCheckCommand) Help() string {
	return "Example:\n  outcry policy check policy.json"
}

// Run checks a policy.
func (c *policyCheckCommand) Run(d *desk) error {
	if _, err := readPolicy(c.File); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(map[string]bool{"ok": true})
	}
	d.say("%s is a policy.", c.File)
	return nil
}

// maxPolicy bounds the bytes of a policy's file.
const maxPolicy = 64 << 10

// readPolicy reads and checks a policy; what the file leaves out is as in the
// default.
func readPolicy(file string) (policy.Policy, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return policy.Policy{}, misuse{error: fmt.Errorf("read the policy: %w", err)}
	}
	if len(data) > maxPolicy {
		return policy.Policy{}, misused("%s has more than 64 KiB", file)
	}
	read := api.VersionedPolicy{Policy: policy.Default()}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&read); err != nil {
		return policy.Policy{}, misuse{error: fmt.Errorf("read the policy %s: %w", file, err)}
	}
	return read.Policy, read.Check()
}

type policyDryRunCommand struct {
	File    string          `arg:"" help:"JSON file of the policy to try."`
	Request string          `help:"Try it on this request." placeholder:"ID" xor:"on"`
	Code    string          `help:"Try it on a request for this code." placeholder:"CODE" xor:"on"`
	Near    *input.Place    `help:"Where that request is." placeholder:"LAT,LON"`
	Within  *input.Distance `help:"Its radius; 3km unless said." placeholder:"DISTANCE"`
}

// Help shows an example.
func (policyDryRunCommand) Help() string {
	return `Says who would be called first by the policy in force and by the one in the file.
Nobody is called.

Example:
  outcry policy dry-run policy.json --request req_01jd
  outcry policy dry-run policy.json --code osm:shop=bakery --near 55.95,-3.19`
}

// Validate checks what no single flag can.
func (c *policyDryRunCommand) Validate() error {
	if c.Request == "" && (c.Code == "" || c.Near == nil) {
		return errors.New("say on what to try it: --request ID, or --code CODE with --near LAT,LON")
	}
	return nil
}

// Run tries the policy.
func (c *policyDryRunCommand) Run(ctx context.Context, d *desk) error {
	p, err := readPolicy(c.File)
	if err != nil {
		return err
	}
	caller, err := d.caller()
	if err != nil {
		return err
	}
	trial := api.PolicyTrial{Policy: p, RequestID: c.Request}
	if c.Request == "" {
		within := input.Distance(3000)
		if c.Within != nil {
			within = *c.Within
		}
		one := askCommand{Code: c.Code, Near: *c.Near, Within: within, For: input.Span(60e9), Wanted: 3, Quantity: 1, Rank: "best"}
		body := one.body()
		trial.Request = &body
	}
	var out api.PolicyOutcome
	if err := caller.Do(ctx, dial.Call{Method: http.MethodPost, Path: "/v1/policy/dry-run", Body: trial}, &out); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(out)
	}
	showOutcome(d, out)
	return nil
}

// showOutcome prints who would be called by either policy, and the difference.
func showOutcome(d *desk, out api.PolicyOutcome) {
	scores := map[string][2]string{}
	var order []api.PolicyCandidate
	for i, side := range [][]api.PolicyCandidate{out.Present, out.Proposed} {
		for _, p := range side {
			s, seen := scores[p.Shop.ID]
			if !seen {
				order = append(order, p)
			}
			s[i] = fmt.Sprintf("%.3f", p.Score)
			scores[p.Shop.ID] = s
		}
	}
	var rows [][]string
	for _, p := range order {
		s := scores[p.Shop.ID]
		rows = append(rows, []string{
			column.Clean(p.Shop.Name), input.Distance(max(1, p.DistanceM)).String(), dash(s[0]), dash(s[1]), difference(s),
		})
	}
	for _, line := range column.Lines([]column.Column{
		{Head: "Shop", Min: 16}, {Head: "Distance", Right: true}, {Head: "In force", Right: true}, {Head: "Tried", Right: true}, {Head: ""},
	}, rows, d.width()) {
		d.say("%s", line)
	}
	d.say("\n%d called by the policy in force, %d by the one tried: %d more, %d no longer.",
		len(out.Present), len(out.Proposed), len(out.Added), len(out.Dropped))
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// difference says which of the two policies alone calls a shop.
func difference(scores [2]string) string {
	switch {
	case scores[0] == "":
		return "added"
	case scores[1] == "":
		return "dropped"
	}
	return ""
}
