package archtest

import (
	"path"
	"slices"
	"strings"
)

// hollow are names that say nothing about what is inside; for a package there
// are more of them than for a file.
var (
	hollow        = []string{"util", "common", "helper", "misc"}
	hollowPackage = append([]string{"model", "service", "manager", "impl"}, hollow...)
)

// isAny says whether a name is one of the words, alone or in the plural.
func isAny(name string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return name == w || name == w+"s" })
}

// Names checks that packages and files are named after what they hold, and that
// tests see their package from outside. export_test.go may open a window.
func Names(t *Tree) []Finding {
	var found []Finding
	seen := map[string]bool{}
	for _, f := range t.Go(true) {
		file, name := path.Base(f.Path), f.Syntax.Name.Name
		if (isAny(path.Base(f.Dir()), hollowPackage) || isAny(name, hollowPackage)) && !seen[f.Dir()] {
			seen[f.Dir()] = true
			found = append(found, Finding{f.Dir(), "the name says nothing: name the package after its noun"})
		}
		if isAny(strings.TrimSuffix(strings.TrimSuffix(file, ".go"), "_test"), hollow) {
			found = append(found, Finding{f.Path, "the name says nothing: name the file after the noun it holds"})
		}
		if f.Test() && file != "export_test.go" && !strings.HasSuffix(name, "_test") {
			found = append(found, t.at(f.Syntax, "the test is inside its package: make it package %s_test", name))
		}
	}
	return found
}
