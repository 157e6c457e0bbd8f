package selection

// branch is a node that is still to be searched, of a tree of the search.
type branch struct {
	bound      float64
	tree, node uint32
}

// branches are a heap, that with the highest bound at the top.
type branches []branch

func (h *branches) push(b branch) {
	list := append(*h, b)
	i := len(list) - 1
	for i > 0 {
		up := (i - 1) / 2
		if list[up].bound >= b.bound {
			break
		}
		list[i] = list[up]
		i = up
	}
	list[i] = b
	*h = list
}

func (h *branches) pop() branch {
	list := *h
	top, last := list[0], list[len(list)-1]
	list = list[:len(list)-1]
	i := 0
	for {
		down := 2*i + 1
		if down >= len(list) {
			break
		}
		if down+1 < len(list) && list[down+1].bound > list[down].bound {
			down++
		}
		if last.bound >= list[down].bound {
			break
		}
		list[i] = list[down]
		i = down
	}
	if len(list) > 0 {
		list[i] = last
	}
	*h = list
	return top
}

// shopSet is a set of shops that is emptied at no cost.
type shopSet struct {
	slots []uint64 // the round in the upper half, the shop in the lower
	round uint32
	count int
}

func (s *shopSet) clear() {
	s.count = 0
	if s.round++; s.round == 0 || s.slots == nil {
		s.slots, s.round = make([]uint64, 256), 1
	}
}

// trim gives back what a set of very many shops has taken up.
func (s *shopSet) trim() {
	if len(s.slots) > 1<<16 {
		s.slots = nil
	}
}

// add says whether the shop was not there before.
func (s *shopSet) add(shop uint32) bool {
	if 2*s.count >= len(s.slots) {
		s.grow()
	}
	entry := uint64(s.round)<<32 | uint64(shop)
	mask := len(s.slots) - 1
	for i := int(shop*2654435769>>7) & mask; ; i = (i + 1) & mask {
		switch is := s.slots[i]; {
		case is == entry:
			return false
		case uint32(is>>32) != s.round:
			s.slots[i] = entry
			s.count++
			return true
		}
	}
}

func (s *shopSet) grow() {
	old := s.slots
	s.slots = make([]uint64, 2*len(old))
	s.count = 0
	for _, e := range old {
		if uint32(e>>32) == s.round {
			s.add(uint32(e))
		}
	}
}
