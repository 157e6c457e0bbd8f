package selection

import (
	"math"

	"outcry"
)

// sphereM is the mean radius of the earth in metres, that of outcry.Place.
const sphereM = 6_371_008.8

// vectorOf is a place as a unit vector from the middle of the earth. Each part
// is rounded to a float32, which moves the place by less than 0.5 m.
func vectorOf(p outcry.Place) [3]float32 {
	const rad = math.Pi / 180
	north, level := math.Sincos(p.Lat * rad)
	east, ahead := math.Sincos(p.Lon * rad)
	return [3]float32{float32(level * ahead), float32(level * east), float32(north)}
}

// chord2 is the square of the straight line between two places, where the
// earth's radius is 1.
func chord2(a, b [3]float32) float64 {
	x, y, z := float64(a[0])-float64(b[0]), float64(a[1])-float64(b[1]), float64(a[2])-float64(b[2])
	// The conversions keep each product rounded by itself, so that every machine
	// gives the same.
	return float64(x*x) + float64(y*y) + float64(z*z)
}

// metres is the way over the ground for the square of a straight line: within 1
// m of Place.DistanceM, and up to 10 km where that is almost half round the
// globe.
func metres(chord2 float64) float64 {
	return 2 * sphereM * math.Asin(min(1, math.Sqrt(chord2)/2))
}

// chord2Of is what chord2 is for a way over the ground: 4, the most there is,
// for half round the globe and more.
func chord2Of(metres float64) float64 {
	half := metres / (2 * sphereM)
	if !(half < math.Pi/2) {
		return 4
	}
	s := math.Sin(max(0, half))
	return 4 * s * s
}
