package archtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A part is a package that holds steps of the nine.
type part struct {
	dir   string
	steps []int
	// unit is set for the four units, whose doc may say "unit" instead of steps.
	unit bool
}

// parts is where each of the nine steps is found.
var parts = []part{
	{dir: "intake", steps: []int{1, 5}, unit: true},
	{dir: "onboarding", steps: []int{2, 3}, unit: true},
	{dir: "directory", steps: []int{4}, unit: true},
	{dir: "matching", steps: []int{6, 7, 8, 9}, unit: true},
	{dir: "matching/selection", steps: []int{6}},
	{dir: "matching/calling", steps: []int{7}},
	{dir: "matching/board", steps: []int{8}},
	{dir: "matching/deal", steps: []int{9}},
	{dir: "matching/learning", steps: []int{6, 9}},
}

var (
	stepText = regexp.MustCompile(`(?i)\bsteps? ([\d, and-]+|\d to \d) of 9`)
	unitText = regexp.MustCompile(`(?i)\bunit\b`)
)

// stepsOf reads "Step 7 of 9", "Steps 1 and 5 of 9" and "Steps 6-8 of 9".
func stepsOf(doc string) []int {
	var steps []int
	for _, m := range stepText.FindAllStringSubmatch(doc, -1) {
		numbers := strings.NewReplacer(",", " ", "and", " ", "-", " to ").Replace(m[1])
		last, span := 0, false
		for word := range strings.FieldsSeq(numbers) {
			n, err := strconv.Atoi(word)
			if err != nil {
				span = true
				continue
			}
			for k := last + 1; span && k < n; k++ {
				steps = append(steps, k)
			}
			steps = append(steps, n)
			last, span = n, false
		}
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

// Docs checks that every package has one doc, in one file, that starts with its
// name.
func Docs(t *Tree) []Finding {
	var found []Finding
	packages := t.Packages()
	for _, dir := range sorted(packages) {
		var docs []*File
		for _, f := range packages[dir] {
			if f.Syntax.Doc != nil {
				docs = append(docs, f)
			}
		}
		switch {
		case len(docs) == 0:
			found = append(found, Finding{dir, "the package has no doc: say what it is for, and which step or unit it is"})
			continue
		case len(docs) > 1:
			found = append(found, t.at(docs[1].Syntax, "the package has a second doc; the first is in %s", docs[0].Path))
		}
		name := docs[0].Syntax.Name.Name
		text := docs[0].Syntax.Doc.Text()
		if name == "main" && !strings.HasPrefix(text, "Command ") {
			found = append(found, t.at(docs[0].Syntax.Doc, `the doc of a program starts with "Command", and its name`))
		}
		if name != "main" && !strings.HasPrefix(text, "Package "+name+" ") {
			found = append(found, t.at(docs[0].Syntax.Doc, `the doc starts with "Package %s"`, name))
		}
	}
	return found
}

// Steps checks that every package of the nine steps says which steps it holds,
// or that it is one of the four units, and that none claims another's step.
func Steps(t *Tree) []Finding {
	var found []Finding
	packages := t.Packages()
	for _, p := range parts {
		files, ok := packages[p.dir]
		if !ok {
			continue
		}
		doc := docOf(files)
		said := stepsOf(doc)
		if len(said) == 0 && (!p.unit || !unitText.MatchString(doc)) {
			found = append(found, Finding{p.dir, fmt.Sprintf("the doc does not say which step it is: \"Step %d of 9: ...\"", p.steps[0])})
		}
		for _, n := range said {
			if !slices.Contains(p.steps, n) {
				found = append(found, Finding{p.dir, fmt.Sprintf("the doc claims step %d, which is elsewhere", n)})
			}
		}
	}
	return found
}

func docOf(files []*File) string {
	for _, f := range files {
		if f.Syntax.Doc != nil {
			return f.Syntax.Doc.Text()
		}
	}
	return ""
}

// Map draws the tree's packages, one a line: the kind, the folder, the steps and
// the first sentence of the doc.
func Map(t *Tree) string {
	var b strings.Builder
	packages := t.Packages()
	for _, dir := range sorted(packages) {
		steps := ""
		for _, p := range parts {
			if p.dir == dir {
				steps = strings.Trim(fmt.Sprint(p.steps), "[]")
			}
		}
		doc := strings.Join(strings.Fields(docOf(packages[dir])), " ")
		first, _, _ := strings.Cut(doc, ". ")
		fmt.Fprintf(&b, "%-8s %-22s %-8s %s\n", layout[top(dir)], dir, steps, first)
	}
	return b.String()
}
