package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"outcry"
	"outcry/policy"
)

// PolicyChange is a policy that is sent: as the members of a JSON object, of
// which those left out are as in the default; or as text.
type PolicyChange struct {
	// Version is the one that the change was made to.
	Version *int
	// Text is the policy in YAML; nil: none.
	Text *string
	// Members are the policy as a JSON object; nil: none.
	Members json.RawMessage
}

// UnmarshalJSON takes the version and the text out of a JSON object; the rest are
// the members.
func (c *PolicyChange) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return fmt.Errorf("read a policy: %w", err)
	}
	*c = PolicyChange{}
	for name, into := range map[string]any{"version": &c.Version, "text": &c.Text} {
		if value, ok := members[name]; ok {
			if err := json.Unmarshal(value, into); err != nil {
				return fmt.Errorf("read the %s of a policy: %w", name, err)
			}
			delete(members, name)
		}
	}
	if len(members) == 0 {
		return nil
	}
	rest, err := json.MarshalIndent(members, "", "  ")
	c.Members = rest
	return err
}

// MarshalJSON writes all of it as one object.
func (c PolicyChange) MarshalJSON() ([]byte, error) {
	members := map[string]any{}
	if c.Members != nil {
		if err := json.Unmarshal(c.Members, &members); err != nil {
			return nil, fmt.Errorf("write a policy: %w", err)
		}
	}
	if c.Version != nil {
		members["version"] = *c.Version
	}
	if c.Text != nil {
		members["text"] = *c.Text
	}
	return json.Marshal(members)
}

// written is a policy that was sent, and where it stands in what was sent.
type written struct {
	text  []byte
	rules *policy.Rules
	at    string // such as "body"
	lines bool   // it was sent as text: faults are told by line and column
}

// read reads the policy of a change, which stands at that place of the body;
// yaml says that the body is its text.
func (c *PolicyChange) read(at string, yaml bool) (*written, error) {
	w := &written{text: c.Members, at: at}
	switch {
	case c.Members == nil && c.Text == nil:
		return nil, outcry.BadField(at, "write a policy: its members, or its text")
	case c.Members != nil && c.Text != nil:
		return nil, outcry.BadField(at+".text", "write either the text or the other members")
	case c.Text != nil:
		w.text, w.lines = []byte(*c.Text), true
		if !yaml {
			w.at += ".text"
		}
	}
	var err error
	if w.rules, err = policy.ReadRules(w.text); err != nil {
		return nil, w.located(err)
	}
	return w, nil
}

// located tells an error of reading a policy by the places of what was sent.
func (w *written) located(err error) error {
	var e *outcry.Error
	faults := policy.FaultsOf(err)
	if faults == nil || !errors.As(err, &e) {
		return relocated(err, "body", w.at)
	}
	told := *e
	told.Fields = make([]outcry.Field, len(faults))
	for i, f := range faults {
		told.Fields[i] = outcry.Field{Location: w.at, Message: f.String()}
		if !w.lines {
			told.Fields[i] = outcry.Field{Location: strings.TrimSuffix(w.at+"."+f.Path, "."), Message: f.Message}
		}
	}
	return &told
}

// yamlType is the media type of a policy that is sent as it is.
const yamlType = "application/yaml"

// fromYAML makes the JSON of a body that is the text of a policy, where that is
// its type.
func fromYAML(req *http.Request, body []byte) ([]byte, error) {
	if media, _, err := mime.ParseMediaType(req.Header.Get("Content-Type")); err != nil || media != yamlType {
		return body, nil
	}
	if !utf8.Valid(body) {
		return nil, outcry.BadField("body", "write it in UTF-8")
	}
	req.Header.Set("Content-Type", "application/json")
	visitOf(req.Context()).yaml = true
	return json.Marshal(map[string]string{"text": string(bytes.TrimPrefix(body, []byte("\ufeff")))})
}

// yamlBody describes a body that may be YAML too.
func yamlBody() *huma.RequestBody {
	return &huma.RequestBody{Content: map[string]*huma.MediaType{
		yamlType: {Schema: &huma.Schema{
			Type: huma.TypeString, Description: "the policy's text; If-Match says the version that the change was made to",
		}},
	}}
}
