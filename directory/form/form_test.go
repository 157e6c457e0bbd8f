package form_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"outcry/directory/form"
)

func TestCheck_TakesSchemasOfObjects(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"the least":     `{"type":"object"}`,
		"its draft":     `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object"}`,
		"its own defs":  `{"type":"object","properties":{"a":{"$ref":"#/$defs/size"}},"$defs":{"size":{"type":"integer"}}}`,
		"odd names":     `{"type":"object","properties":{"pattern":{"type":"string"},"type":{"type":"string"}}}`,
		"a good regexp": `{"type":"object","properties":{"a":{"type":"string","pattern":"^[a-z]+$"}}}`,
	} {
		if err := form.Check([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheck_RefusesTheRestAndSaysWhy(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"type":"object","properties":{"a":`, 20) + `{}` + strings.Repeat(`}}`, 20)
	for name, c := range map[string]struct{ text, why string }{
		"nothing":             {``, "not valid JSON"},
		"no JSON":             {`{`, "not valid JSON"},
		"a name twice":        {`{"type":"object","type":"object"}`, "twice"},
		"a list":              {`[]`, `"type": "object"`},
		"true":                {`true`, `"type": "object"`},
		"another type":        {`{"type":"array"}`, `"type": "object"`},
		"no type":             {`{"properties":{}}`, `"type": "object"`},
		"another draft":       {`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}`, "2020-12"},
		"a keyword misused":   {`{"type":"object","properties":{"a":{"type":"integer","minimum":"one"}}}`, "properties.a.minimum"},
		"an unknown type":     {`{"type":"object","properties":{"a":{"type":"dragon"}}}`, "properties.a.type"},
		"a remote reference":  {`{"type":"object","properties":{"a":{"$ref":"https://example.org/s"}}}`, "$defs"},
		"a file":              {`{"type":"object","properties":{"a":{"$ref":"file:///etc/passwd"}}}`, "$defs"},
		"a circle":            {`{"type":"object","properties":{"a":{"$ref":"#"}}}`, "$defs"},
		"a circle in defs":    {`{"type":"object","$defs":{"a":{"properties":{"b":{"$ref":"#/$defs/a"}}}}}`, "refer on"},
		"defs inside":         {`{"type":"object","properties":{"a":{"$ref":"#/$defs/x/y"}}}`, "$defs"},
		"a dangling one":      {`{"type":"object","properties":{"a":{"$ref":"#/$defs/none"}}}`, "cannot be used"},
		"a dynamic reference": {`{"type":"object","$dynamicRef":"#x"}`, "$dynamicRef"},
		"an id of its own":    {`{"type":"object","$id":"https://example.org/s"}`, "$id"},
		"a bad regexp":        {`{"type":"object","properties":{"a":{"pattern":"(?=x)"}}}`, "RE2"},
		"a long regexp":       {`{"type":"object","properties":{"a":{"pattern":"` + strings.Repeat("x", 201) + `"}}}`, "200"},
		"a bad regexp name":   {`{"type":"object","patternProperties":{"(?=x)":{}}}`, "RE2"},
		"a huge number":       {`{"type":"object","properties":{"a":{"minimum":1e999999999}}}`, "exponent"},
		"too deep":            {deep, "deep"},
		"too large":           {`{"type":"object","title":"` + strings.Repeat("x", form.MaxSchema) + `"}`, "larger"},
		"bad UTF-8":           {`{"type":"object","title":"` + "\xff" + `"}`, "not valid JSON"},
	} {
		err := form.Check([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: got %v, want something about %q", name, err, c.why)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n") {
			t.Errorf("%s: more than one line: %v", name, err)
		}
	}
}

func TestValidate_SaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ property, value, want string }{
		{`{"type":"integer","minimum":1,"maximum":60}`, `0`, "write a whole number from 1 to 60"},
		{`{"type":"integer","minimum":1}`, `0`, "write a whole number of at least 1"},
		{`{"type":"integer","maximum":5}`, `6`, "write a whole number of at most 5"},
		{`{"type":"number","exclusiveMinimum":0}`, `0`, "write a number above 0"},
		{`{"type":"number","exclusiveMaximum":10}`, `10`, "write a number below 10"},
		{`{"type":"number","multipleOf":0.5}`, `0.3`, "write a number in steps of 0.5"},
		{`{"type":"boolean"}`, `1`, "write true or false"},
		{`{"type":"string"}`, `1`, "write a text"},
		{`{"type":"string","minLength":2}`, `"a"`, "write a text of at least 2 characters"},
		{`{"type":"string","maxLength":2}`, `"abc"`, "write a text of at most 2 characters"},
		{`{"type":"string","minLength":2,"maxLength":3}`, `"abcd"`, "write a text of 2 to 3 characters"},
		{`{"type":"string","format":"email"}`, `"x"`, "write an email address"},
		{`{"type":"string","format":"date"}`, `"x"`, "write a date as 2026-05-31"},
		{`{"type":"string","pattern":"^a$"}`, `"x"`, "write a text that matches ^a$"},
		{`{"type":"string","pattern":"^a$","description":"the letter a"}`, `"x"`, "write a text in the form that is asked for (the letter a)"},
		{`{"enum":["red","blue",3]}`, `"x"`, "write one of red, blue, 3"},
		{`{"const":"yes"}`, `"x"`, "write yes"},
		{`{"type":"array","maxItems":1}`, `[1,2]`, "write a list, at most 1 of them"},
		{`{"type":"array","minItems":1,"maxItems":2,"items":{"type":"integer"}}`, `[]`, "write a list, 1 to 2 of them, each a whole number"},
		{`{"type":"array","minItems":2}`, `[]`, "write a list, at least 2 of them"},
		{`{"type":"object"}`, `1`, "write an object with the fields of the form"},
		{`{"anyOf":[{"type":"integer"},{"type":"boolean"}]}`, `"x"`, "write a whole number, or true or false"},
		{`{"type":["integer","null"],"minimum":2}`, `1`, "write a whole number of at least 2"},
		{`false`, `1`, "leave this out"},
		{`{"not":{"type":"string"}}`, `"x"`, "write what the form asks for"},
		{`{"type":"integer","description":"how many nights","minimum":1,"maximum":9}`, `0`, "write a whole number from 1 to 9 (how many nights)"},
	} {
		f, err := form.Compile([]byte(`{"type":"object","properties":{"x":` + c.property + `}}`))
		if err != nil {
			t.Errorf("%s: %v", c.property, err)
			continue
		}
		got := f.Validate([]byte(`{"x":`+c.value+`}`), "at")
		if len(got) != 1 || got[0].Location != "at.x" || got[0].Message != c.want {
			t.Errorf("%s for %s: %v, want %q at at.x", c.value, c.property, got, c.want)
		}
	}
}

func TestValidate_SaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	f, err := form.Compile([]byte(`{"type":"object","required":["nights","mood"],"dependentRequired":{"unit":["size"]},
		"properties":{"nights":{"$ref":"#/$defs/few"},"unit":{}},"$defs":{"few":{"type":"integer","minimum":1,"maximum":9}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(f.Validate([]byte(`{"unit":"eu"}`), "at"))
	for _, want := range []string{
		"{at.nights this is needed; write a whole number from 1 to 9}", "{at.mood this is needed}", "{at.size this is needed together with unit}",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s does not have %s", got, want)
		}
	}
}

func TestValidate_NamesThePlace(t *testing.T) {
	t.Parallel()
	f, err := form.Compile([]byte(`{"type":"object","additionalProperties":false,"properties":{"a/b~c":{"type":"integer"},
		"deep":{"type":"object","properties":{"list":{"type":"array","items":{"type":"integer"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{"deep":{"list":[1,"x"]}}`: "at.deep.list[1]",
		`{"a/b~c":"x"}`:             "at",
		`{"secret thing":1}`:        "at",
		`{"other":1}`:               "at.other",
		`{"deep":[]}`:               "at.deep",
		`[]`:                        "at",
		`{"a":1,"a":2}`:             "at",
	} {
		got := f.Validate([]byte(text), "at")
		if len(got) != 1 || got[0].Location != want {
			t.Errorf("%s: %v, want one at %s", text, got, want)
		}
	}
}

func TestValidate_IsBounded(t *testing.T) {
	t.Parallel()
	f, err := form.Compile([]byte(`{"type":"object","properties":{"x":{"type":"array","items":{"type":"integer"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	many := `{"x":[` + strings.Repeat(`"a",`, 500) + `"a"]}`
	if got := f.Validate([]byte(many), "at"); len(got) == 0 || len(got) > 20 {
		t.Errorf("%d complaints", len(got))
	}
	for name, text := range map[string]string{
		"large": `{"x":"` + strings.Repeat("x", form.MaxAttributes) + `"}`,
		"huge":  `{"x":1e999999999}`,
		"tiny":  `{"x":[1e-0999999999]}`,
		"long":  `{"x":` + strings.Repeat("9", 41) + `}`,
		"deep":  `{"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`,
	} {
		if got := f.Validate([]byte(text), "at"); len(got) != 1 || got[0].Location != "at" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCache_CompilesOnceForMany(t *testing.T) {
	t.Parallel()
	c := form.NewCache()
	text := []byte(`{"type":"object"}`)
	first, err := c.Form(text)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if f, err := c.Form(text); err != nil || f != first {
				t.Errorf("another form: %v", err)
			}
			if _, err := c.Form([]byte(fmt.Sprintf(`{"type":"object","title":"%d"}`, i))); err != nil {
				t.Error(err)
			}
			if _, err := c.Form([]byte(`{`)); err == nil {
				t.Error("a broken form is taken")
			}
		})
	}
	all.Wait()
}

func FuzzValidate(f *testing.F) {
	checked, err := form.Compile([]byte(`{"type":"object","additionalProperties":false,"required":["n"],
		"properties":{"n":{"type":"integer","minimum":1},"d":{"type":"string","format":"date"},"l":{"type":"array","uniqueItems":true}}}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"n":1,"d":"2026-05-31","l":[1,2]}`))
	f.Add([]byte(`{"n":1e400}`))
	f.Add([]byte(`{"n":` + strings.Repeat("9", 400) + `}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, bad := range [][]string{locations(checked, text), flat(text)} {
			for _, at := range bad {
				if !strings.HasPrefix(at, "at") {
					t.Fatalf("%q: a complaint at %q", text, at)
				}
			}
		}
	})
}

func locations(f *form.Form, text []byte) []string {
	var out []string
	for _, c := range f.Validate(text, "at") {
		out = append(out, c.Location)
	}
	return out
}

func flat(text []byte) []string {
	var out []string
	for _, c := range form.Flat(text, "at") {
		out = append(out, c.Location)
	}
	return out
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"b":{"enum":[1]}}}`))
	f.Add([]byte(`{"type":"object","patternProperties":{"^a":false}}`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		if compiled, err := form.Compile(text); err == nil {
			compiled.Validate([]byte(`{"a":1,"b":[{}]}`), "at")
		}
	})
}
