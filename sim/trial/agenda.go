package trial

import (
	"context"
	"time"
)

// agenda is what will happen, by its time; of what happens at the same time,
// what was put down first comes first.
type agenda struct {
	heap []entry
	put  uint64 // entries so far
}

type entry struct {
	at time.Time
	n  uint64
	do func(context.Context) error
}

func (a *entry) before(b *entry) bool {
	if d := a.at.Compare(b.at); d != 0 {
		return d < 0
	}
	return a.n < b.n
}

// add puts something down.
func (a *agenda) add(at time.Time, do func(context.Context) error) {
	a.put++
	a.heap = append(a.heap, entry{at, a.put, do})
	for i := len(a.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !a.heap[i].before(&a.heap[up]) {
			return
		}
		a.heap[i], a.heap[up] = a.heap[up], a.heap[i]
		i = up
	}
}

// next takes off what comes first; ok is false where nothing is left.
func (a *agenda) next() (first entry, ok bool) {
	last := len(a.heap) - 1
	if last < 0 {
		return entry{}, false
	}
	first = a.heap[0]
	a.heap[0] = a.heap[last]
	a.heap[last] = entry{}
	a.heap = a.heap[:last]
	for i := 0; ; {
		least := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < last && a.heap[child].before(&a.heap[least]) {
				least = child
			}
		}
		if least == i {
			return first, true
		}
		a.heap[i], a.heap[least] = a.heap[least], a.heap[i]
		i = least
	}
}
