package crowd

import (
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
)

// dice are the draws of one thing about number n: they depend on the seed, on
// what is drawn and on n alone.
func dice(seed uint64, what string, n int) *rand.Rand {
	h := seed ^ 0x9e3779b97f4a7c15
	for i := range len(what) {
		h = (h ^ uint64(what[i])) * 0x100000001b3
	}
	h = mix(mix(h) + uint64(n))
	return rand.New(rand.NewPCG(h, mix(h^0xa5a5))) //nolint:gosec // a crowd must come out the same again; it keeps no secret
}

// mix spreads a change of one bit over all of them (SplitMix64's last step).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// reader gives the bytes of a draw, for what reads its chance.
type reader struct{ r *rand.Rand }

// Read fills p; it never fails.
func (x reader) Read(p []byte) (int, error) {
	for i := 0; i < len(p); i += 8 {
		for v, j := x.r.Uint64(), i; j < min(i+8, len(p)); j++ {
			p[j] = byte(v)
			v >>= 8
		}
	}
	return len(p), nil
}

// weights draws an index by its weight: the sums of the weights so far.
type weights []float64

// draw draws an index.
func (w weights) draw(r *rand.Rand) int {
	return min(len(w)-1, sort.SearchFloat64s(w, r.Float64()*w[len(w)-1]))
}

// weighing makes weights of n figures.
func weighing(n int, of func(i int) float64) weights {
	w := make(weights, n)
	sum := 0.0
	for i := range w {
		sum += of(i)
		w[i] = sum
	}
	return w
}

// zipf draws a rank from 0 by Zipf's law.
type zipf = weights

func newZipf(n int, exponent float64) zipf {
	return weighing(n, func(i int) float64 { return math.Pow(float64(i+1), -exponent) })
}

// beta draws from Beta(a, b) for a and b up to 1, by Jöhnk's method.
func beta(r *rand.Rand, a, b float64) float64 {
	for {
		x, y := math.Pow(r.Float64(), 1/a), math.Pow(r.Float64(), 1/b)
		if sum := x + y; sum > 0 && sum <= 1 {
			return x / sum
		}
	}
}

// normal is the standard normal distribution function.
func normal(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

func digits(i int) string { return strconv.Itoa(i) }
