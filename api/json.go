package api

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// jsonFormat reads and writes bodies. It refuses what other readers pass over:
// members that stand twice, text that is not UTF-8, numbers out of range, and
// whatever follows the value.
var jsonFormat = huma.Format{Marshal: encode, Unmarshal: decode}

func encode(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) }

// decode reads data into v. Its error is a *fault.
func decode(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return faultOf(err)
	}
	if tree, ok := v.(*any); ok {
		return checkTree(*tree, 0)
	}
	return nil
}

// fault is what is wrong with a body, without repeating any of it but the names
// of members.
type fault struct{ location, message string }

// Error joins both parts, so that they come through whoever hands errors on as
// text; splitFault takes them apart.
func (f *fault) Error() string { return f.location + "\x00" + f.message }

func splitFault(text string) (location, message string, ok bool) { return strings.Cut(text, "\x00") }

// faultOf tells what the reader found.
func faultOf(err error) *fault {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return &fault{locate(syntax.JSONPointer), syntaxMessage(syntax)}
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return &fault{locate(semantic.JSONPointer), typeMessage(semantic.GoType)}
	}
	return &fault{"body", "write JSON"}
}

func syntaxMessage(e *jsontext.SyntacticError) string {
	switch {
	case errors.Is(e.Err, jsontext.ErrDuplicateName):
		return "this member stands twice; write it once"
	case errors.Is(e.Err, io.ErrUnexpectedEOF):
		return "the JSON breaks off; send all of it"
	case strings.Contains(e.Err.Error(), "UTF-8"):
		return "write text in UTF-8"
	case strings.Contains(e.Err.Error(), "depth"):
		return tooDeep
	}
	return "this is not JSON; write one JSON value and nothing behind it"
}

// typeMessage says what to write where a value does not fit a Go type.
func typeMessage(t reflect.Type) string {
	if t == nil {
		return "write a value of the type that /openapi.json tells"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "write a whole number, in digits only, below 2^53"
	case reflect.Float32, reflect.Float64, reflect.Interface:
		return "write a number below 1e308"
	case reflect.Bool:
		return "write true or false"
	case reflect.String:
		return "write a text"
	case reflect.Slice, reflect.Array:
		return "write a list"
	}
	return "write a value of the type that /openapi.json tells"
}

// The bounds of a body's inside.
const (
	// maxDepth is how deep objects and lists may lie in each other.
	maxDepth = 32
	tooDeep  = "objects and lists lie too deep in each other; write at most 32 levels"
	// maxToken and maxLocation bound what an error repeats of members' names.
	maxToken    = 64
	maxLocation = 256
)

// checkTree refuses what JSON allows and no store keeps: NUL characters, and
// values too deep in each other.
func checkTree(v any, depth int) error {
	if depth > maxDepth {
		return &fault{"body", tooDeep}
	}
	switch v := v.(type) {
	case string:
		return checkText(v)
	case []any:
		for _, x := range v {
			if err := checkTree(x, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, x := range v {
			if err := checkText(name); err != nil {
				return err
			}
			if err := checkTree(x, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkText(s string) error {
	if strings.ContainsRune(s, 0) {
		return &fault{"body", "a text holds the character U+0000; leave it out"}
	}
	return nil
}

// locate writes a JSON pointer as errors name places: body.place.lat,
// body.codes[3].
func locate(p jsontext.Pointer) string {
	var b strings.Builder
	b.WriteString("body")
	for token := range p.Tokens() {
		if b.Len() > maxLocation {
			b.WriteString("...")
			break
		}
		if digits(token) {
			b.WriteString("[" + token + "]")
			continue
		}
		b.WriteString("." + printable(token, maxToken))
	}
	return b.String()
}

// digits says whether a token is the place of an item.
func digits(token string) bool {
	return len(token) > 0 && len(token) < 10 && strings.Trim(token, "0123456789") == ""
}

// printable is a name that may be shown: without control characters, cut to at
// most most bytes.
func printable(name string, most int) string {
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, name)
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "..."
	}
	return name
}
