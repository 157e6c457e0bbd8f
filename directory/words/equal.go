package words

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed equal.txt
var equalText string

// stand is a word that another may stand for, by its English stem.
type stand struct {
	stem  string
	close float32
}

// How well a word stands for one that means the same, for what it is a kind or a
// part of, and for one that has only the stem in common ("lighting", "light").
const (
	asEqual  = 0.9
	asKindOf = 0.7
	asStem   = 0.8
)

// equals are the words of equal.txt by their stems.
var equals = sync.OnceValue(func() map[string][]stand {
	out := map[string][]stand{}
	for line := range strings.Lines(equalText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		kinds, whole, directed := strings.Cut(line, ">")
		left, closeness := stems(kinds), float32(asEqual)
		right := left
		if directed {
			right, closeness = stems(whole), asKindOf
		}
		for _, w := range left {
			for _, o := range right {
				if o != w {
					out[w] = append(out[w], stand{o, closeness})
				}
			}
		}
	}
	return out
})

func stems(text string) []string {
	var out []string
	for w := range strings.FieldsSeq(fold(text)) {
		out = append(out, en.stem(w))
	}
	return out
}
