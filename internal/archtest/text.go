package archtest

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A trace is text that belongs to a machine or to a moment, not to the project.
type trace struct {
	pattern *regexp.Regexp
	// suffixes limits the rule to files that end so; none means every file.
	suffixes []string
	reason   string
}

// host makes a pattern of a host name given in parts, so that the names do not
// stand in this file either.
func host(parts ...string) string { return regexp.QuoteMeta(strings.Join(parts, ".")) }

var traces = []trace{
	{
		pattern: regexp.MustCompile(`(?:^|[^A-Za-z0-9_.])/(?:work|farm|root|home/[a-z]+|Users/[A-Za-z]+)/`),
		reason:  "a path of one machine",
	},
	{
		pattern:  regexp.MustCompile(`(?:^|[^A-Za-z0-9_.])/t` + `mp/`),
		suffixes: []string{".go", ".md", ".yml", ".json", ".txtar"},
		reason:   "a path of one machine: t.TempDir, os.MkdirTemp or a relative path",
	},
	{
		pattern: regexp.MustCompile(`\b(?:` + strings.Join([]string{
			host("registry", "npmjs", "org"), host("registry", "yarnpkg", "com"), host("proxy", "golang", "org"),
			host("sum", "golang", "org"), host("pypi", "org"), host("deb", "debian", "org"), host("crates", "io"),
		}, "|") + `)\b`),
		reason: "the host of a package registry: whoever builds has their own",
	},
	{
		pattern:  regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME|XX` + `X)\b`),
		suffixes: []string{".go", ".js", ".css", ".html", ".sql"},
		reason:   "unfinished work is an issue, not a comment",
	},
}

// Traces checks that the text of the tree speaks of the project alone. hosts are
// further names that must not occur: the registries that this machine uses.
func Traces(t *Tree, hosts []string) []Finding {
	list := slices.Clone(traces)
	for _, h := range hosts {
		list = append(list, trace{pattern: regexp.MustCompile(regexp.QuoteMeta(h)), reason: "the host of a package registry: whoever builds has their own"})
	}
	var found []Finding
	for _, f := range t.Files {
		for _, r := range list {
			if len(r.suffixes) > 0 && !slices.ContainsFunc(r.suffixes, func(s string) bool { return strings.HasSuffix(f.Path, s) }) {
				continue
			}
			if at := r.pattern.FindIndex(f.Text); at != nil {
				line := 1 + bytes.Count(f.Text[:at[1]-1], []byte("\n"))
				found = append(found, Finding{fmt.Sprintf("%s:%d", f.Path, line), r.reason})
			}
		}
	}
	return found
}
