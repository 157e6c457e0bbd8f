package words

// How the parts of a score come together.
const (
	fullness    = 0.3  // how much it counts that the phrase says no more than the query
	headLost    = 0.7  // the query does not say the thing that the phrase speaks of
	headOther   = 0.85 // it says it, but speaks of another thing
	otherTongue = 0.8  // a phrase in another language than the one asked in
	justThat    = 0.3  // more where the phrase says just what the query says
	wholePart   = 0.3  // the part of all phrases of the entry together, beside the best
	abovePart   = 0.3  // the part of the entries above for words that it lacks
	againPart   = 0.3  // of that, for words that it has itself
	pathPart    = 0.15 // the part of BM25 over the words of the path
	offContext  = 0.97 // in a context that the query does not name
	plainChild  = 0.98 // an entry that says no more than the one above it, against that
	wholeScore  = 1.3  // the score of an entry that is just what was asked for
)

// The constants of BM25 over paths.
const (
	saturation = 1.2
	lengthPart = 0.5
)

// rank turns what was counted into scores.
func (x *Index) rank(s *space, q query) []Hit {
	for _, number := range s.phrases {
		e := x.phrases[number].entry
		s.best[e] = max(s.best[e], x.phraseScore(s, q, number))
	}
	hits := make([]Hit, 0, len(s.entries))
	for _, e := range s.entries {
		if x.entries[e].hidden {
			continue
		}
		score := x.entryScore(s, q, e)
		for up := x.entries[e].above; up >= 0; up = x.entries[up].above {
			if !x.entries[up].hidden && s.mask[up]|s.mask[e] == s.mask[up] && s.best[up] >= s.best[e] {
				score = min(score, plainChild*x.entryScore(s, q, up))
			}
		}
		hits = append(hits, Hit{int(e), float64(score)})
	}
	return hits
}

// phraseScore is how much of the query a phrase says, and how little else.
func (x *Index) phraseScore(s *space, q query, number int32) float32 {
	p := &x.phrases[number]
	full := min(1, s.own[number]/p.total)
	score := s.asked[number] / q.total * (1 - fullness + fullness*full) * p.weight
	if p.headed && s.heads[number] == notMet {
		score *= headLost
	} else if p.headed && s.heads[number] == byOther {
		score *= headOther
	}
	if p.core == q.core && q.core != 0 {
		score += justThat * p.weight
	}
	if p.tongue != q.tongue && p.locale != q.locale {
		score *= otherTongue
	}
	return score
}

// entryScore brings together an entry's best phrase, all its phrases, and those
// of the entries above it.
func (x *Index) entryScore(s *space, q query, e int32) float32 {
	score := (1-wholePart)*s.best[e] + wholePart*s.whole[e]/q.total + abovePart*x.lent(s, q, e)
	score = (1-pathPart)*score + pathPart*x.path(s, q, e)
	if x.entries[e].context&^q.context != 0 {
		score *= offContext
	}
	return score
}

// lent is the share of the query's words that the entries above have: in full
// for words that the entry lacks.
func (x *Index) lent(s *space, q query, e int32) float32 {
	var have uint32
	var sum float32
	for up := x.entries[e].above; up >= 0; up = x.entries[up].above {
		for i := range q.words {
			bit := uint32(1) << i
			if s.mask[up]&bit == 0 || have&bit != 0 {
				continue
			}
			have |= bit
			if s.mask[e]&bit == 0 {
				sum += q.words[i].weight
			} else {
				sum += q.words[i].weight * againPart
			}
		}
	}
	return sum / q.total
}

// path is BM25 over the words of an entry and of those above it.
func (x *Index) path(s *space, q query, e int32) float32 {
	long := saturation * (1 - lengthPart + lengthPart*x.entries[e].length/x.meanLength)
	var sum float32
	for i := range q.words {
		bit := uint32(1) << i
		var times float32
		for up := e; up >= 0; up = x.entries[up].above {
			if s.mask[up]&bit != 0 {
				times++
			}
		}
		sum += q.words[i].weight * times * (saturation + 1) / (times + long)
	}
	return sum / q.total
}
