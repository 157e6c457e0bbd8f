package archtest

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// records is the folder of the decision records, and their index.
const (
	records = "docs/adr/"
	index   = records + "README.md"
)

var recordName = regexp.MustCompile(`^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$`)

// maxRecord is a page, in lines.
const maxRecord = 70

// Records checks that decision records are numbered from 0001 without a gap,
// fit on a page, and that the index links each.
func Records(t *Tree) []Finding {
	var found []Finding
	next := 1
	for _, f := range t.Files {
		if !strings.HasPrefix(f.Path, records) || f.Path == index {
			continue
		}
		name := path.Base(f.Path)
		m := recordName.FindStringSubmatch(name)
		if m == nil {
			found = append(found, Finding{f.Path, "a decision record is named NNNN-title-of-it.md"})
			continue
		}
		if want := fmt.Sprintf("%04d", next); m[1] != want {
			found = append(found, Finding{f.Path, "the next number is " + want})
		}
		next++
		if n := strings.Count(string(f.Text), "\n"); n > maxRecord {
			found = append(found, Finding{f.Path, fmt.Sprintf("a record is a page: %d lines, more than %d", n, maxRecord)})
		}
		if i := t.File(index); i == nil || !strings.Contains(string(i.Text), "("+name+")") {
			found = append(found, Finding{f.Path, "the index " + index + " does not link it"})
		}
	}
	return found
}
