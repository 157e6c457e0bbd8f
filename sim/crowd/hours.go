package crowd

import (
	"fmt"
	"math/rand/v2"
)

// patterns is how many patterns of opening hours there are.
const patterns = 300

// manners are the ways in which a week is opened, by an opening and a closing
// time.
var manners = []func(open, shut string) string{
	func(open, shut string) string { return fmt.Sprintf("Mo-Fr %s-%s", open, shut) },
	func(open, shut string) string { return fmt.Sprintf("Mo-Sa %s-%s", open, shut) },
	func(open, shut string) string { return fmt.Sprintf("Mo-Su %s-%s", open, shut) },
	func(open, shut string) string { return fmt.Sprintf("Tu-Su %s-%s", open, shut) },
	func(open, shut string) string { return fmt.Sprintf("Mo-Fr %s-%s; Sa 09:30-14:00", open, shut) },
	func(open, shut string) string { return fmt.Sprintf("Mo-Sa %s-%s; Su 11:00-17:00", open, shut) },
	func(open, shut string) string { return fmt.Sprintf("Mo-Fr %s-12:30,13:30-%s", open, shut) },
	func(open, shut string) string {
		return fmt.Sprintf("Mo-Th %s-%s; Fr-Sa %s-02:00; Su off", open, shut, open)
	},
	func(open, shut string) string { return fmt.Sprintf("Mo,We-Su %s-%s; Tu off; PH off", open, shut) },
}

// newHours makes n patterns in OSM's syntax, the usual ones first.
func newHours(seed uint64, n int) []string {
	r := dice(seed, "hours", 0)
	list := []string{
		"Mo-Sa 09:00-18:00", "24/7", "Mo-Fr 09:00-18:00; Sa 10:00-16:00", "Mo-Su 10:00-22:00", "Mo-Fr 08:00-17:00",
		"Mo-Sa 10:00-20:00; Su 11:00-17:00", "Mo-Su 07:00-23:00", "Tu-Su 12:00-15:00,17:30-22:30", "Mo-Su 17:00-02:00",
	}
	known := map[string]bool{}
	for _, h := range list {
		known[h] = true
	}
	for len(list) < n {
		if h := manners[r.IntN(len(manners))](clock(r, 12, 22), clock(r, 34, 48)); !known[h] {
			known[h] = true
			list = append(list, h)
		}
	}
	return list
}

// clock draws a time of day, in half hours from low to high.
func clock(r *rand.Rand, low, high int) string {
	half := low + r.IntN(high-low+1)
	return fmt.Sprintf("%02d:%02d", half/2, half%2*30)
}
