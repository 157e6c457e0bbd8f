package policy_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"outcry/policy"
)

// page is docs/policy.md.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// figureOf writes a number for a table: without an exponent, with commas.
func figureOf(x float64) string {
	whole, part, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return strings.TrimSuffix(whole+"."+part, ".")
}

func keyTable() string {
	var b strings.Builder
	b.WriteString("| key | is | from | to | unit | by default | says |\n|---|---|---|---|---|---|---|\n")
	for _, k := range policy.Keys() {
		low, high := figureOf(k.Low), figureOf(k.High)
		if k.High == 0 {
			low, high = "", ""
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | `%s` | %s |\n", k.Name, k.Type(), low, high, k.Unit, k.Default(), k.Meaning)
	}
	return b.String()
}

func factTable() string {
	var b strings.Builder
	b.WriteString("| name | is | unit | says |\n|---|---|---|---|\n")
	for _, f := range policy.Facts() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, f.Type, f.Unit, f.Meaning)
	}
	return b.String()
}

func TestPage_HasEveryKeyAndEveryName(t *testing.T) {
	t.Parallel()
	text := page(t)
	for _, table := range []string{keyTable(), factTable()} {
		if !strings.Contains(text, "\n"+table+"\n") {
			t.Errorf("docs/policy.md has not this table; put it in the place of the one that is there:\n%s", table)
		}
	}
	for _, words := range []string{
		fmt.Sprintf("%d KiB", policy.MaxText>>10), fmt.Sprintf("%d faults", policy.MaxFaults),
		fmt.Sprintf("%d characters", policy.MaxExpression), fmt.Sprintf("at most %d rules", policy.MaxExpressions),
		fmt.Sprintf("at most %d units", policy.MaxCost), fmt.Sprintf("%d for a list", policy.MaxListCost),
	} {
		if !strings.Contains(text, words) {
			t.Errorf("docs/policy.md does not say %q", words)
		}
	}
}

// blocks are the fenced texts of the page, each with the word behind its fence.
func blocks(text string) (found [][2]string) {
	for i, piece := range strings.Split(text, "\n```") {
		if i%2 == 1 {
			word, body, _ := strings.Cut(piece, "\n")
			found = append(found, [2]string{word, body + "\n"})
		}
	}
	return found
}

// Every policy on the page compiles; one that is wrong is followed by what is
// said of it.
func TestPage_ExamplesAreAsItSays(t *testing.T) {
	t.Parallel()
	all := blocks(page(t))
	good, bad := 0, 0
	for i, b := range all {
		if b[0] != "yaml" {
			continue
		}
		_, err := policy.ReadRules([]byte(b[1]))
		if i+1 == len(all) || all[i+1][0] != "text" {
			good++
			if err != nil {
				t.Errorf("this is refused:\n%s%s", b[1], strings.Join(policy.Lines("policy.yaml", err), "\n"))
			}
			continue
		}
		bad++
		if err == nil {
			t.Errorf("this is taken:\n%s", b[1])
			continue
		}
		if said := strings.Join(policy.Lines("policy.yaml", err), "\n") + "\n"; said != all[i+1][1] {
			t.Errorf("of this:\n%sis said:\n%s", b[1], said)
		}
	}
	if good < 3 || bad < 3 {
		t.Errorf("only %d good and %d bad policies were found", good, bad)
	}
}
