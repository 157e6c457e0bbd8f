package words

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed context.txt
var contextText string

// contexts gives each context word of context.txt, by its English stem, the bit
// of its line.
var contexts = sync.OnceValue(func() map[string]uint64 {
	out := map[string]uint64{}
	bit := uint64(1)
	for line := range strings.Lines(contextText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		for w := range strings.FieldsSeq(line) {
			out[en.stem(w)] |= bit
		}
		bit <<= 1
	}
	return out
})

// contextOf are the contexts that a text names.
func contextOf(words []token) uint64 {
	var out uint64
	for _, w := range words {
		if !w.dense {
			out |= contexts()[en.stem(w.text)]
		}
	}
	return out
}
