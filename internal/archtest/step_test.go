package archtest_test

import (
	"strings"
	"testing"

	"outcry/internal/archtest"
)

func TestDocs_OneThatStartsWithTheName(t *testing.T) {
	t.Parallel()
	check(t, archtest.Docs, []breach{
		{"one", map[string]string{"bus/bus.go": "// Package bus is the doorbell.\npackage bus", "bus/nats.go": "package bus"}, nil},
		{"a program", map[string]string{"cmd/outcry/main.go": "// Command outcry is the market.\npackage main"}, nil},
		{"none", map[string]string{"bus/bus.go": "package bus"}, []string{"bus: the package has no doc"}},
		{"two", map[string]string{"bus/a.go": "// Package bus is a.\npackage bus", "bus/b.go": "// Package bus is b.\npackage bus"},
			[]string{"bus/b.go:2: the package has a second doc; the first is in bus/a.go"}},
		{"no name", map[string]string{"bus/a.go": "// The doorbell.\npackage bus"}, []string{`bus/a.go:1: the doc starts with "Package bus"`}},
		{"a program without a name", map[string]string{"cmd/outcry/main.go": "// Outcry.\npackage main"}, []string{"cmd/outcry/main.go:1: the doc of a program"}},
		{"tests need none", map[string]string{"bus/bus_test.go": "package bus_test"}, nil},
	})
}

func TestSteps_SaidWhereTheyAre(t *testing.T) {
	t.Parallel()
	doc := func(dir, text string) map[string]string {
		return map[string]string{dir + "/x.go": "// Package x is x.\n//\n// " + text + "\npackage x"}
	}
	check(t, archtest.Steps, []breach{
		{"its step", doc("matching/calling", "Step 7 of 9: response collecting."), nil},
		{"two steps", doc("intake", "Steps 1 and 5 of 9."), nil},
		{"a span", doc("matching", "Steps 6-8 of 9."), nil},
		{"a span in words", doc("matching", "Steps 6 to 9 of 9."), nil},
		{"a unit", doc("directory", "It is the integrated information unit."), nil},
		{"a step must be said", doc("matching/board", "It is a unit."), []string{"matching/board: the doc does not say which step it is: \"Step 8 of 9"}},
		{"silence", doc("onboarding", "It joins shops."), []string{"onboarding: the doc does not say which step it is"}},
		{"another's step", doc("matching/deal", "Step 8 of 9."), []string{"matching/deal: the doc claims step 8"}},
		{"another's step in a span", doc("matching", "Steps 5-7 of 9."), []string{"matching: the doc claims step 5"}},
		{"others' steps inside a span", doc("intake", "Steps 1-5 of 9."), []string{"intake: the doc claims step 2", "intake: the doc claims step 3", "intake: the doc claims step 4"}},
		{"no steps elsewhere", doc("store", "Durable truth."), nil},
	})
}

func TestMap_ShowsKindStepsAndFirstSentence(t *testing.T) {
	t.Parallel()
	got := archtest.Map(load(t, map[string]string{
		"matching/calling/collect.go": "// Package calling is step\n// seven. More.\npackage calling",
	}))
	if want := "unit matching/calling 7 Package calling is step seven"; strings.Join(strings.Fields(got), " ") != want {
		t.Errorf("the map is %q, want %q", got, want)
	}
}
