package sim

import "math/rand/v2"

// Dice are the draws of one decision. They depend only on the seed, on what is
// decided, on whom it concerns and on how often that was decided before: so a
// market comes out the same whatever else happens in between.
func Dice(seed uint64, what, who string, n int) *rand.Rand {
	h := seed ^ 0x9e3779b97f4a7c15
	for _, s := range []string{what, who} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 0x100000001b3
		}
		h = mix(h)
	}
	h = mix(h + uint64(n))
	return rand.New(rand.NewPCG(h, mix(h))) //nolint:gosec // a simulation must come out the same again; it keeps no secret
}

// mix spreads a change of one bit over all of them (SplitMix64's last step).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// oneOf draws an item, each as likely; the zero value of none.
func oneOf[T any](r *rand.Rand, items []T) T {
	var none T
	if len(items) == 0 {
		return none
	}
	return items[r.IntN(len(items))]
}

// between draws from low to high, both included.
func between(r *rand.Rand, low, high int) int {
	if high <= low {
		return low
	}
	return low + r.IntN(high-low+1)
}

// reader gives the bytes of a draw, for what reads its chance.
type reader struct{ r *rand.Rand }

// Read fills p; it never fails.
func (x reader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(x.r.Uint32())
	}
	return len(p), nil
}
