package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"outcry"
	"outcry/policy"
)

type policyCheckCommand struct {
	File string `arg:"" help:"File of a policy, in YAML or JSON."`
}

// Help shows an example.
func (policyCheckCommand) Help() string {
	return `Checks all of it, the expressions too, and prints what is wrong as
FILE:LINE:COLUMN: MESSAGE. The exit code is 2 where anything is.

Example:
  outcry policy check policy.yaml`
}

// Run checks a policy.
func (c *policyCheckCommand) Run(d *desk) error {
	if _, err := readPolicy(d, c.File); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(map[string]bool{"ok": true})
	}
	d.say("%s is a policy.", c.File)
	return nil
}

// policyFile is a policy that was read from a file.
type policyFile struct {
	name string
	text []byte
	policy.Policy
}

// readPolicy reads and checks a policy; what the file leaves out is as in the
// default. Its faults are noted, one a line.
func readPolicy(d *desk, file string) (policyFile, error) {
	f := policyFile{name: file}
	in, err := os.Open(file)
	if err != nil {
		return f, misuse{error: fmt.Errorf("read the policy: %w", err)}
	}
	defer in.Close() //nolint:errcheck // only read
	f.text, err = io.ReadAll(io.LimitReader(in, policy.MaxText+1))
	if err != nil {
		return f, misuse{error: fmt.Errorf("read the policy: %w", err)}
	}
	f.text = withoutVersion(f.text)
	if f.Policy, err = policy.Read(f.text); err != nil {
		return f, faultsOf(d, file, err)
	}
	return f, nil
}

// leadingVersion is how outcry policy show --json, and GET /v1/policy, begin.
var leadingVersion = regexp.MustCompile(`^\s*\{\s*("version"\s*:\s*\d+\s*,)`)

// withoutVersion blanks the version at the beginning of a policy in JSON: it is
// none of what a policy says. All else stays in its place.
func withoutVersion(text []byte) []byte {
	if at := leadingVersion.FindSubmatchIndex(text); at != nil {
		text = bytes.Clone(text)
		for i := at[2]; i < at[3]; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	return text
}

// faultsOf tells what is wrong with a file, as compilers do, and gives the error
// to end with.
func faultsOf(d *desk, file string, err error) error {
	var e *outcry.Error
	faults := policy.FaultsOf(err)
	if faults == nil || !errors.As(err, &e) {
		return fmt.Errorf("read the policy %s: %w", file, err)
	}
	told := &outcry.Error{Kind: outcry.Invalid, Code: e.Code, Msg: file + " cannot be used"}
	for _, line := range policy.Lines(file, err) {
		d.note("%s", line)
	}
	if d.JSON {
		for _, f := range faults {
			told.Fields = append(told.Fields, outcry.Field{Location: fmt.Sprintf("%s:%d:%d %s", file, f.Line, f.Column, f.Path), Message: f.Message})
		}
	}
	return told
}
