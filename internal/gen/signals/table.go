package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// writeTable writes the codes as lines of tab-separated columns: code, parent,
// then for each locale the name and the synonyms with bars between them. The
// head says where the words come from and under which licence, as the licence
// asks.
func writeTable(w io.Writer, s *schema, rows []row) {
	head(w, s, "Signal codes: the kinds of places of OpenStreetMap that trade.")
	_, _ = fmt.Fprint(w, "code\tparent")
	for _, l := range locales {
		_, _ = fmt.Fprintf(w, "\t%s\t%s synonyms", l, l)
	}
	_, _ = fmt.Fprintln(w)
	for _, r := range rows {
		_, _ = fmt.Fprintf(w, "%s\t%s", r.code, r.parent)
		for _, l := range locales {
			_, _ = fmt.Fprintf(w, "\t%s\t%s", r.names[l], strings.Join(r.synonyms[l], "|"))
		}
		_, _ = fmt.Fprintln(w)
	}
}

// writeFormer writes which code stands for which tag of former times.
func writeFormer(w io.Writer, s *schema, former map[string]string) {
	head(w, s, "Tags of former times, and the codes that stand for them now.")
	_, _ = fmt.Fprintln(w, "tag\tcode")
	for _, tag := range slices.Sorted(maps.Keys(former)) {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", tag, former[tag])
	}
}

// head writes what the file is, its source and its licence.
func head(w io.Writer, s *schema, what string) {
	_, _ = fmt.Fprintf(w, "# %s\n# Written by internal/gen/signals; do not edit.\n", what)
	_, _ = fmt.Fprintf(w, "# Made from %s %s, whose licence follows.\n#\n", schemaPackage, s.version)
	for line := range strings.Lines(strings.TrimSpace(s.licence)) {
		_, _ = fmt.Fprintln(w, strings.TrimSpace("# "+strings.TrimSpace(strings.TrimLeft(line, "#"))))
	}
	_, _ = fmt.Fprintln(w, "#")
}

// former maps a single tag of former times to the code that now stands for it,
// for the codes that the table has.
func (s *schema) former(rows []row) map[string]string {
	have := map[string]bool{}
	for _, r := range rows {
		have[r.code] = true
	}
	out := map[string]string{}
	note := func(old, now map[string]string) {
		code := codeOf(now)
		if before := codeOf(old); len(old) == 1 && strings.Contains(before, "=") && !have[before] && have[code] && strings.Contains(code, "=") {
			out[strings.TrimPrefix(before, "osm:")] = code
		}
	}
	for _, d := range s.outdated {
		note(d.Old, d.Replace)
	}
	for _, p := range s.presets {
		if ref := s.presets[strings.Trim(p.Name, "{}")]; ref.Tags != nil {
			note(p.Tags, ref.Tags)
		}
	}
	return out
}
