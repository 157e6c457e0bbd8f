package column_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry/cmd/outcry/column"
)

var columns = []column.Column{
	{Head: "Shop", Min: 6}, {Head: "Price", Right: true}, {Head: "Why", Min: 5, Drop: 1}, {Head: "Rating", Drop: 2},
}

var rows = [][]string{
	{"연남설비", "₩78,000", "Soonest of the four", "4.6 (12)"},
	{"Leith Heating", "£78", "Lowest price", "4.0"},
}

func TestLines_AlignByTheCellsThatLettersTake(t *testing.T) {
	t.Parallel()
	want := []string{
		"Shop             Price  Why                  Rating",
		"연남설비       ₩78,000  Soonest of the four  4.6 (12)",
		"Leith Heating      £78  Lowest price         4.0",
	}
	if diff := cmp.Diff(want, column.Lines(columns, rows, 80)); diff != "" {
		t.Error(diff)
	}
}

func TestLines_CutFirstThenDropByOrder(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{
		45: "Leith Heati…      £78  Lowest price  4.0",
		34: "Leith…      £78  Lowest…  4.0",
		24: "Leith…      £78  Lowest…",
		16: "Leith …      £78",
		8:  "Leith… …",
	} {
		got := column.Lines(columns, rows, width)
		for _, line := range got {
			if w := column.Width(line); w > width {
				t.Errorf("at %d cells a line takes %d: %q", width, w, line)
			}
		}
		if got[2] != want {
			t.Errorf("at %d cells: %q, not %q", width, got[2], want)
		}
		if dropped := width < 30; dropped == strings.Contains(got[0], "Rating") {
			t.Errorf("at %d cells the head is %q", width, got[0])
		}
	}
}

func TestCutAndFill_GiveExactlyTheWidth(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "빵", "빵집", "bakery", "e\u0301clair", "👩‍🍳 cook"} {
		for width := range 12 {
			if got := column.Width(column.Left(text, width)); got != width {
				t.Errorf("Left(%q, %d) takes %d", text, width, got)
			}
			if got := column.Width(column.Right(text, width)); got != width {
				t.Errorf("Right(%q, %d) takes %d", text, width, got)
			}
		}
	}
}

func TestWrap_TheLastLineSaysThatMoreFollows(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"still warm", "and there…"}, column.Wrap("still warm and there is more of it", 10, 2)); diff != "" {
		t.Error(diff)
	}
	if got := column.Wrap("", 10, 2); got != nil {
		t.Errorf("nothing became %q", got)
	}
}

func TestClean_NobodyElsePaintsTheTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\x1b[31mred\x07": "ared", "two\nlines\tand  tabs": "two lines and tabs",
		"\u202egnissorc": "gnissorc", "빵집 「パン」": "빵집 「パン」", "\u009b2J": "2J", "a\rb": "a b",
	} {
		if got := column.Clean(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}
