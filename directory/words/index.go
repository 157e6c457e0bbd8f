package words

import (
	"hash/fnv"
	"math"
	"slices"
)

// A Phrase is one way to say an entry: its name or a synonym.
type Phrase struct {
	Text   string
	Locale string // "en", "ko", "pt-BR"
	// Weight is how well the phrase stands for its entry, over 0 up to 1: 1 for
	// a name.
	Weight float64
}

// An Entry is something that can be found.
type Entry struct {
	Phrases []Phrase
	// Above is the number of the entry above this one, -1 for none. What is
	// above lends its phrases when a word of the query is not in the entry's own.
	Above int
	// Hidden entries are never found; they only lend.
	Hidden bool
}

// Index finds entries by words. It never changes after Build.
type Index struct {
	terms      map[string]int32 // by tongue and stem
	lists      [][]posting      // by term
	rarity     []float32        // by term
	spelling   spelling
	phrases    []phrase
	entries    []entry
	typical    float32 // the rarity of a word that no entry has
	meanLength float32 // of the entries' paths, in words
}

// posting says that a phrase has a term.
type posting struct {
	phrase int32
	weight float32 // over 0 up to 1; less than 1 where it is only a letter of a word
	head   bool    // the word names the thing that the phrase speaks of
}

// phrase is what a search needs of a Phrase.
type phrase struct {
	entry  int32
	weight float32
	total  float32 // the rarity of all its words together
	tongue tongue
	locale string
	said   uint64 // what it says, as a hash
	core   uint64 // what it says without stop words and words for places
	headed bool   // some word of it names its thing
}

type entry struct {
	above   int32
	hidden  bool
	length  float32 // the words of its names and of those above it
	context uint64  // the contexts that its English names and those above set
}

// Build makes the index of the entries; a found entry is named by its place in
// the slice.
func Build(entries []Entry) *Index {
	b := builder{Index: &Index{terms: map[string]int32{}, entries: make([]entry, len(entries))}}
	for i, e := range entries {
		b.entries[i] = entry{above: int32(e.Above), hidden: e.Hidden}
		b.seen = map[int32]bool{}
		for _, p := range e.Phrases {
			b.phrase(int32(i), p)
			for _, text := range alternatives(p.Text) {
				b.phrase(int32(i), Phrase{text, p.Locale, p.Weight * alternativeWeight})
			}
		}
		for t := range b.seen {
			b.spread[t]++
		}
	}
	b.weigh()
	b.inherit()
	b.spelling.finish()
	return b.Index
}

// builder is an index being made.
type builder struct {
	*Index
	spread []int32        // how many entries have a term
	seen   map[int32]bool // the terms of the entry being added
	parts  [][]part       // by phrase: what its total is made of
}

// part is a word of a phrase and how much it counts in it.
type part struct {
	term   int32
	weight float32
}

// phrase adds one phrase of an entry.
func (b *builder) phrase(e int32, p Phrase) {
	number := int32(len(b.phrases))
	t := tongueOf(p.Locale)
	words := tokens(fold(p.Text))
	b.phrases = append(b.phrases, phrase{
		entry: e, weight: float32(p.Weight), tongue: t, locale: p.Locale, said: said(words), core: core(t, words),
	})
	b.parts = append(b.parts, nil)
	if p.Weight == 1 {
		b.entries[e].length += float32(len(words))
		if t == en {
			b.entries[e].context |= contextOf(words)
		}
	}
	head := headOf(words, t)
	for i, w := range words {
		if w.dense {
			b.denseWord(number, w.text)
		} else {
			b.spacedWord(number, w.text, i == head)
		}
	}
}

// spacedWord adds a word of a spaced script, by itself and by its stem.
func (b *builder) spacedWord(number int32, text string, head bool) {
	t := b.phrases[number].tongue
	weight := scarce(text)
	if head {
		weight = headWeight
		b.phrases[number].headed = true
	}
	term := b.term(t, singular(t, text))
	b.post(term, posting{number, 1, head})
	b.post(b.term(t, stemMark+t.stem(text)), posting{number, 1, head})
	b.parts[number] = append(b.parts[number], part{term, weight})
	b.spelling.add(text, term, t)
}

