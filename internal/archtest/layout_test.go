package archtest_test

import (
	"path"
	"strings"
	"testing"

	"outcry/internal/archtest"
)

// importing is a file of the folder's package that imports the paths.
func importing(dir string, paths ...string) map[string]string {
	text := "package x\n"
	for _, p := range paths {
		text += "import \"" + p + "\"\n"
	}
	return map[string]string{path.Join(dir, "x.go"): text}
}

func TestLayout_RefusesAPackageWithoutAPlace(t *testing.T) {
	t.Parallel()
	check(t, archtest.Layout, []breach{
		{"known places", map[string]string{"doc.go": "package outcry", "matching/deal/accept.go": "package deal", "cmd/outcry/main.go": "package main"}, nil},
		{"unknown place", map[string]string{"billing/bill.go": "package billing"}, []string{"billing/bill.go:1: the architecture has no package billing"}},
	})
}

func TestImports_KeepsTheLayersApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dir, path string
		want      string // a part of the reason; "" where the import is free
	}{
		{".", "strings", ""},
		{".", "github.com/google/cel-go", "the root is the vocabulary"},
		{".", "outcry/policy", "the root is the vocabulary"},
		{"intake", "outcry", ""},
		{"intake", "outcry/policy", ""},
		{"intake", "golang.org/x/crypto/argon2", ""},
		{"intake", "outcry/intake/password", ""},
		{"intake", "outcry/directory", "a unit never imports another"},
		{"matching/board", "outcry/matching/selection", ""},
		{"matching/board", "outcry/onboarding", "a unit never imports another"},
		{"directory", "outcry/store", "never imports an adapter"},
		{"directory", "outcry/store/migrations", "never imports an adapter"},
		{"onboarding", "outcry/buyer", "or a kit"},
		{"matching", "outcry/server", "nothing imports them back"},
		{"matching", "outcry/internal/archtest", "tools for the tree itself"},
		{"policy", "outcry", ""},
		{"policy", "outcry/matching", "imports the root only"},
		{"matching", "outcry/wire", "adapters do"},
		{"wire/dial", "outcry", ""},
		{"wire/dial", "outcry/wire", ""},
		{"wire", "outcry/buyer", "both ends share"},
		{"api", "outcry/wire", ""},
		{"buyer", "outcry/wire/dial", ""},
		{"buyer", "outcry", ""},
		{"buyer", "outcry/api", "somebody else's machine"},
		{"shop", "outcry/buyer", "somebody else's machine"},
		{"store", "outcry/matching/deal", ""},
		{"store", "outcry/store/migrations", ""},
		{"store", "outcry/bus", "adapters never import each other"},
		{"web", "outcry/api", "adapters never import each other"},
		{"api", "outcry/buyer", "the other end of the wire"},
		{"line", "outcry/server", "nothing imports them back"},
		{"server", "outcry/store", ""},
		{"server", "outcry/sim", "its own simulation"},
		{"sim", "outcry/server", ""},
		{"sim", "outcry/cmd/outcry/view", "cmd is the last to know"},
		{"cmd/outcry", "outcry/sim", ""},
	} {
		t.Run(strings.ReplaceAll(c.dir+" imports "+c.path, "/", "."), func(t *testing.T) {
			t.Parallel()
			found := archtest.Imports(load(t, importing(c.dir, c.path)))
			if c.want == "" {
				if len(found) > 0 {
					t.Errorf("found %v", found)
				}
				return
			}
			if len(found) != 1 || !strings.Contains(found[0].Reason, c.want) {
				t.Errorf("found %v, want one with %q", found, c.want)
			}
		})
	}
}

func TestImports_LeavesTestsFree(t *testing.T) {
	t.Parallel()
	tree := load(t, map[string]string{"matching/market_test.go": "package matching_test\nimport \"outcry/store\"\n"})
	if found := archtest.Imports(tree); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func TestChains_AtMostSixImports(t *testing.T) {
	t.Parallel()
	chain := func(dirs ...string) map[string]string {
		files := map[string]string{}
		for i, d := range dirs {
			text := "package x\n"
			if i+1 < len(dirs) {
				text += "import \"outcry/" + dirs[i+1] + "\"\n"
			}
			files[d+"/x.go"] = text
		}
		return files
	}
	check(t, archtest.Chains, []breach{
		{"six", chain("cmd", "sim", "server", "api", "matching", "policy", "intake"), nil},
		{"seven", chain("cmd", "sim", "server", "api", "matching", "policy", "intake", "store"),
			[]string{"cmd: a chain of imports is longer than allowed: cmd -> sim -> server -> api -> matching -> policy -> intake -> store"}},
		{"a circle ends", map[string]string{"a/a.go": "package a\nimport \"outcry/b\"\n", "b/b.go": "package b\nimport \"outcry/a\"\n"}, nil},
	})
}
