package archtest

import (
	"slices"
	"strings"
)

// A kind is the part that a package plays in the architecture.
type kind string

const (
	root    kind = "root"
	unit    kind = "unit"
	policy  kind = "policy"
	wire    kind = "wire"
	kit     kind = "kit"
	adapter kind = "adapter"
	wiring  kind = "wiring"
	command kind = "command"
	tool    kind = "tool"
)

// layout says which kind each folder is; what lies below a folder is of its
// kind. A package that is not in here has no place in the architecture yet.
var layout = map[string]kind{
	".":          root,
	"intake":     unit,
	"onboarding": unit,
	"directory":  unit,
	"matching":   unit,
	"policy":     policy,
	"wire":       wire,
	"buyer":      kit,
	"shop":       kit,
	"store":      adapter,
	"bus":        adapter,
	"line":       adapter,
	"api":        adapter,
	"web":        adapter,
	"server":     wiring,
	"sim":        wiring,
	"cmd":        command,
	"internal":   tool,
}

// A ban says that packages of one kind do not import packages of others, but
// for what lies in their own folder.
type ban struct {
	from   kind
	to     []kind
	reason string
}

// bans is the architecture's rules 1 and 2.
var bans = []ban{
	{unit, []kind{unit}, "a unit never imports another: it asks for what it needs by an interface, and server joins them"},
	{unit, []kind{adapter, kit}, "a unit never imports an adapter or a kit: they serve it, and change without it"},
	{unit, []kind{wiring, command}, "only server, sim and cmd see everything; nothing imports them back"},
	{unit, []kind{wire}, "a unit does not know how its words are written on the wire: adapters do"},
	{policy, []kind{unit, wire, adapter, kit, wiring, command}, "policy is the operator's rules over the words of the market: it imports the root only"},
	{wire, []kind{unit, policy, adapter, kit, wiring, command}, "the wire is what both ends share: it knows the words of the market only"},
	{kit, []kind{unit, policy, adapter, kit, wiring, command}, "a kit runs on somebody else's machine: it knows the words of the market and the wire"},
	{adapter, []kind{adapter}, "adapters never import each other: what one needs of another comes through a unit's interface"},
	{adapter, []kind{kit}, "a kit is the other end of the wire; a server that imports it tests itself against itself"},
	{adapter, []kind{wiring, command}, "only server, sim and cmd see everything; nothing imports them back"},
	{wiring, []kind{command}, "cmd is the last to know: what it needs to share belongs to server or sim"},
}

// productTools says why no package of the product may import internal.
const productTools = "internal holds tools for the tree itself; the product does not need them"

// rootOnly says why the root imports nothing but the standard library.
const rootOnly = "the root is the vocabulary: it imports the standard library only, so that everything may import it"

// top is the folder in the root that a package's folder lies in.
func top(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	return first
}

// within gives the folder of a package of the tree by its import path; ok is
// false for any other import.
func within(importPath string) (dir string, ok bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// standard says whether an import path is of the standard library: its first
// part has no dot.
func standard(importPath string) bool {
	_, inside := within(importPath)
	return !inside && !strings.Contains(top(importPath), ".")
}

// Layout checks that every package has its place in the architecture.
func Layout(t *Tree) []Finding {
	var found []Finding
	packages := t.Packages()
	for _, dir := range sorted(packages) {
		if _, ok := layout[top(dir)]; !ok {
			found = append(found, t.at(packages[dir][0].Syntax,
				"the architecture has no package %s: put it where its word belongs, or give it a place by a decision record", dir))
		}
	}
	return found
}

// Imports checks who imports whom. Test files are free: a test joins what the
// product keeps apart.
func Imports(t *Tree) []Finding {
	var found []Finding
	for _, f := range t.Go(false) {
		for _, s := range f.Syntax.Imports {
			p := strings.Trim(s.Path.Value, `"`)
			if reason := banned(f.Dir(), p); reason != "" {
				found = append(found, t.at(s, "imports %s: %s", p, reason))
			}
		}
	}
	return found
}

// banned is why a package in the folder may not import the path, "" where it
// may.
func banned(dir, importPath string) string {
	from := layout[top(dir)]
	target, inside := within(importPath)
	if !inside {
		if from == root && !standard(importPath) {
			return rootOnly
		}
		return ""
	}
	to := layout[top(target)]
	switch {
	case from == root:
		return rootOnly
	case top(dir) == top(target):
		return ""
	case top(dir) == "server" && top(target) == "sim":
		return "the product does not contain its own simulation"
	case to == tool:
		return productTools
	}
	for _, b := range bans {
		if b.from == from && slices.Contains(b.to, to) {
			return b.reason
		}
	}
	return ""
}
