// Package archtest keeps docs, layout and code of one mind: it reads the sources
// of the whole tree and says where they break a rule of the architecture or of
// the style. Nothing imports it; its tests are its only use, and `make archtest`
// runs them. It reads source text only, so it needs no compiler and no network,
// and a package that does not exist yet breaks no rule.
package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the import path of the tree's root.
const module = "outcry"

// Finding is one place that breaks a rule.
type Finding struct {
	Where  string // the path from the root, with ":line" where a line is meant
	Reason string // what is wrong and why it matters
}

// String gives the place, then the reason.
func (f Finding) String() string { return f.Where + ": " + f.Reason }

// File is one text file of the tree.
type File struct {
	Path string
	Text []byte
	// Syntax is nil for what is not Go, and for Go that the compiler leaves out
	// (testdata, folders of other modules).
	Syntax *ast.File
}

// Dir is the folder of the file, "." for the root.
func (f *File) Dir() string { return path.Dir(f.Path) }

// Test says whether the file is compiled for tests only.
func (f *File) Test() bool { return strings.HasSuffix(f.Path, "_test.go") }

// Imports gives the file's import paths by the name that each has in the file.
// A blank or dot import is under its own path.
func (f *File) Imports() map[string]string {
	names := map[string]string{}
	for _, s := range f.Syntax.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			continue
		}
		name := importName(p)
		switch {
		case s.Name == nil:
		case s.Name.Name == "_", s.Name.Name == ".":
			name = p
		default:
			name = s.Name.Name
		}
		names[name] = p
	}
	return names
}

// importName is the name that an import path usually gives: its last part, or
// the one before a version.
func importName(p string) string {
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(p))
	}
	return base
}

// Tree is every text file below one root, in the order of their paths.
type Tree struct {
	Files []*File
	set   *token.FileSet
}

// Load reads the tree below root. Folders whose name starts with a dot (but for
// .ci), bin and node_modules are left out. A Go file that does not parse is an
// error, since no rule could be checked on it.
func Load(root fs.FS) (*Tree, error) {
	t := &Tree{set: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && leftOut(d.Name()):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		return t.add(root, name)
	})
	if err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	return t, nil
}

func leftOut(folder string) bool {
	return folder == "bin" || folder == "node_modules" ||
		strings.HasPrefix(folder, ".") && folder != "." && folder != ".ci"
}

func (t *Tree) add(root fs.FS, name string) error {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil
	}
	f := &File{Path: name, Text: text}
	if strings.HasSuffix(name, ".go") && !strings.Contains("/"+name, "/testdata/") {
		if f.Syntax, err = parser.ParseFile(t.set, name, text, parser.ParseComments); err != nil {
			return fmt.Errorf("parse: %w", err)
		}
	}
	t.Files = append(t.Files, f)
	return nil
}

// File is the file at the path, nil where there is none.
func (t *Tree) File(name string) *File {
	for _, f := range t.Files {
		if f.Path == name {
			return f
		}
	}
	return nil
}

// Go gives the Go files: those of the product, or with tests all of them.
func (t *Tree) Go(tests bool) []*File {
	var files []*File
	for _, f := range t.Files {
		if f.Syntax != nil && (tests || !f.Test()) {
			files = append(files, f)
		}
	}
	return files
}

// Packages gives the product's Go files by folder.
func (t *Tree) Packages() map[string][]*File {
	packages := map[string][]*File{}
	for _, f := range t.Go(false) {
		packages[f.Dir()] = append(packages[f.Dir()], f)
	}
	return packages
}

// at is a finding at a piece of syntax.
func (t *Tree) at(n ast.Node, format string, args ...any) Finding {
	p := t.set.Position(n.Pos())
	return Finding{Where: fmt.Sprintf("%s:%d", p.Filename, p.Line), Reason: fmt.Sprintf(format, args...)}
}

// lines is how many lines a piece of syntax takes.
func (t *Tree) lines(n ast.Node) int {
	return t.set.Position(n.End()).Line - t.set.Position(n.Pos()).Line + 1
}

// sorted gives the keys of m in order, so that findings come in order.
func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
