package archtest

import (
	"go/ast"
	"slices"
	"strings"
)

// A seam keeps something of the outside world away from folders that must run
// the same way each time.
type seam struct {
	dirs []string // the folders and what lies below them
	// imports are the packages that the folders do not import; what lies below a
	// package that ends in "/" is meant too.
	imports []string
	// calls are the functions that the folders do not use, as "path.Name".
	calls  []string
	reason string
}

// seams is the architecture's rule 3: steps 6 to 8 do no input or output
// themselves, and clock and chance come in from outside.
var seams = []seam{
	{
		dirs:    []string{".", "matching", "policy"},
		imports: []string{"net", "net/http", "net/rpc", "os", "os/", "database/sql", "database/sql/", "syscall", "io/ioutil"},
		reason:  "the words and the matching do no input or output: it comes in through a seam",
	},
	{
		dirs:    []string{"intake", "onboarding", "directory"},
		imports: []string{"net/http", "database/sql", "database/sql/"},
		reason:  "a unit knows neither the wire nor the database: adapters do",
	},
	{
		dirs:    []string{".", "matching", "policy"},
		imports: []string{"crypto/rand", "math/rand"},
		reason:  "chance comes in through a seam, so that a market can be run again as it was",
	},
	{
		dirs:   []string{".", "matching", "policy"},
		calls:  []string{"time.Now", "time.Since", "time.Until"},
		reason: "the time comes in through the clock, so that a market can be run again as it was",
	},
}

// seeded are the names of math/rand/v2 that draw from a source handed in; all
// others draw from the process's own.
var seeded = []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "PCG", "ChaCha8", "Zipf", "Source"}

// seedless are the folders that draw from no source but one handed in.
var seedless = []string{".", "matching", "policy", "sim"}

// Seams checks that nothing of the outside world is used past a seam, and that
// nobody sleeps.
func Seams(t *Tree) []Finding {
	var found []Finding
	for _, f := range t.Go(false) {
		found = append(found, t.throughSeams(f)...)
	}
	for _, f := range t.Go(true) {
		if _, ok := f.Imports()["synctest"]; f.Test() && ok {
			continue
		}
		for _, n := range uses(f, "time", func(name string) bool { return name == "Sleep" }) {
			found = append(found, t.at(n, "time.Sleep: the product waits on a timer and its context; a test sleeps in a synctest bubble only"))
		}
	}
	return found
}

func (t *Tree) throughSeams(f *File) []Finding {
	var found []Finding
	for _, s := range seams {
		if !below(f.Dir(), s.dirs) {
			continue
		}
		for _, spec := range f.Syntax.Imports {
			if p := strings.Trim(spec.Path.Value, `"`); matches(p, s.imports) {
				found = append(found, t.at(spec, "imports %s: %s", p, s.reason))
			}
		}
		for _, call := range s.calls {
			p, name, _ := strings.Cut(call, ".")
			for _, n := range uses(f, p, func(got string) bool { return got == name }) {
				found = append(found, t.at(n, "%s: %s", call, s.reason))
			}
		}
	}
	if below(f.Dir(), seedless) {
		for _, n := range uses(f, "math/rand/v2", func(name string) bool { return !slices.Contains(seeded, name) }) {
			found = append(found, t.at(n, "rand.%s draws from the process's own chance: draw from a source that was handed in", n.Sel.Name))
		}
	}
	return found
}

// below says whether dir is one of the folders or lies in one; "." is the root
// alone.
func below(dir string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool {
		return dir == f || strings.HasPrefix(dir, f+"/")
	})
}

func matches(importPath string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool {
		return importPath == p || strings.HasSuffix(p, "/") && strings.HasPrefix(importPath, p)
	})
}

// uses finds where a file takes a name out of an imported package.
func uses(f *File, importPath string, wanted func(name string) bool) []*ast.SelectorExpr {
	imports := f.Imports()
	var found []*ast.SelectorExpr
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		// A name that the file declares itself hides the package.
		if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil && imports[x.Name] == importPath && wanted(s.Sel.Name) {
			found = append(found, s)
		}
		return true
	})
	return found
}