// denseWord adds a word of a dense script: its pairs of letters, its letters
// where they stand for things, and the whole.
func (b *builder) denseWord(number int32, word string) {
	for _, pair := range pairs(word) {
		term := b.term(dense, pair)
		b.post(term, posting{phrase: number, weight: 1})
		b.parts[number] = append(b.parts[number], part{term, pairWeight(pair)})
	}
	letters := []rune(word)
	if len(letters) == 1 {
		return
	}
	whole := b.term(dense, wholeMark+word)
	b.post(whole, posting{phrase: number, weight: 1})
	b.spelling.add(apart(word), whole, dense)
	for i, c := range letters {
		weight := float32(otherLetter)
		if i == 0 {
			weight = firstLetter
		}
		if !isKana(c) {
			b.post(b.term(dense, string(c)), posting{phrase: number, weight: weight})
		}
	}
}

// The marks that keep stems and whole words apart from words and pairs.
const (
	stemMark  = "~"
	wholeMark = "="
)

// term is the number of a term, a new one where it is new.
func (b *builder) term(t tongue, stem string) int32 {
	key := termKey(t, stem)
	n, ok := b.terms[key]
	if !ok {
		n = int32(len(b.lists))
		b.terms[key] = n
		b.lists = append(b.lists, nil)
		b.spread = append(b.spread, 0)
	}
	return n
}

func termKey(t tongue, stem string) string { return string('0'+rune(t)) + stem }

// post notes that a phrase has a term, once, at the larger weight.
func (b *builder) post(term int32, p posting) {
	b.seen[term] = true
	list := b.lists[term]
	if n := len(list); n > 0 && list[n-1].phrase == p.phrase {
		list[n-1].weight = max(list[n-1].weight, p.weight)
		list[n-1].head = list[n-1].head || p.head
		return
	}
	b.lists[term] = append(list, p)
}

// weigh fixes how rare each term is and what each phrase weighs in all.
func (b *builder) weigh() {
	n := float64(len(b.entries))
	b.rarity = make([]float32, len(b.lists))
	for t, df := range b.spread {
		b.rarity[t] = rarity(n, float64(df))
	}
	b.typical = rarity(n, n/200)
	for i, parts := range b.parts {
		for _, p := range parts {
			b.phrases[i].total += b.rarity[p.term] * p.weight
		}
	}
	for i := range b.lists {
		b.lists[i] = slices.Clip(b.lists[i])
	}
}

// rarity is the inverse document frequency of BM25, ln(1 + (n-df+0.5)/(df+0.5)),
// to a power that keeps rare words from outvoting the one that names the thing.
func rarity(n, df float64) float32 {
	return float32(math.Pow(math.Log(1+(n-df+0.5)/(df+0.5)), rarityPower))
}

// inherit gives each entry the contexts and the length of those above it.
func (b *builder) inherit() {
	own := slices.Clone(b.entries)
	for i := range b.entries {
		steps := 0
		for up := own[i].above; up >= 0 && steps < maxAbove; up = own[up].above {
			b.entries[i].context |= own[up].context
			b.entries[i].length += own[up].length
			steps++
		}
		b.meanLength += b.entries[i].length / float32(len(b.entries))
	}
}

// maxAbove is how many steps up an entry looks.
const maxAbove = 64

// said is what words say, so that two phrases that say the same have the same.
func said(words []token) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		_, _ = h.Write([]byte(w.text))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

// core is what words say when plurals, stop words and words for places are
// taken off; 0 where nothing is left.
func core(t tongue, words []token) uint64 {
	var left []token
	for _, w := range words {
		if w.dense {
			left = append(left, w)
		} else if !stop(w.text) && !place(w.text) {
			left = append(left, token{text: singular(t, w.text)})
		}
	}
	if len(left) == 0 {
		return 0
	}
	return said(left)
}

// Len is how many entries the index has.
func (x *Index) Len() int { return len(x.entries) }

// Terms is how many different words and parts of words the index has.
func (x *Index) Terms() int { return len(x.lists) }
