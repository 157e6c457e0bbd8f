package archtest

import (
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// flagKeys are the tags that make a field of a command's struct a flag, an
// argument or a command.
var flagKeys = []string{"arg", "cmd", "default", "enum", "env", "name", "placeholder", "required", "short"}

// Config checks that whatever an operator can set is explained: every flag and
// command has help, every field of the server's Config has a comment, and every
// variable of the environment stands in a page of the docs.
func Config(t *Tree) []Finding {
	var found []Finding
	for _, f := range t.Go(false) {
		part := layout[top(f.Dir())]
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if part == wiring || part == command {
					found = append(found, t.configFields(n)...)
				}
			case *ast.Field:
				if part == command && n.Tag != nil {
					found = append(found, t.flagHelp(n)...)
				}
			case *ast.BasicLit:
				if variable := environment(n); variable != "" && !t.explained(variable) {
					found = append(found, t.at(n, "no page of the docs tells what %s does", variable))
				}
			}
			return true
		})
	}
	return found
}

func (t *Tree) configFields(spec *ast.TypeSpec) []Finding {
	s, ok := spec.Type.(*ast.StructType)
	if !ok || spec.Name.Name != "Config" {
		return nil
	}
	var found []Finding
	for _, field := range s.Fields.List {
		if field.Doc == nil && field.Comment == nil && len(field.Names) > 0 && field.Names[0].IsExported() {
			found = append(found, t.at(field, "the setting %s has no comment: what it does, its unit, what zero means", field.Names[0].Name))
		}
	}
	return found
}

func (t *Tree) flagHelp(field *ast.Field) []Finding {
	raw, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return nil
	}
	tag := reflect.StructTag(raw)
	isFlag := slices.ContainsFunc(flagKeys, func(key string) bool {
		_, ok := tag.Lookup(key)
		return ok
	})
	_, hidden := tag.Lookup("hidden")
	if !isFlag || hidden || tag.Get("help") != "" {
		return nil
	}
	return []Finding{t.at(field, "the flag or command has no help")}
}

var environmentName = regexp.MustCompile(`^OUTCRY_[A-Z0-9_]+$`)

// environment is the variable that a literal names, "" where it names none.
func environment(b *ast.BasicLit) string {
	if w, ok := literal(b); ok && environmentName.MatchString(w) {
		return w
	}
	return ""
}

// explained says whether a page of the docs has the variable.
func (t *Tree) explained(variable string) bool {
	return slices.ContainsFunc(t.Files, func(f *File) bool {
		return strings.HasSuffix(f.Path, ".md") && strings.Contains(string(f.Text), variable)
	})
}
