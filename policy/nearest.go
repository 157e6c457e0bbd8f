package policy

import "strings"

// nearest is the one of words that is most like a word, where one is like enough
// to be meant; else "". What stands before a dot is taken to be right.
func nearest(word string, words []string) string {
	best, least := "", 1+(len(word)-1-strings.LastIndexByte(word, '.'))/3
	for _, w := range words {
		if d := distance(word, w); d <= least && (best == "" || d < least) {
			best, least = w, d
		}
	}
	return best
}

// distance is how many letters must be changed, put in or taken out to make b of
// a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := before
			if a[i] != b[j] {
				d = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
