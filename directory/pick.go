package directory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"outcry"
	"outcry/directory/words"
)

// What picks teach.
const (
	// MaxPicks is how many different pairs of words and code are learned;
	// further pairs are not, while those known go on counting.
	MaxPicks = 50_000
	// mostLearned is how many codes one search learns of.
	mostLearned = 8
	// sameWords is the most that picks lift a code after the very same words,
	// and oneWord the most after words that share some: a score is 1 at most.
	sameWords = 0.7
	oneWord   = 0.35
	// doubt is how many picks it takes to be half sure.
	doubt = 2
)

// picks are the counts of what buyers picked, by the key of what they typed and
// by each word of it.
type picks struct {
	mu     sync.RWMutex // guards what follows
	byKey  map[string]counts
	byWord map[string]counts
	pairs  int
}

// counts are how often codes were picked, and all together.
type counts struct {
	codes map[outcry.Code]int
	all   int
}

func newPicks(kept map[string]map[outcry.Code]int) *picks {
	p := &picks{byKey: map[string]counts{}, byWord: map[string]counts{}}
	for _, key := range slices.Sorted(maps.Keys(kept)) {
		for _, code := range slices.Sorted(maps.Keys(kept[key])) {
			p.add(key, code, kept[key][code])
		}
	}
	return p
}

// add counts n picks; ok is false where there are too many pairs for a new one.
func (p *picks) add(key string, code outcry.Code, n int) (ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byKey[key].codes[code] == 0 {
		if p.pairs >= MaxPicks {
			return false
		}
		p.pairs++
	}
	count(p.byKey, key, code, n)
	for word := range strings.SplitSeq(key, " ") {
		count(p.byWord, word, code, n)
	}
	return true
}

func count(in map[string]counts, key string, code outcry.Code, n int) {
	c := in[key]
	if c.codes == nil {
		c.codes = map[outcry.Code]int{}
	}
	c.codes[code] += n
	c.all += n
	in[key] = c
}

// lifts are what picks add to the scores of codes for words: at most
// mostLearned, those that gain most.
func (p *picks) lifts(text string) map[outcry.Code]float64 {
	key := words.Key(text)
	p.mu.RLock()
	defer p.mu.RUnlock()
	if key == "" || p.pairs == 0 {
		return nil
	}
	out := map[outcry.Code]float64{}
	for code, n := range p.byKey[key].codes {
		out[code] += sameWords * float64(n) / float64(p.byKey[key].all+doubt)
	}
	list := strings.Split(key, " ")
	for _, w := range list {
		for code, n := range p.byWord[w].codes {
			out[code] += oneWord * float64(n) / float64(p.byWord[w].all+doubt) / float64(len(list))
		}
	}
	best := slices.SortedFunc(maps.Keys(out), func(a, b outcry.Code) int {
		return cmp.Or(cmp.Compare(out[b], out[a]), cmp.Compare(a, b))
	})
	for _, code := range best[min(len(best), mostLearned):] {
		delete(out, code)
	}
	return out
}

// Picked counts that a buyer who typed words took a code, and lifts that code
// when the same or like words come again. Words that say nothing, or that hold
// more than eight different ones, teach nothing. A code that there is not is
// Invalid.
func (d *Directory) Picked(ctx context.Context, text string, code outcry.Code) error {
	if _, ok := d.Get(code); !ok {
		return outcry.BadField("code", "there is no signal %s", code)
	}
	key := words.Key(text)
	if key == "" || !d.picks.add(key, code, 1) {
		return nil
	}
	if err := d.keeper.AddPick(ctx, key, code); err != nil {
		return fmt.Errorf("keep a pick: %w", err)
	}
	return nil
}

// ErasePicks forgets all that buyers picked, for the operator.
func (d *Directory) ErasePicks(ctx context.Context, actor outcry.Actor) error {
	if err := mayChange(actor); err != nil {
		return err
	}
	if err := d.keeper.ErasePicks(ctx); err != nil {
		return fmt.Errorf("erase the picks: %w", err)
	}
	p := d.picks
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byKey, p.byWord, p.pairs = map[string]counts{}, map[string]counts{}, 0
	return nil
}
