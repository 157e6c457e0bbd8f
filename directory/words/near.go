package words

import (
	"cmp"
	"slices"
	"strings"
)

// How well a word that is only near to another stands for it.
const (
	oneSlip     = 0.75 // one letter wrong, missing, added or swapped
	twoSlips    = 0.5  // two
	otherStart  = 0.1  // less where the first letter differs
	startsWith  = 0.9  // "schuh" for "schuhgeschaft", times the share of letters
	endsWith    = 0.6  // "reparatur" for "fahrradreparatur", times that
	alike       = 0.35 // many letter triples in common, times their share
	leastAlike  = 0.35 // the share from which words are alike
	inEnglish   = 0.6  // parts of words say less in English, which writes them apart
	leastDense  = 0.4  // the closeness from which a whole dense word is near another
	mostNear    = 12   // how many near words of a word are looked at
	shortestFor = 4    // letters from which a word may be near another
	longestFor  = 60   // letters up to which
)

// spelling knows all words as they are written, to find those near to a word.
type spelling struct {
	words   []written
	known   map[string]bool // by tongue and text, while it is made
	triples map[uint64][]int32
}

// written is a word as it stands in a phrase.
type written struct {
	text    string
	term    int32
	tongue  tongue
	triples uint8 // how many different ones it has
}

// add notes a word that stands for a term.
func (s *spelling) add(text string, term int32, t tongue) {
	key := termKey(t, text)
	if s.known == nil {
		s.known = map[string]bool{}
	}
	if n := len([]rune(text)); s.known[key] || n < shortestFor-1 || n > longestFor {
		return
	}
	s.known[key] = true
	s.words = append(s.words, written{text: text, term: term, tongue: t})
}

// finish makes the lists of triples.
func (s *spelling) finish() {
	s.known = nil
	s.triples = map[uint64][]int32{}
	for i := range s.words {
		list := triples(s.words[i].text)
		s.words[i].triples = uint8(len(list))
		for _, t := range list {
			s.triples[t] = append(s.triples[t], int32(i))
		}
	}
	for t, list := range s.triples {
		s.triples[t] = slices.Clip(list)
	}
}

// triples are the different runs of three letters of a word, with its beginning
// and end marked.
func triples(word string) []uint64 {
	letters := append(append([]rune{'^'}, []rune(word)...), '$')
	var out []uint64
	for i := range len(letters) - 2 {
		t := uint64(letters[i])<<42 | uint64(letters[i+1])<<21 | uint64(letters[i+2])
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// nearTerm is a term that a word may stand for.
type nearTerm struct {
	match
	tongue tongue
}

// near finds the terms of words near to a folded word, the nearest first.
// counts must be as long as the words and all zero; it is left so.
func (s *spelling) near(word string, counts []uint8) []nearTerm {
	letters := []rune(word)
	if len(letters) < shortestFor || len(letters) > longestFor {
		return nil
	}
	asked := triples(word)
	var touched []int32
	for _, t := range asked {
		for _, w := range s.triples[t] {
			if counts[w] == 0 {
				touched = append(touched, w)
			}
			counts[w]++
		}
	}
	var out []nearTerm
	for _, number := range touched {
		w, shared := s.words[number], int(counts[number])
		counts[number] = 0
		if 10*shared < 3*min(len(asked), int(w.triples)) {
			continue
		}
		share := float32(2*shared) / float32(len(asked)+int(w.triples))
		if c := closeness(letters, w, share); c > 0 {
			out = append(out, nearTerm{match{w.term, c}, w.tongue})
		}
	}
	slices.SortFunc(out, func(a, b nearTerm) int {
		return cmp.Or(cmp.Compare(b.close, a.close), cmp.Compare(a.term, b.term))
	})
	return out[:min(len(out), mostNear)]
}

// closeness is how well a written word may stand for the asked one; 0 for not
// at all. share is the part of letter triples that they share.
func closeness(asked []rune, w written, share float32) float32 {
	text := []rune(w.text)
	part := float32(1)
	if w.tongue == en {
		part = inEnglish
	}
	var best float32
	switch n := slips(asked, text, 2); {
	case n == 0:
		return 1
	case n == 1:
		best = oneSlip
	case n == 2 && len(asked) >= 7:
		best = twoSlips
	}
	if best > 0 && asked[0] != text[0] {
		best -= otherStart
	}
	longer, shorter := string(asked), w.text
	if len(asked) < len(text) {
		longer, shorter = shorter, longer
	}
	least, most := min(len(asked), len(text)), max(len(asked), len(text))
	if rest := float32(least) / float32(most); least >= shortestFor {
		if strings.HasPrefix(longer, shorter) {
			best = max(best, startsWith*rest*part)
		} else if strings.HasSuffix(longer, shorter) {
			best = max(best, endsWith*rest*part)
		}
	}
	if share >= leastAlike {
		best = max(best, alike*share*part)
	}
	return best
}

// Slips is how many letters must be changed, added, left out or swapped to make
// one text of another, or more than most where it is more or where a text is
// longer than 60 letters. Capitals and accents do not count.
func Slips(a, b string, most int) int {
	x, y := []rune(fold(a)), []rune(fold(b))
	if len(x) > longestFor || len(y) > longestFor {
		return most + 1
	}
	return slips(x, y, most)
}

// slips is how many letters must be changed, added, left out or swapped with
// their neighbour to make b of a (optimal string alignment), or more than most
// where it is more. Both have at most longestFor letters.
func slips(a, b []rune, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	var rows [3][longestFor + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
