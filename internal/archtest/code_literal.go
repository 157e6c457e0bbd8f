package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
)

// literal reads a string literal.
func literal(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	word, err := strconv.Unquote(b.Value)
	return word, err == nil
}

// readError takes the code of an outcry.Error literal.
func (c *codes) readError(in *scope, lit *ast.CompositeLit) {
	keys := map[string]ast.Expr{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				keys[key.Name] = kv.Value
			}
		}
	}
	if !isError(in.file, lit.Type) && (lit.Type != nil || keys["Kind"] == nil || keys["Code"] == nil) {
		return
	}
	if keys["Code"] == nil {
		if len(lit.Elts) > 0 {
			c.unread = append(c.unread, c.tree.at(lit, "the error has no Code: programs need a stable word"))
		}
		return
	}
	c.read(in, keys["Code"])
}

// isError says whether a literal's type is written as the root's Error.
func isError(f *File, typ ast.Expr) bool {
	switch typ := typ.(type) {
	case *ast.Ident:
		return f.Dir() == "." && typ.Name == "Error"
	case *ast.SelectorExpr:
		x, ok := typ.X.(*ast.Ident)
		return ok && typ.Sel.Name == "Error" && f.Imports()[x.Name] == module
	}
	return false
}

// readCall takes the code that is given to a function that makes errors.
func (c *codes) readCall(in *scope, call *ast.CallExpr) {
	dir := in.file.Dir()
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		for s := in; s != nil; s = s.outer { // a function inside this one, or around it
			if c.readGiven(in, s.name+"."+fun.Name, call) {
				return
			}
		}
		c.readGiven(in, dir+"."+fun.Name, call)
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && x.Obj == nil && in.file.Imports()[x.Name] != "" {
			dir, _ = within(in.file.Imports()[x.Name])
		}
		c.readGiven(in, dir+"."+fun.Sel.Name, call)
	}
}

// readGiven takes the code from the arguments of a call; false where the
// function makes no errors.
func (c *codes) readGiven(in *scope, maker string, call *ast.CallExpr) bool {
	i, ok := c.makers[maker]
	if !ok || i >= len(call.Args) {
		return false
	}
	c.read(in, call.Args[i])
	return true
}

var word = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// readAssignment takes a word that is assigned to a field Code. Signal codes,
// the other thing of that name, have a colon.
func (c *codes) readAssignment(a *ast.AssignStmt) {
	for i, left := range a.Lhs {
		s, ok := left.(*ast.SelectorExpr)
		if !ok || s.Sel.Name != "Code" || i >= len(a.Rhs) {
			continue
		}
		if w, ok := literal(a.Rhs[i]); ok && word.MatchString(w) {
			c.found[w] = c.tree.at(a, "")
		}
	}
}

// read takes a code from the expression that gives it.
func (c *codes) read(in *scope, e ast.Expr) {
	if w, ok := literal(e); ok {
		c.found[w] = c.tree.at(e, "")
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		if w, ok := c.constants[in.file.Dir()+"."+e.Name]; ok {
			c.found[w] = c.tree.at(e, "")
			return
		}
		if c.givenBy(in, e.Name) {
			return
		}
	case *ast.SelectorExpr:
		if e.Sel.Name == "Code" { // handed on from another error
			return
		}
		if x, ok := e.X.(*ast.Ident); ok {
			dir, _ := within(in.file.Imports()[x.Name])
			if w, ok := c.constants[dir+"."+e.Sel.Name]; ok {
				c.found[w] = c.tree.at(e, "")
				return
			}
		}
	}
	c.unread = append(c.unread, c.tree.at(e, "the error's code cannot be read here: write the word, a constant, or a parameter of the function"))
}

// givenBy notes that the function with the parameter of that name makes errors
// whose code its callers give; false where there is none.
func (c *codes) givenBy(in *scope, name string) bool {
	for s := in; s != nil; s = s.outer {
		if i := parameter(s.params, name); i >= 0 && s.name != "" {
			c.makers[s.name] = i
			return true
		}
	}
	return false
}

// parameter is the position of a function's parameter, -1 where it has none of
// the name.
func parameter(params *ast.FieldList, name string) int {
	if params == nil {
		return -1
	}
	i := 0
	for _, field := range params.List {
		for _, n := range field.Names {
			if n.Name == name {
				return i
			}
			i++
		}
	}
	return -1
}
