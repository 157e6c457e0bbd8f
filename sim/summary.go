package sim

import (
	"fmt"
	"slices"
	"strings"

	"outcry"
)

// Summary says what shops there are.
type Summary struct {
	Shops int
	// People and Software are how many shops each answers for.
	People   int
	Software int
	// Sleepless never close.
	Sleepless int
	// Kinds are counted by each shop's main one, the most shops first.
	Kinds []Kind
}

// Kind is how many shops of a kind there are.
type Kind struct {
	Code  outcry.Code
	Shops int
}

// SummaryOf counts the shops of a city.
func SummaryOf(city []outcry.Listing) Summary {
	s := Summary{Shops: len(city)}
	counts := map[outcry.Code]int{}
	for _, l := range city {
		if l.Answers == outcry.BySoftware {
			s.Software++
		} else {
			s.People++
		}
		if l.Hours == "" || l.Hours == "24/7" {
			s.Sleepless++
		}
		if len(l.Codes) > 0 {
			counts[MainKind(l.Codes)]++
		}
	}
	for code, n := range counts {
		s.Kinds = append(s.Kinds, Kind{Code: code, Shops: n})
	}
	slices.SortFunc(s.Kinds, func(a, b Kind) int {
		if a.Shops != b.Shops {
			return b.Shops - a.Shops
		}
		return strings.Compare(string(a.Code), string(b.Code))
	})
	return s
}

// MainKind is what a shop with such a book is in the first place, whatever the
// order of the codes: the everyday kind that most others of them go along with,
// of several the more popular one. A book without everyday kinds is of the kind
// of its first code; an empty one of none.
func MainKind(codes []outcry.Code) outcry.Code {
	main, most := outcry.Code(""), -1
	for _, t := range trades().rows {
		if !slices.Contains(codes, t.code) {
			continue
		}
		along := 0
		for _, c := range t.also {
			if slices.Contains(codes, c) {
				along++
			}
		}
		if along > most {
			main, most = t.code, along
		}
	}
	if main == "" && len(codes) > 0 {
		return codes[0]
	}
	return main
}

// Lines writes the summary for people, in lines of at most width characters
// (a longer name stands alone): first how many shops there are, then the kinds
// with their counts. name gives the name of a kind; most bounds how many kinds
// are named, 0 is all.
func (s Summary) Lines(name func(outcry.Code) string, most, width int) []string {
	lines := []string{fmt.Sprintf("%d shops of %d kinds: at %d a person answers, at %d software; %d never close",
		s.Shops, len(s.Kinds), s.People, s.Software, s.Sleepless)}
	if most <= 0 || most > len(s.Kinds) {
		most = len(s.Kinds)
	}
	line := ""
	for _, k := range s.Kinds[:most] {
		item := fmt.Sprintf("%s %d", name(k.Code), k.Shops)
		switch {
		case line == "":
			line = item
		case len([]rune(line))+len([]rune(item))+3 > width:
			lines, line = append(lines, line), item
		default:
			line += " · " + item
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
