package words

import (
	"slices"
	"strings"
)

// alternatives are the parts of a name such as "Curtains & Drapes" that can
// stand alone: all, where the first is one word; none in "Kayak Seats &
// Cushions", whose last part is for kayaks too. "Accessories" and the like
// never stand alone.
func alternatives(text string) []string {
	parts := strings.FieldsFunc(strings.ReplaceAll(text, " and ", " & "), func(c rune) bool {
		return c == '&' || c == '/' || c == ','
	})
	if len(parts) < 2 || strings.Contains(strings.TrimSpace(parts[0]), " ") {
		return nil
	}
	return slices.DeleteFunc(parts, func(p string) bool {
		return contextOf(tokens(fold(p)))&contexts()[en.stem("accessories")] != 0
	})
}
