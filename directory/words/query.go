package words

import (
	"cmp"
	"slices"
	"strings"
)

// maxWords is how many words of a query count; further ones are not read.
const maxWords = 24

// query is a text made ready to search with.
type query struct {
	words   []word
	total   float32 // the weight of all words
	tongue  tongue
	locale  string
	context uint64 // the contexts that it names
	core    uint64
}

// word is one word of a query and the terms that it may stand for, best first.
type word struct {
	terms  []match
	weight float32
	share  float32 // what makes its weight more or less than its rarity
	head   bool    // it names the thing that is wanted
}

// match says how well a word stands for a term, over 0 up to 1.
type match struct {
	term  int32
	close float32
}

// query reads a text. Stop words are left out, unless there are no others. near
// is for spelling.near.
func (x *Index) query(text, locale string, near []uint8) query {
	if len(text) > MaxQuery {
		text = strings.ToValidUTF8(text[:MaxQuery], "")
	}
	list := tokens(fold(text))
	t := tongueOf(locale)
	q := query{tongue: t, locale: locale, context: contextOf(list), core: core(t, list)}
	var headWord string
	if head := headOf(list, t); head >= 0 {
		headWord = list[head].text
	}
	wanted := slices.DeleteFunc(slices.Clone(list), func(t token) bool { return stop(t.text) })
	if len(wanted) == 0 {
		wanted = list
	}
	for i, w := range wanted {
		switch {
		case w.dense:
			x.denseWords(&q, w.text, near)
		case i+1 < len(wanted) && !wanted[i+1].dense:
			x.spacedWord(&q, w.text, wanted[i+1].text, w.text == headWord, near)
		default:
			x.spacedWord(&q, w.text, "", w.text == headWord, near)
		}
	}
	q.words = q.words[:min(len(q.words), maxWords)]
	for _, w := range q.words {
		q.total += w.weight
	}
	return q
}

// shareOf is how much more or less than its rarity a word of a query counts.
func shareOf(text string, isHead bool) float32 {
	if isHead {
		return headWeight
	}
	if number(text) {
		return stopWeight
	}
	if w, ok := stops()[text]; ok && w > 0 {
		return w
	}
	return 1
}

// spacedWord adds a word of a spaced script: as it is in each tongue, written
// together with the next one, words that mean the same, and words near to it.
func (x *Index) spacedWord(q *query, text, next string, head bool, near []uint8) {
	w := word{share: shareOf(text, head), head: head}
	for t := range nTongues {
		if t == dense {
			continue
		}
		stem := t.stem(text)
		w.add(x, t, singular(t, text), 1)
		w.add(x, t, stemMark+stem, asStem)
		if next != "" {
			w.add(x, t, singular(t, text+next), 1)
		}
	}
	w.weigh(x)
	for _, o := range equals()[en.stem(text)] {
		w.add(x, en, stemMark+o.stem, o.close)
	}
	for _, n := range x.spelling.near(text, near) {
		w.terms = append(w.terms, n.match)
	}
	w.finish(x)
	q.words = append(q.words, w)
}

// denseWords adds a word of a dense script: each pair of letters, or where the
// pair is not found its letters, and the word as a whole.
func (x *Index) denseWords(q *query, text string, near []uint8) {
	list := pairs(text)
	for _, pair := range list {
		w := word{share: pairWeight(pair) / float32(len(list)) * min(2, float32(len(list)))}
		w.add(x, dense, pair, 1)
		w.weigh(x)
		if letters := []rune(pair); len(letters) == 2 {
			for _, c := range letters {
				if !isKana(c) {
					w.add(x, dense, string(c), letterFor)
				}
			}
		}
		w.finish(x)
		q.words = append(q.words, w)
	}
	whole := word{share: wholeShare}
	whole.add(x, dense, wholeMark+text, 1)
	whole.weigh(x)
	for _, n := range x.spelling.near(apart(text), near) {
		if n.tongue == dense && n.close >= leastDense {
			whole.terms = append(whole.terms, n.match)
		}
	}
	if whole.finish(x); len(whole.terms) > 0 {
		q.words = append(q.words, whole)
	}
}

// add adds a term, where the index has it.
func (w *word) add(x *Index, t tongue, stem string, closeness float32) {
	if n, ok := x.terms[termKey(t, stem)]; ok {
		w.terms = append(w.terms, match{n, closeness})
	}
}

// weigh takes the rarity of the word itself, where the index has it.
func (w *word) weigh(x *Index) {
	for _, m := range w.terms {
		w.weight = max(w.weight, x.rarity[m.term]*w.share)
	}
}

// finish puts the terms that serve best first. A word that the index does not
// have weighs as much as the best that it may stand for, or as a rare one.
func (w *word) finish(x *Index) {
	if w.weight == 0 && len(w.terms) == 0 {
		w.weight = x.typical * unknownWeight * w.share
	}
	if w.weight == 0 {
		best := slices.MaxFunc(w.terms, func(a, b match) int {
			return cmp.Compare(a.close*x.rarity[a.term], b.close*x.rarity[b.term])
		})
		w.weight = x.rarity[best.term] * w.share
	}
	slices.SortStableFunc(w.terms, func(a, b match) int { return cmp.Compare(w.value(x, b), w.value(x, a)) })
}

// value is what a term gives a phrase that has it: no more than the word
// weighs, nor than the term is rare.
func (w *word) value(x *Index, m match) float32 {
	return m.close * min(w.weight, x.rarity[m.term]*w.share)
}
