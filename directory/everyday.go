package directory

import (
	_ "embed"
	"strings"
	"sync"

	"outcry"
	"outcry/directory/words"
)

//go:embed everyday.txt
var everydayText string

// everydayWeight is how well an everyday phrase stands for its code.
const everydayWeight = 0.95

// everyday are the phrases of everyday.txt by code.
var everyday = sync.OnceValue(func() map[outcry.Code][]words.Phrase {
	out := map[outcry.Code][]words.Phrase{}
	var code outcry.Code
	for line := range strings.Lines(everydayText) {
		line = strings.TrimRight(line, "\n")
		locale, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case line == "" || line[0] == '#':
		case line[0] != ' ':
			code = outcry.Code(line)
		case ok:
			for text := range strings.SplitSeq(list, ", ") {
				out[code] = append(out[code], words.Phrase{Text: text, Locale: locale, Weight: everydayWeight})
			}
		}
	}
	return out
})
