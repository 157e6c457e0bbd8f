package archtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"outcry/internal/archtest"
)

// whole reads the tree that this test is part of.
func whole(t *testing.T) *archtest.Tree {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	tree, err := archtest.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

var hostName = regexp.MustCompile(`//(?:[^/@]*@)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})`)

// registries gives the hosts from which this machine takes its packages.
func registries(t *testing.T) []string {
	t.Helper()
	var hosts []string
	for _, ask := range [][]string{{"go", "env", "GOPROXY"}, {"npm", "config", "get", "registry"}} {
		if _, err := exec.LookPath(ask[0]); err != nil {
			continue
		}
		out, err := exec.CommandContext(t.Context(), ask[0], ask[1:]...).Output()
		if err != nil {
			t.Fatalf("%s: %v", strings.Join(ask, " "), err)
		}
		for _, m := range hostName.FindAllStringSubmatch(string(out), -1) {
			hosts = append(hosts, m[1])
		}
	}
	return hosts
}

func TestTree_KeepsTheRules(t *testing.T) {
	t.Parallel()
	tree := whole(t)
	for _, rule := range archtest.Rules(registries(t)) {
		t.Run(strings.ReplaceAll(rule.Name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			for _, f := range rule.Check(tree) {
				t.Error(f)
			}
		})
	}
}

// TestTree_Map prints where each step is; it fails where there is no tree to
// draw.
func TestTree_Map(t *testing.T) {
	t.Parallel()
	tree := whole(t)
	drawn := archtest.Map(tree)
	if !strings.Contains(drawn, "Package outcry is the vocabulary of the market") {
		t.Errorf("the map does not show the root:\n%s", drawn)
	}
	t.Logf("the map of the tree:\n%s", drawn)
	t.Logf("the longest chain of imports: %s", strings.Join(archtest.Chain(tree), " -> "))
}

// load makes a tree of files that exist in the test only.
func load(t *testing.T, files map[string]string) *archtest.Tree {
	t.Helper()
	root := fstest.MapFS{}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := archtest.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// breach is a small tree and what a rule finds in it: the start of each finding,
// in order. No finding at all is the promise that the rule leaves good code
// alone.
type breach struct {
	name  string
	files map[string]string
	want  []string
}

func check(t *testing.T, rule func(*archtest.Tree) []archtest.Finding, cases []breach) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := rule(load(t, c.files))
			for i, f := range found {
				if i >= len(c.want) || !strings.HasPrefix(f.String(), c.want[i]) {
					t.Errorf("found %q", f)
				}
			}
			if len(found) < len(c.want) {
				t.Errorf("found %d, want %q", len(found), c.want)
			}
		})
	}
}

func TestLoad_LeavesOutWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	tree := load(t, map[string]string{
		"a.go":                        "package outcry",
		".ci/run":                     "#!/bin/bash",
		".git/HEAD":                   "ref",
		"bin/x.txt":                   "built",
		"web/node_modules/x/index.js": "theirs",
		"testdata/broken.go":          "this is no Go",
		"picture.png":                 "\x89PNG\x00",
	})
	var got []string
	for _, f := range tree.Files {
		got = append(got, f.Path)
	}
	if want := ".ci/run a.go testdata/broken.go"; strings.Join(got, " ") != want {
		t.Errorf("loaded %q, want %q", got, want)
	}
}

func TestLoad_RefusesGoThatDoesNotParse(t *testing.T) {
	t.Parallel()
	root := fstest.MapFS{"a.go": &fstest.MapFile{Data: []byte("package outcry\nfunc {")}}
	if _, err := archtest.Load(root); err == nil {
		t.Error("a broken file was loaded")
	}
}
