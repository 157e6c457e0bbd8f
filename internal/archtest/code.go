package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// errorsDoc is the page that tells every error code.
const errorsDoc = "docs/errors.md"

// codes gathers the error codes of a tree: what stands as Code in the literals
// of outcry.Error, as words, as constants, or as the parameter of a function
// that makes such an error, in which case the calls of that function say it.
type codes struct {
	tree      *Tree
	constants map[string]string // value by "folder.Name"
	makers    map[string]int    // position of the parameter by "folder.Name"
	found     map[string]Finding
	unread    []Finding
}

// scope is the function in which an expression stands.
type scope struct {
	file   *File
	name   string         // of the function with its folder; "" for a function without one
	params *ast.FieldList // nil outside functions
	outer  *scope
}

// Codes checks that docs/errors.md tells every error code, none that is no
// more, and that every error has a code that a reader of the source can see.
func Codes(t *Tree) []Finding {
	c := codes{tree: t, constants: map[string]string{}, makers: map[string]int{}, found: map[string]Finding{}}
	c.readConstants()
	for known := -1; known < len(c.makers); { // a maker may be called by another maker
		known = len(c.makers)
		c.unread = nil
		c.walk()
	}
	return append(c.unread, c.undocumented()...)
}

func (c *codes) readConstants() {
	for _, f := range c.tree.Go(false) {
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			d, ok := n.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				return true
			}
			for _, s := range d.Specs {
				v, ok := s.(*ast.ValueSpec)
				if !ok || len(v.Names) != len(v.Values) {
					continue
				}
				for i, name := range v.Names {
					if word, ok := literal(v.Values[i]); ok {
						c.constants[f.Dir()+"."+name.Name] = word
					}
				}
			}
			return true
		})
	}
}

func (c *codes) walk() {
	for _, f := range c.tree.Go(false) {
		for _, d := range f.Syntax.Decls {
			in := &scope{file: f, name: f.Dir()}
			if fn, ok := d.(*ast.FuncDecl); ok {
				in = &scope{file: f, name: f.Dir() + "." + fn.Name.Name, params: fn.Type.Params}
			}
			c.visit(in, d)
		}
	}
}

// visit reads everything below a node; a function inside is a scope inside.
func (c *codes) visit(in *scope, below ast.Node) {
	names := map[*ast.FuncLit]string{}
	ast.Inspect(below, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			c.readError(in, n)
		case *ast.CallExpr:
			c.readCall(in, n)
		case *ast.AssignStmt:
			c.readAssignment(n)
			for i, right := range n.Rhs {
				if fn, ok := right.(*ast.FuncLit); ok && i < len(n.Lhs) {
					if left, ok := n.Lhs[i].(*ast.Ident); ok {
						names[fn] = in.name + "." + left.Name
					}
				}
			}
		case *ast.FuncLit:
			c.visit(&scope{in.file, names[n], n.Type.Params, in}, n.Body)
			return false
		}
		return true
	})
}

var documented = regexp.MustCompile("(?m)^(?:\\||#+) *`([a-z][a-z0-9_]*)`")

// undocumented compares the codes with the page: each has a row of a table or a
// heading that starts with it.
func (c *codes) undocumented() []Finding {
	var told []string
	if f := c.tree.File(errorsDoc); f != nil {
		for _, m := range documented.FindAllSubmatch(f.Text, -1) {
			told = append(told, string(m[1]))
		}
	}
	var found []Finding
	for _, code := range sorted(c.found) {
		if !slices.Contains(told, code) {
			found = append(found, Finding{c.found[code].Where, "the code `" + code + "` has no row in " + errorsDoc})
		}
	}
	for _, code := range told {
		if _, ok := c.found[code]; !ok && !c.written(code) {
			found = append(found, Finding{errorsDoc, "nothing gives the code `" + code + "` any more"})
		}
	}
	return found
}

// written says whether the product's Go has the word as a string anywhere.
func (c *codes) written(code string) bool {
	return slices.ContainsFunc(c.tree.Go(false), func(f *File) bool {
		return strings.Contains(string(f.Text), `"`+code+`"`)
	})
}
