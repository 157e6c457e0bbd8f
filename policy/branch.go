package policy

import (
	"encoding/json"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"

	"outcry"
)

// Branch says what is otherwise for a code and all below it. A part that is nil
// is as in the policy above it: that of the nearest branch above, or the policy
// itself. A part that was read from a file or from JSON changes only what was
// written of it; one that is made in Go changes all of it.
type Branch struct {
	Code      outcry.Code `json:"code"`
	Selecting *Selecting  `json:"selecting,omitempty"`
	Score     *Score      `json:"score,omitempty"`
	Promises  *Promises   `json:"promises,omitempty"`
	Waves     *Waves      `json:"waves,omitempty"`
	Exploring *Exploring  `json:"exploring,omitempty"`
	Ranking   *Ranking    `json:"ranking,omitempty"`
	Offers    *Offers     `json:"offers,omitempty"`

	// given has what was written, such as "waves.margin"; nil: all of each part.
	given map[string]bool
}

// gives says whether the branch changes a key.
func (b *Branch) gives(key string) bool {
	part, _, _ := strings.Cut(key, ".")
	v := at(reflect.ValueOf(*b), part)
	return v.IsValid() && v.Kind() == reflect.Pointer && !v.IsNil() && (b.given == nil || b.given[key])
}

// onto changes p to what holds for the branch, where p held above it.
func (b *Branch) onto(p *Policy) {
	to, from := reflect.ValueOf(p).Elem(), reflect.ValueOf(*b)
	for _, part := range members(from.Type())[1:] {
		if at(from, part).IsNil() {
			continue
		}
		have, get := at(from, part).Elem(), at(to, part)
		for _, name := range members(have.Type()) {
			if b.gives(part + "." + name) {
				at(get, name).Set(at(have, name))
			}
		}
	}
}

// clone is a branch that shares nothing with b that could be changed.
func (b Branch) clone() Branch {
	v := reflect.ValueOf(&b).Elem()
	for _, part := range members(v.Type())[1:] {
		from := at(v, part)
		if from.IsNil() {
			continue
		}
		own := reflect.New(from.Type().Elem())
		own.Elem().Set(from.Elem())
		for _, f := range own.Elem().Fields() {
			if f.Kind() == reflect.Slice && !f.IsNil() {
				f.Set(reflect.AppendSlice(reflect.MakeSlice(f.Type(), 0, f.Len()), f))
			}
		}
		from.Set(own)
	}
	return b
}

// MarshalJSON writes what the branch gives and no more.
func (b Branch) MarshalJSON() ([]byte, error) {
	out := map[string]any{"code": b.Code}
	v := reflect.ValueOf(b)
	for _, part := range members(v.Type())[1:] {
		if at(v, part).IsNil() {
			continue
		}
		have, told := at(v, part).Elem(), map[string]any{}
		for _, name := range members(have.Type()) {
			if !b.gives(part + "." + name) {
				continue
			}
			told[name] = at(have, name).Interface()
			if list := at(have, name); list.Kind() == reflect.Slice && list.IsNil() {
				told[name] = []string{}
			}
		}
		out[part] = told
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads a branch as Read does, and remembers what was written of it.
// Members that there are not, twice or of a wrong type are an error.
func (b *Branch) UnmarshalJSON(text []byte) error {
	root, faults := parse(text)
	if faults != nil {
		return refusal(text, faults)
	}
	r := reader{text: text, nodes: map[string]*yaml.Node{}}
	var read Branch
	r.read(root, reflect.ValueOf(&read).Elem(), "")
	if r.faults != nil {
		return refusal(text, r.faults)
	}
	*b = read
	return nil
}
