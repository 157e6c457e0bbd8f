// Package form checks the attributes of requests and offers against forms: JSON
// Schemas (draft 2020-12) of an object. It belongs to step 4 of 9 and is called
// by package directory. Whatever is wrong is told in plain words, at the place
// where it is, without repeating what was sent.
package form

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"outcry"
)

// A Form is a schema made ready to check with.
type Form struct {
	schema *jsonschema.Schema
	text   map[string]any // the schema as it was written, to tell what it asks for
}

// draft is the meta-schema that forms are written in.
const draft = "https://json-schema.org/draft/2020-12/schema"

// here is where a form stands for its own references. Nothing is fetched.
const here = "form:///form"

// Compile makes a form of a schema. The error says in plain words what is wrong
// with it; see Check for what is allowed.
func Compile(text []byte) (*Form, error) {
	written, err := read(text)
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(here, any(written)); err != nil {
		return nil, fmt.Errorf("the form is no JSON Schema: %w", err)
	}
	schema, err := compiler.Compile(here)
	if err != nil {
		return nil, fault(err)
	}
	return &Form{schema: schema, text: written}, nil
}

// Check says what is wrong with a schema: it must be a JSON Schema of an object
// in draft 2020-12 within the bounds of this package, its references may only
// point to its own $defs, and its regular expressions must be RE2.
func Check(text []byte) error {
	_, err := Compile(text)
	return err
}

// fault names the part of a schema that the compiler refuses.
func fault(err error) error {
	invalid, ok := errors.AsType[*jsonschema.SchemaValidationError](err)
	if !ok {
		return fmt.Errorf("the form cannot be used: %w", err)
	}
	if where, ok := errors.AsType[*jsonschema.ValidationError](invalid.Err); ok {
		if leaf := deepest(where); len(leaf.InstanceLocation) > 0 {
			return fmt.Errorf("the form is no JSON Schema of draft 2020-12: look at %s", strings.Join(leaf.InstanceLocation, "."))
		}
	}
	return errors.New("the form is no JSON Schema of draft 2020-12")
}

// deepest is the fault that lies deepest in the instance.
func deepest(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	best := e
	for _, c := range e.Causes {
		if d := deepest(c); len(d.InstanceLocation) > len(best.InstanceLocation) {
			best = d
		}
	}
	return best
}

// noLoader refuses to load anything.
type noLoader struct{}

// Load fails.
func (noLoader) Load(string) (any, error) {
	return nil, errors.New("a form refers to its own $defs only")
}

// Validate says what is wrong with attributes, each fault below location, such
// as body.attributes.nights. No attributes at all are an empty object.
func (f *Form) Validate(attributes []byte, location string) outcry.Complaints {
	value, bad := object(attributes, location)
	if bad != nil {
		return bad
	}
	err := f.schema.Validate(any(value))
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		bad.Add(location, "the attributes cannot be checked; send a plain object")
		return bad
	}
	f.tell(invalid, location, &bad)
	return bad
}

// part is the piece of the schema that a fault is about.
func (f *Form) part(schemaURL string) map[string]any {
	_, pointer, _ := strings.Cut(schemaURL, "#")
	if unescaped, err := url.PathUnescape(pointer); err == nil {
		pointer = unescaped
	}
	var at any = f.text
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if step == "" {
			continue
		}
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		at = child(at, step)
	}
	part, _ := at.(map[string]any)
	return part
}

// Cache keeps compiled forms, by their text. It may be used by many at once.
type Cache struct {
	mu    sync.RWMutex // guards forms
	forms map[[sha256.Size]byte]*Form
}

// mostCached is how many forms are kept; then all are forgotten.
const mostCached = 4096

// NewCache makes an empty cache.
func NewCache() *Cache { return &Cache{forms: map[[sha256.Size]byte]*Form{}} }

// Form compiles a schema, or gives it as it was compiled before.
func (c *Cache) Form(text []byte) (*Form, error) {
	key := sha256.Sum256(bytes.TrimSpace(text))
	c.mu.RLock()
	f, ok := c.forms[key]
	c.mu.RUnlock()
	if ok {
		return f, nil
	}
	f, err := Compile(text)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.forms) >= mostCached {
		clear(c.forms)
	}
	c.forms[key] = f
	return f, nil
}
