package web_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write assets/shapes.js anew")

// schema is a part of an OpenAPI description.
type schema struct {
	Ref         string            `json:"$ref"`
	Description string            `json:"description"`
	Type        any               `json:"type"` // a word or several
	Enum        []string          `json:"enum"`
	Items       *schema           `json:"items"`
	Properties  map[string]schema `json:"properties"`
	Additional  any               `json:"additionalProperties"`
	Required    []string          `json:"required"`
}

// content is a body by its media type.
type content map[string]struct {
	Schema schema `json:"schema"`
}

func (c content) shape() string { return path.Base(c["application/json"].Schema.Ref) }

// described is docs/openapi.json.
type described struct {
	Paths map[string]map[string]struct {
		Body struct {
			Content content `json:"content"`
		} `json:"requestBody"`
		Responses map[string]struct {
			Content content `json:"content"`
		} `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

func description(t *testing.T) described {
	t.Helper()
	var d described
	if err := json.Unmarshal([]byte(text(t, "../docs/openapi.json")), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func text(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var (
	imports = regexp.MustCompile(`(?s)@import \{([^}]*)\} from './shapes\.js'`)
	word    = regexp.MustCompile(`\w+`)
)

func TestShapes_AreThoseOfTheInterface(t *testing.T) {
	t.Parallel()
	var names []string
	for _, file := range []string{"assets/outcry.js", "assets/answer.js"} {
		source := text(t, file)
		m := imports.FindStringSubmatch(source)
		rest := strings.Replace(source, m[0], "", 1)
		for _, name := range word.FindAllString(m[1], -1) {
			if !regexp.MustCompile(`\{[^}]*\b` + name + `\b[^}]*\}`).MatchString(rest) {
				t.Errorf("%s imports the shape %s and has no use for it", file, name)
			}
			names = append(names, name)
		}
	}
	want := shapes(t, description(t), names)
	if *update {
		if err := os.WriteFile("assets/shapes.js", []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if text(t, "assets/shapes.js") != want {
		t.Error("docs/openapi.json has other shapes than assets/shapes.js: go test ./web -run Shapes -update")
	}
}

// shapes writes those names, and what they are made of, as JSDoc.
func shapes(t *testing.T, d described, names []string) string {
	t.Helper()
	known := map[string]string{}
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		if known[name] != "" {
			continue
		}
		s, ok := d.Components.Schemas[name]
		if !ok {
			t.Fatalf("docs/openapi.json has no shape %s", name)
		}
		text := fmt.Sprintf("/**\n * @typedef {object} %s\n", name)
		others := slices.DeleteFunc(slices.Sorted(maps.Keys(s.Properties)), func(p string) bool { return slices.Contains(s.Required, p) })
		for _, property := range slices.Concat(s.Required, others) {
			p, shown := s.Properties[property], property
			if !slices.Contains(s.Required, property) {
				shown = "[" + property + "]"
			}
			text += strings.TrimRight(fmt.Sprintf(" * @property {%s} %s %s", kind(p, &names), shown, p.Description), " ") + "\n"
		}
		known[name] = text + " */\n"
	}
	out := "// The shapes of the interface that outcry.js names, for editors; nothing in here runs. A test compares them with\n" +
		"// docs/openapi.json, and writes them: go test ./web -run Shapes -update\n"
	for _, name := range slices.Sorted(maps.Keys(known)) {
		out += "\n" + known[name]
	}
	return out + "\nexport {};\n"
}

// kind is a schema as a type of JSDoc; shapes that it names are added to names.
func kind(s schema, names *[]string) string {
	switch {
	case s.Ref != "":
		*names = append(*names, path.Base(s.Ref))
		return path.Base(s.Ref)
	case len(s.Enum) > 0:
		return "'" + strings.Join(s.Enum, "'|'") + "'"
	case s.Type == nil:
		return "any"
	}
	switch s.Type {
	case "array":
		return "Array<" + kind(*s.Items, names) + ">"
	case "integer":
		return "number"
	case "object":
		return "Record<string, any>"
	}
	if several, ok := s.Type.([]any); ok {
		return strings.ReplaceAll(strings.Trim(fmt.Sprint(several...), "[]"), " ", "|")
	}
	return fmt.Sprint(s.Type)
}

var (
	aPath  = regexp.MustCompile("path`(/v1[^`]*)`")
	aCall  = regexp.MustCompile("this\\.call\\('(\\w+)', path`([^`]*)`(?:, (\\{[^}]*\\}|\\w+))?")
	filled = regexp.MustCompile(`\$\{\w+\}`)
	braced = regexp.MustCompile(`\{\w+\}`)
	gives  = regexp.MustCompile(`@returns \{Promise<(\w+)>\}`)
)

func TestOutcry_CallsOnlyWhatTheInterfaceHas(t *testing.T) {
	t.Parallel()
	d := description(t)
	paths := map[string][]string{} // paths by themselves without names
	for path := range d.Paths {
		plain := braced.ReplaceAllString(path, "{}")
		paths[plain] = append(paths[plain], path)
	}
	source := text(t, "assets/outcry.js")
	for _, m := range aPath.FindAllStringSubmatch(source[:strings.Index(source, "A path whose parts")], -1) {
		if paths[filled.ReplaceAllString(m[1], "{}")] == nil {
			t.Errorf("docs/openapi.json has no path %s", m[1])
		}
	}
	calls := aCall.FindAllStringSubmatchIndex(source, -1)
	if len(calls) < 35 {
		t.Fatalf("only %d calls were found", len(calls))
	}
	for _, at := range calls {
		method, path := strings.ToLower(source[at[2]:at[3]]), filled.ReplaceAllString(source[at[4]:at[5]], "{}")
		if paths[path] == nil {
			continue // told above
		}
		op, ok := d.Paths[paths[path][0]][method]
		if !ok {
			t.Errorf("docs/openapi.json has no %s %s", method, path)
			continue
		}
		doc := source[strings.LastIndex(source[:at[0]], "/**"):at[0]]
		answer := "." // none
		for _, status := range []string{"200", "201"} {
			if r, ok := op.Responses[status]; ok {
				answer = r.Content.shape()
			}
		}
		told := append(gives.FindStringSubmatch(doc), "", ".")[1]
		if told != answer {
			t.Errorf("%s %s gives %s, and its doc tells %q", method, path, answer, told)
		}
		said := ""
		if at[6] >= 0 {
			said = source[at[6]:at[7]]
		}
		said = strings.TrimPrefix(said, "undefined")
		if fault := d.body(said, op.Body.Content.shape(), doc); fault != "" {
			t.Errorf("%s %s: %s", method, path, fault)
		}
	}
}

// body says what is wrong with what a method of that doc sends as a body of that
// shape; "." is none.
func (d described) body(said, shape, doc string) string {
	switch {
	case (said == "") != (shape == "."):
		return fmt.Sprintf("it takes the body %s and is sent %q", shape, said)
	case strings.HasPrefix(said, "{"):
		for _, member := range regexp.MustCompile(`(\w+)(?:: \w+)?`).FindAllStringSubmatch(said, -1) {
			if _, ok := d.Components.Schemas[shape].Properties[member[1]]; !ok {
				return fmt.Sprintf("its body %s has no %s", shape, member[1])
			}
		}
	case said != "" && !regexp.MustCompile(`@param \{`+shape+`\} \[?`+said+`\b`).MatchString(doc):
		return fmt.Sprintf("it takes the body %s, and the doc tells another for %s", shape, said)
	}
	return ""
}

func TestOutcry_NeedsNoLaxPolicy(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"outcry.js", "follow.js", "answer.js", "shapes.js"} {
		source := text(t, "assets/"+file)
		if found := regexp.MustCompile(`\beval\(|\bFunction\(|https?://|import\(|from '[^.]`).FindString(source); found != "" {
			t.Errorf("%s has %q", file, found)
		}
	}
}
