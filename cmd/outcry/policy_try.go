package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"outcry/api"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/wire/dial"
)

type policyDryRunCommand struct {
	File    string          `arg:"" optional:"" help:"File of the policy to try, in YAML or JSON."`
	Policy  string          `help:"The same." placeholder:"FILE"`
	Since   *input.Span     `help:"Try it on all requests of so long, such as 24h or 7d." placeholder:"SPAN" xor:"on"`
	Most    int             `help:"Of those the newest so many, at most 10000; 1000 unless said." placeholder:"N"`
	Request string          `help:"Try it on this request." placeholder:"ID" xor:"on"`
	Code    string          `help:"Try it on a request for this code." placeholder:"CODE" xor:"on"`
	Near    *input.Place    `help:"Where that request is." placeholder:"LAT,LON"`
	Within  *input.Distance `help:"Its radius; 3km unless said." placeholder:"DISTANCE"`
}

// Help shows examples.
func (policyDryRunCommand) Help() string {
	return `With --since it runs all past requests again, by the policy in force and by the one
in the file, and prints what became of them: calls, offers, prices, times. With a
request or a code it says whom that would call first. Nobody is called.

Shops that were called answer as they did then. What others would have said is
drawn by chance from what is known of them. Limits are left out, and hours,
connections and learned figures are those of now.

Example:
  outcry policy dry-run --policy policy.yaml --since 24h
  outcry policy dry-run policy.yaml --request req_01jd
  outcry policy dry-run policy.yaml --code osm:shop=bakery --near 55.95,-3.19`
}

// Validate checks what no single flag can.
func (c *policyDryRunCommand) Validate() error {
	switch {
	case (c.File == "") == (c.Policy == ""):
		return errors.New("name the file of the policy to try, once: --policy FILE")
	case c.Since == nil && c.Request == "" && (c.Code == "" || c.Near == nil):
		return errors.New("say on what to try it: --since SPAN, --request ID, or --code CODE with --near LAT,LON")
	case c.Most != 0 && c.Since == nil:
		return errors.New("give --most beside --since")
	case c.Most < 0:
		return errors.New("--most: write a number from 1 to 10000")
	}
	c.File += c.Policy // one of them is empty
	return nil
}

// trialTime bounds a trial on very many requests.
const trialTime = 10 * time.Minute

// Run tries the policy.
func (c *policyDryRunCommand) Run(ctx context.Context, d *desk) error {
	f, err := readPolicy(d, c.File)
	if err != nil {
		return err
	}
	caller, err := d.caller()
	if err != nil {
		return err
	}
	caller.HTTP = &http.Client{Timeout: trialTime}
	text := string(f.text)
	trial := api.PolicyTrial{Text: &text, RequestID: c.Request, Most: c.Most}
	switch {
	case c.Since != nil:
		trial.SinceS = new(time.Duration(*c.Since).Seconds())
	case c.Code != "":
		within := input.Distance(3000)
		if c.Within != nil {
			within = *c.Within
		}
		one := askCommand{Code: c.Code, Near: *c.Near, Within: within, For: input.Span(time.Minute), Wanted: 3, Quantity: 1, Rank: "best"}
		body := one.body()
		trial.Request = &body
	}
	var out api.PolicyOutcome
	if err := caller.Do(ctx, dial.Call{Method: http.MethodPost, Path: "/v1/policy/dry-run", Body: trial}, &out); err != nil {
		return err
	}
	switch {
	case d.JSON:
		return d.tell(out)
	case out.Replay != nil:
		showReplay(d, out.Replay)
	default:
		showOutcome(d, out)
	}
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
