package directory

import (
	"io"
	"strings"

	"outcry"
)

// LoadShopify reads the text of Shopify's product taxonomy, plain or gzipped:
// lines such as
//
//	gid://shopify/TaxonomyCategory/ap-2-1 : Animals & Pet Supplies > Pet Supplies > Bird Supplies
//
// with "#" before comments. The codes are "shopify:ap-2-1"; the parent is the
// code without its last number. A line that says anything else is skipped and
// reported with its reason. The error is Invalid where the text as a whole
// cannot be read.
func LoadShopify(r io.Reader) ([]outcry.Signal, Report, error) {
	var report Report
	var out []outcry.Signal
	seen := map[outcry.Code]bool{}
	err := eachLine(r, &report, func(_ int, text string) string {
		s, reason := shopifySignal(text)
		switch {
		case reason != "":
			return reason
		case seen[s.Code]:
			return "the code stands twice; the first line counts"
		case s.Parent != "" && !seen[s.Parent]:
			return "no earlier line has its parent " + string(s.Parent)
		case len(out) == MaxSignals:
			return "a tree holds at most 200,000 codes"
		}
		seen[s.Code] = true
		out = append(out, s)
		return ""
	})
	return out, report, err
}

// shopifySignal reads one line.
func shopifySignal(text string) (s outcry.Signal, reason string) {
	gid, path, ok := strings.Cut(text, " : ")
	id, isCategory := strings.CutPrefix(strings.TrimSpace(gid), "gid://shopify/TaxonomyCategory/")
	if !ok || !isCategory {
		return s, "write gid://shopify/TaxonomyCategory/ID : Name > Name"
	}
	names := splitPath(path)
	if names == nil {
		return s, "a name of the path is empty or too long"
	}
	code, err := outcry.ParseCode("shopify:" + id)
	if err != nil || strings.Contains(id, "--") || strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") {
		return s, "the id is not written as letters and numbers with single hyphens"
	}
	var parent outcry.Code
	if i := strings.LastIndexByte(id, '-'); i > 0 {
		parent = outcry.Code("shopify:" + id[:i])
	}
	if steps := strings.Count(id, "-") + 1; steps != len(names) || steps > MaxDepth {
		return s, "the id and the path do not have the same number of steps"
	}
	return outcry.Signal{
		Code: code, Parent: parent, Names: map[string]string{"en": names[len(names)-1]}, Forms: defaultForms()[code],
	}, ""
}

// splitPath cuts "A > B > C" into names; nil where one is empty or too long.
func splitPath(path string) []string {
	names := strings.Split(path, " > ")
	for i, n := range names {
		names[i] = strings.TrimSpace(n)
		if names[i] == "" || !plainText(names[i]) {
			return nil
		}
	}
	return names
}
