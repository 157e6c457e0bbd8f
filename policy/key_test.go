package policy_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry/policy"
)

// leaves are the paths of everything that a struct says, by its names in JSON,
// without branches.
func leaves(t reflect.Type, path string) (found []string) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "branches":
		case f.Type.Kind() == reflect.Struct:
			found = append(found, leaves(f.Type, path+name+".")...)
		default:
			found = append(found, path+name)
		}
	}
	return found
}

func TestKeys_AreAllThatAPolicySays(t *testing.T) {
	t.Parallel()
	var names []string
	for _, k := range policy.Keys() {
		names = append(names, k.Name)
		if k.Meaning == "" {
			t.Errorf("%s has no meaning", k.Name)
		}
		if strings.HasSuffix(k.Type(), "number") && !(k.Low < k.High) {
			t.Errorf("%s has no bounds", k.Name)
		}
	}
	if diff := cmp.Diff(leaves(reflect.TypeFor[policy.Policy](), ""), names); diff != "" {
		t.Errorf("keys (-policy +keys):\n%s", diff)
	}
}

func TestKeys_BranchesHaveAllButWhatIsTheShops(t *testing.T) {
	t.Parallel()
	for _, k := range policy.Keys() {
		shops := strings.HasPrefix(k.Name, "learning.") || strings.HasPrefix(k.Name, "limits.")
		if k.InBranches() == shops {
			t.Errorf("%s in branches: %v", k.Name, k.InBranches())
		}
	}
}

func TestDefaultText_IsTheDefault(t *testing.T) {
	t.Parallel()
	p, err := policy.Read(policy.DefaultText())
	if err != nil {
		t.Fatal(strings.Join(policy.Lines("default.yaml", err), "\n"))
	}
	want, err := json.Marshal(policy.Default())
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("default.yaml (-default +text):\n%s", diff)
	}
}

// Every key stands in the default's text, behind or below a comment.
func TestDefaultText_ExplainsEachPart(t *testing.T) {
	t.Parallel()
	lines := strings.Split(string(policy.DefaultText()), "\n")
	for _, k := range policy.Keys() {
		name := k.Name[strings.LastIndexByte(k.Name, '.')+1:] + ":"
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(strings.TrimLeft(l, " "), name) }) {
			t.Errorf("default.yaml does not say %s", k.Name)
		}
	}
	comments := 0
	for i, l := range lines {
		if i > 0 && strings.HasPrefix(l, "  ") && !strings.Contains(l, "#") && strings.Contains(lines[i-1], "#") {
			comments++
		}
	}
	if comments < 30 {
		t.Errorf("%d figures have a comment above them, want 30 at least", comments)
	}
}
