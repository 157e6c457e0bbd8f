package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"outcry"
	"outcry/api"
	"outcry/cmd/outcry/column"
	"outcry/policy"
	"outcry/wire/dial"
)

type policyPutCommand struct {
	File string `arg:"" help:"File of the policy, in YAML or JSON."`
	From int    `default:"-1" help:"The version that it was made from; another one in force is then an error. Without it: the one in force." placeholder:"N"`
}

// Help shows examples.
func (policyPutCommand) Help() string {
	return `Puts the policy of a file in force, and prints what it changes. Requests that are
open go on by the policy that they began with. Try it first: outcry policy dry-run.

Example:
  outcry policy show >policy.yaml
  outcry policy put policy.yaml
  outcry policy put policy.yaml --from 3`
}

// Run puts a policy in force.
func (c *policyPutCommand) Run(ctx context.Context, d *desk) error {
	f, err := readPolicy(d, c.File)
	if err != nil {
		return err
	}
	caller, err := d.caller()
	if err != nil {
		return err
	}
	var now api.VersionedPolicy
	if err := caller.Do(ctx, dial.Call{Method: http.MethodGet, Path: "/v1/policy"}, &now); err != nil {
		return err
	}
	if c.From < 0 {
		c.From = now.Version
	}
	if c.From != now.Version {
		return &outcry.Error{Kind: outcry.Conflict, Code: "policy_changed",
			Msg: fmt.Sprintf("the policy in force is version %d, not %d; look at it with: outcry policy show", now.Version, c.From)}
	}
	changes, err := policyChanges(now.Policy, f.Policy)
	if err != nil {
		return err
	}
	text := string(f.text)
	var put api.VersionedPolicy
	body := api.PolicyChange{Version: &c.From, Text: &text}
	if err := caller.Do(ctx, dial.Call{Method: http.MethodPut, Path: "/v1/policy", Body: body}, &put); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(struct {
			Version int            `json:"version"`
			From    int            `json:"from"`
			Changes []policyChange `json:"changes"`
		}{put.Version, c.From, changes})
	}
	showChanges(d, changes)
	d.say("Version %d is in force, in the place of version %d.", put.Version, c.From)
	return nil
}

// policyChange is one thing that two policies say differently; "" is not said.
type policyChange struct {
	Path string `json:"path"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// policyChanges are what a policy says otherwise than another, by path.
func policyChanges(was, is policy.Policy) ([]policyChange, error) {
	before, err := saidBy(was)
	after, err2 := saidBy(is)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	changes := []policyChange{}
	paths := maps.Clone(before)
	maps.Copy(paths, after)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if before[path] != after[path] {
			changes = append(changes, policyChange{path, before[path], after[path]})
		}
	}
	return changes, nil
}

// saidBy is each thing that a policy says, by its path.
func saidBy(p policy.Policy) (map[string]string, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("read the policy: %w", err)
	}
	said := map[string]string{}
	flatten(tree, "", said)
	return said, nil
}

// flatten puts what stands in a tree down by its path; a list of figures is one
// thing.
func flatten(v any, path string, into map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			if path != "" {
				name = path + "." + name
			}
			flatten(below, name, into)
		}
		return
	case []any:
		if len(v) > 0 {
			if _, figures := v[0].(float64); !figures {
				for i, below := range v {
					flatten(below, fmt.Sprintf("%s[%d]", path, i), into)
				}
				return
			}
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		text = []byte(fmt.Sprint(v))
	}
	into[path] = string(text)
}

// mostChanges is how many changes are printed.
const mostChanges = 30

// showChanges prints what has changed.
func showChanges(d *desk, changes []policyChange) {
	if len(changes) == 0 {
		d.say("It says the same as the policy in force.")
		return
	}
	var rows [][]string
	for _, c := range changes[:min(len(changes), mostChanges)] {
		rows = append(rows, []string{column.Clean(c.Path), dash(column.Clean(c.Was)), dash(column.Clean(c.Is))})
	}
	for _, line := range column.Lines([]column.Column{{Head: "Key", Min: 12}, {Head: "Was", Min: 8}, {Head: "Is", Min: 8}}, rows, d.width()) {
		d.say("%s", line)
	}
	if more := len(changes) - mostChanges; more > 0 {
		d.say("... and %d more; --json prints all", more)
	}
	d.say("")
}

// dash stands for what is not there.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
