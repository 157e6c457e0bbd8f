package selection

// ranking is the best candidates of a selecting so far, the best first, each
// shop once.
type ranking struct {
	names *roster
	most  int
	ranks []rank
	slots []Candidate // where those of ranks are
	floor float64     // the score below which nothing is among the best; -1 for none
}

// rank is what candidates are ordered by.
type rank struct {
	score, metres float64
	shop, slot    uint32
}

func (r *ranking) reset(most int) {
	r.most, r.floor = most, -1
	r.ranks, r.slots = r.ranks[:0], r.slots[:0]
}

// before says whether a is better than b.
func (r *ranking) before(a, b *rank) bool {
	switch {
	case a.score != b.score:
		return a.score > b.score
	case a.metres != b.metres:
		return a.metres < b.metres
	}
	return r.names.ids.text(a.shop) < r.names.ids.text(b.shop)
}

// add takes a candidate in if it is among the best. again says that the shop
// may be there already.
func (r *ranking) add(c *Candidate, shop uint32, again bool) {
	is := rank{score: c.Score, metres: c.DistanceM, shop: shop}
	end := r.room(c, &is, again)
	if end < 0 {
		return
	}
	r.insert(is, end)
	r.slots[is.slot] = *c
	if len(r.ranks) == r.most {
		r.floor = r.ranks[r.most-1].score
	}
}

// room is the rank that makes room for another, whose slot goes to that one; -1
// where there is none. A shop that is there already, by another code, makes
// room for itself if that is better, or cheaper where the policy does not mind.
func (r *ranking) room(c *Candidate, is *rank, again bool) int {
	if again {
		for i := range r.ranks {
			if r.ranks[i].shop != is.shop {
				continue
			}
			is.slot = r.ranks[i].slot
			if is.score > r.ranks[i].score || is.score == r.ranks[i].score && c.Price < r.slots[is.slot].Price {
				return i
			}
			return -1
		}
	}
	last := len(r.ranks) - 1
	if len(r.ranks) < r.most {
		is.slot = uint32(len(r.ranks))
		r.ranks, r.slots = append(r.ranks, rank{}), append(r.slots, Candidate{})
		return last + 1
	}
	if !r.before(is, &r.ranks[last]) {
		return -1
	}
	is.slot = r.ranks[last].slot
	return last
}

// insert puts a rank in its order; what is from there to end moves back by one.
func (r *ranking) insert(is rank, end int) {
	low, high := 0, end
	for low < high {
		middle := (low + high) / 2
		if r.before(&is, &r.ranks[middle]) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	copy(r.ranks[low+1:end+1], r.ranks[low:end])
	r.ranks[low] = is
}

// into appends the candidates, the best first.
func (r *ranking) into(list []Candidate) []Candidate {
	for i := range r.ranks {
		c, shop := &r.slots[r.ranks[i].slot], r.ranks[i].shop
		c.Shop = r.names.ids.text(shop)
		r.names.read(c, shop)
		list = append(list, *c)
	}
	return list
}
