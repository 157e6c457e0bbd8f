package words

import (
	"cmp"
	"math"
	"slices"
)

// BM25 is plain Okapi BM25 (k1 1.2, b 0.75) over texts of one language, with
// stems, and dense scripts in pairs of letters: what a search library does
// unless it is told more. It is kept to measure the Index against; nothing else
// uses it.
type BM25 struct {
	tongue  tongue
	lists   map[string][]occurrence
	lengths []float64
	mean    float64
}

type occurrence struct {
	text  int
	times float64
}

// NewBM25 makes the index of the texts, which are in one language.
func NewBM25(texts []string, locale string) *BM25 {
	b := &BM25{tongue: tongueOf(locale), lists: map[string][]occurrence{}, lengths: make([]float64, len(texts))}
	for i, text := range texts {
		for _, w := range b.terms(text) {
			list := b.lists[w]
			if n := len(list); n > 0 && list[n-1].text == i {
				list[n-1].times++
			} else {
				b.lists[w] = append(list, occurrence{i, 1})
			}
			b.lengths[i]++
		}
		b.mean += b.lengths[i] / float64(len(texts))
	}
	return b
}

// terms are the words of a text as BM25 takes them.
func (b *BM25) terms(text string) []string {
	var out []string
	for _, t := range tokens(fold(text)) {
		if t.dense {
			out = append(out, pairs(t.text)...)
		} else {
			out = append(out, b.tongue.stem(t.text))
		}
	}
	return out
}

// Search gives the numbers of the best texts, at most limit. less says what to
// take out of some texts before: words that they do not have this time.
func (b *BM25) Search(text string, limit int, less map[int]string) []Hit {
	const k1, length = 1.2, 0.75
	lacking := map[int][]string{}
	for i, t := range less {
		lacking[i] = b.terms(t)
	}
	scores := map[int]float64{}
	for _, w := range b.terms(text) {
		list := b.lists[w]
		n, df := float64(len(b.lengths)), float64(len(list))
		idf := math.Log(1 + (n-df+0.5)/(df+0.5))
		for _, o := range list {
			for _, l := range lacking[o.text] {
				if l == w {
					o.times--
				}
			}
			scores[o.text] += idf * o.times * (k1 + 1) / (o.times + k1*(1-length+length*(b.lengths[o.text]-float64(len(lacking[o.text])))/b.mean))
		}
	}
	hits := make([]Hit, 0, len(scores))
	for i, s := range scores {
		if s > 0 {
			hits = append(hits, Hit{i, s})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Entry, b.Entry))
	})
	return hits[:min(len(hits), limit)]
}
