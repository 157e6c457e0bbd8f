package archtest

import (
	"bytes"
	"go/ast"
)

// The sizes beyond which nobody reads on.
const (
	maxFile     = 500 // lines
	maxTestFile = 800 // lines
	maxFunction = 80  // lines, from "func" to its closing brace
	maxParams   = 5   // then a struct
	maxMethods  = 4   // of an interface that a unit asks for
)

// Sizes checks the lengths of files and functions, the number of parameters,
// and the number of methods that a unit's interfaces ask for. Generated files
// are nobody's to read.
func Sizes(t *Tree) []Finding {
	var found []Finding
	for _, f := range t.Go(true) {
		if ast.IsGenerated(f.Syntax) {
			continue
		}
		limit := maxFile
		if f.Test() {
			limit = maxTestFile
		}
		if n := bytes.Count(f.Text, []byte("\n")); n > limit {
			found = append(found, t.at(f.Syntax, "the file has %d lines, more than %d: give each noun its own", n, limit))
		}
		for _, d := range f.Syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				found = append(found, t.functionSize(fn)...)
			}
		}
		if layout[top(f.Dir())] == unit && !f.Test() {
			found = append(found, t.interfaceSizes(f)...)
		}
	}
	return found
}

func (t *Tree) functionSize(fn *ast.FuncDecl) []Finding {
	var found []Finding
	if n := t.lines(fn); n > maxFunction {
		found = append(found, t.at(fn, "%s has %d lines, more than %d: name its parts", fn.Name.Name, n, maxFunction))
	}
	if n := fn.Type.Params.NumFields(); n > maxParams {
		found = append(found, t.at(fn, "%s has %d parameters, more than %d: make them a struct", fn.Name.Name, n, maxParams))
	}
	return found
}

// interfaceSizes counts an embedded interface as one method: it is counted by
// itself where it is declared.
func (t *Tree) interfaceSizes(f *File) []Finding {
	var found []Finding
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if i, ok := spec.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > maxMethods {
			found = append(found, t.at(spec, "%s asks for %d methods, more than %d: a unit asks for what one caller needs",
				spec.Name.Name, i.Methods.NumFields(), maxMethods))
		}
		return true
	})
	return found
}
