package archtest_test

import (
	"testing"

	"outcry/internal/archtest"
)

func TestCodes_DocumentedEachAndNoOther(t *testing.T) {
	t.Parallel()
	const page = "docs/errors.md"
	file := func(text string) map[string]string {
		return map[string]string{
			"intake/x.go": "package x\nimport \"outcry\"\n" + text,
			page:          "# Errors\n\n| code | meaning |\n|---|---|\n| `known` | it is known |\n\nThe word `loose` in a sentence is no row.\n",
			"bus/use.go":  `package bus; var u = "known"`,
		}
	}
	check(t, archtest.Codes, []breach{
		{"documented", file(`var e = &outcry.Error{Kind: outcry.Invalid, Code: "known"}`), nil},
		{"a literal", file(`var e = &outcry.Error{Code: "fresh"}`), []string{"intake/x.go:3: the code `fresh` has no row in docs/errors.md"}},
		{"a word in a sentence is no row", file(`var e = outcry.Error{Code: "loose"}`), []string{"intake/x.go:3: the code `loose` has no row"}},
		{"a constant", file("const c = \"fresh\"\nvar e = &outcry.Error{Code: c}"), []string{"intake/x.go:4: the code `fresh`"}},
		{"in a list", file(`var e = []outcry.Error{{Kind: "invalid", Code: "fresh"}}`), []string{"intake/x.go:3: the code `fresh`"}},
		{"given to a maker", file("func no(op, c string) error { return &outcry.Error{Op: op, Code: c} }\nvar e = no(\"a\", \"fresh\")"),
			[]string{"intake/x.go:4: the code `fresh`"}},
		{"through two makers", file("func no(c string) error { return &outcry.Error{Code: c} }\nfunc never(n int, c string) error { return no(c) }\nvar e = never(1, \"fresh\")"),
			[]string{"intake/x.go:5: the code `fresh`"}},
		{"given to a method", file("type m struct{}\nfunc (m) no(c string) error { return &outcry.Error{Code: c} }\nvar e = m{}.no(\"fresh\")"),
			[]string{"intake/x.go:5: the code `fresh`"}},
		{"given to a function inside", file("func f() error {\n\tno := func(c string) error { return &outcry.Error{Code: c} }\n\treturn no(\"fresh\")\n}"),
			[]string{"intake/x.go:5: the code `fresh`"}},
		{"given from a function inside to one beside", file("func f() error {\n\tno := func(c string) error { return &outcry.Error{Code: c} }\n\treturn func() error { return no(\"fresh\") }()\n}"),
			[]string{"intake/x.go:5: the code `fresh`"}},
		{"given before the maker is read", map[string]string{
			"api/a.go": "package api\nimport \"outcry/web\"\nvar e = web.No(\"fresh\")",
			"web/z.go": "package web\nimport \"outcry\"\nfunc No(c string) error { return &outcry.Error{Code: c} }",
		}, []string{"api/a.go:3: the code `fresh`"}},
		{"put together", file("func f(s string) error { return &outcry.Error{Code: \"a_\" + s} }"), []string{"intake/x.go:3: the error's code cannot be read"}},
		{"assigned", file("func f(e *outcry.Error) { e.Code = \"fresh\" }"), []string{"intake/x.go:3: the code `fresh`"}},
		{"a signal code is none", file("func f(s *outcry.Signal) { s.Code = \"osm:shop=bakery\" }"), nil},
		{"handed on", file("func f(e *outcry.Error) error { return &outcry.Error{Code: e.Code} }"), nil},
		{"without a code", file(`var e = &outcry.Error{Op: "accept"}`), []string{"intake/x.go:3: the error has no Code"}},
		{"not to be read", file(`var e = &outcry.Error{Code: pick()}`), []string{"intake/x.go:3: the error's code cannot be read"}},
		{"another's Error", file("type Error struct { Code string }\nvar e = Error{Code: \"fresh\"}"), nil},
		{"a maker of the root", map[string]string{
			"error.go":    "package outcry\nfunc No(c string) error { return &Error{Code: c} }",
			"intake/x.go": "package intake\nimport \"outcry\"\nvar e = outcry.No(\"fresh\")",
		}, []string{"intake/x.go:3: the code `fresh`"}},
		{"told but gone", map[string]string{page: "| `gone` | nobody says so |\n\n## `also_gone`\n"},
			[]string{"docs/errors.md: nothing gives the code `gone`", "docs/errors.md: nothing gives the code `also_gone`"}},
	})
}

func TestConfig_ExplainedWhereverItIsSet(t *testing.T) {
	t.Parallel()
	flag := func(tag string) map[string]string {
		return map[string]string{"cmd/outcry/serve.go": "package main\ntype serve struct {\n\tData string `" + tag + "`\n}"}
	}
	check(t, archtest.Config, []breach{
		{"a flag with help", flag(`default:"outcry" help:"The folder of the database."`), nil},
		{"a flag without", flag(`default:"outcry"`), []string{"cmd/outcry/serve.go:3: the flag or command has no help"}},
		{"a command without", flag(`cmd:""`), []string{"cmd/outcry/serve.go:3: the flag or command has no help"}},
		{"a hidden one", flag(`cmd:"" hidden:""`), nil},
		{"no flag", flag(`json:"data"`), nil},
		{"a setting with a comment", map[string]string{"server/config.go": "package server\ntype Config struct {\n\t// Data is a folder.\n\tData string\n}"}, nil},
		{"a setting without", map[string]string{"server/config.go": "package server\ntype Config struct {\n\tData string\n}"}, []string{"server/config.go:3: the setting Data has no comment"}},
		{"seams of a unit", map[string]string{"intake/config.go": "package intake\ntype Config struct {\n\tStore Store\n}"}, nil},
		{"a variable in the docs", map[string]string{"cmd/x.go": "package main\nvar v = \"OUTCRY_SERVER\"", "README.md": "`OUTCRY_SERVER` names the server."}, nil},
		{"a variable nowhere", map[string]string{"cmd/x.go": "package main\nvar v = \"OUTCRY_SERVER\""}, []string{"cmd/x.go:2: no page of the docs tells what OUTCRY_SERVER does"}},
	})
}
