package words

import (
	"cmp"
	"slices"
	"sync"
)

// Hit is an entry that was found.
type Hit struct {
	Entry int
	// Score is how well it meets the words, over 0 up to 1: 0.9 and more where
	// they are its name.
	Score float64
}

// Search finds the entries that meet the words best, at most limit, the best
// first. locale is the language that the person writes in most likely; words of
// all others are found too, after it.
func (x *Index) Search(text, locale string, limit int) []Hit {
	return x.search(text, locale, limit, nil)
}

// SearchUnsaid is Search as if no entry had a phrase that says just these
// words: what the index would find had nobody listed them.
func (x *Index) SearchUnsaid(text, locale string, limit int) []Hit {
	just := said(tokens(fold(text)))
	return x.search(text, locale, limit, func(p int32) bool { return x.phrases[p].said == just })
}

// search leaves out the phrases for which without says so.
func (x *Index) search(text, locale string, limit int, without func(phrase int32) bool) []Hit {
	s := x.space()
	defer s.done()
	q := x.query(text, locale, s.near)
	if q.total == 0 {
		return nil
	}
	for i := range q.words {
		x.count(s, &q.words[i], int32(i+1), without)
	}
	hits := x.rank(s, q)
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Entry, b.Entry))
	})
	hits = hits[:min(len(hits), max(limit, 0))]
	for i := range hits {
		hits[i].Score = min(1, hits[i].Score/wholeScore)
	}
	return hits
}

// count adds one word of the query to all phrases that have it. The word's
// terms come best first, so the first that meets a phrase is the best for it.
func (x *Index) count(s *space, w *word, number int32, without func(int32) bool) {
	for _, m := range w.terms {
		rarity, value := x.rarity[m.term], w.value(x, m)
		for _, p := range x.lists[m.term] {
			if s.stamp[p.phrase] == number || without != nil && without(p.phrase) {
				continue
			}
			if s.stamp[p.phrase] == 0 {
				s.phrases = append(s.phrases, p.phrase)
			}
			s.stamp[p.phrase] = number
			s.asked[p.phrase] += value * p.weight
			own := m.close * p.weight * rarity
			if p.head {
				own *= headWeight
				s.heads[p.phrase] = max(s.heads[p.phrase], w.meets())
			}
			s.own[p.phrase] += own
			s.countEntry(&x.phrases[p.phrase], number, value*p.weight)
		}
	}
}

// countEntry adds one word of the query to the entry of a phrase, once.
func (s *space) countEntry(p *phrase, number int32, value float32) {
	e := p.entry
	if s.entryStamp[e] == number {
		return
	}
	if s.entryStamp[e] == 0 {
		s.entries = append(s.entries, e)
	}
	s.entryStamp[e] = number
	s.whole[e] += value * p.weight
	s.mask[e] |= 1 << (number - 1)
}

// meets says how a word meets the head of a phrase that has it there.
func (w *word) meets() headMet {
	if w.head {
		return byHead
	}
	return byOther
}

// headMet says whether the head of a phrase is in the query.
type headMet uint8

const (
	notMet  headMet = iota
	byOther         // as one of its words
	byHead          // as the word that names what is wanted
)

// space is the working space of one search, kept for the next. All is zero
// between searches.
type space struct {
	near       []uint8   // for spelling.near
	asked      []float32 // by phrase: the weight of the query's words that it has
	own        []float32 // by phrase: the weight of its words that the query has
	stamp      []int32   // by phrase: the last word that counted in it
	heads      []headMet // by phrase
	whole      []float32 // by entry: the weight of the query's words that it has
	best       []float32 // by entry: the score of its best phrase
	mask       []uint32  // by entry: the words of the query that it has
	entryStamp []int32   // by entry: the last word that counted in it
	phrases    []int32   // those touched
	entries    []int32   // those touched
}

var spaces = sync.Pool{New: func() any { return &space{} }}

// space takes a working space that is large enough.
func (x *Index) space() *space {
	s, _ := spaces.Get().(*space)
	grow(&s.near, len(x.spelling.words))
	grow(&s.asked, len(x.phrases))
	grow(&s.own, len(x.phrases))
	grow(&s.stamp, len(x.phrases))
	grow(&s.heads, len(x.phrases))
	grow(&s.whole, len(x.entries))
	grow(&s.best, len(x.entries))
	grow(&s.mask, len(x.entries))
	grow(&s.entryStamp, len(x.entries))
	return s
}

func grow[T any](s *[]T, n int) {
	if len(*s) < n {
		*s = make([]T, n)
	}
}

// done cleans the space and gives it back.
func (s *space) done() {
	for _, p := range s.phrases {
		s.asked[p], s.own[p], s.stamp[p], s.heads[p] = 0, 0, 0, notMet
	}
	for _, e := range s.entries {
		s.whole[e], s.best[e], s.mask[e], s.entryStamp[e] = 0, 0, 0, 0
	}
	s.phrases, s.entries = s.phrases[:0], s.entries[:0]
	spaces.Put(s)
}
