package outcry

import "math"

// Place is a point on the globe, WGS 84, in degrees.
type Place struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// earthRadiusM is the mean radius of the earth, in metres (IUGG: R1 of GRS 80).
const earthRadiusM = 6_371_008.8

// cellDegrees is the height of a place cell: a hundredth of a degree of
// latitude is 1.11 km.
const cellDegrees = 0.01

// MaxRadiusM bounds the radius of a request and of a shop's service area, in
// metres: half the way round the globe.
const MaxRadiusM = 20_037_508

// Check notes in c what is wrong with the place that stands at location.
func (p Place) Check(c *Complaints, location string) {
	if !(p.Lat >= -90 && p.Lat <= 90) {
		c.Add(location+".lat", "write a latitude from -90 to 90 degrees, for example 55.95")
	}
	if !(p.Lon >= -180 && p.Lon <= 180) {
		c.Add(location+".lon", "write a longitude from -180 to 180 degrees, for example -3.19")
	}
}

// CheckRadius notes in c what is wrong with a radius in metres at location.
func CheckRadius(c *Complaints, location string, metres int) {
	if metres < 1 || metres > MaxRadiusM {
		c.Add(location, "write a whole number of metres from 1 to %d, for example 3000", MaxRadiusM)
	}
}

// DistanceM is the great-circle distance to q in metres, by the haversine
// formula on a sphere (within 0.6 % of the ellipsoid). It holds across the
// antimeridian and at the poles.
func (p Place) DistanceM(q Place) float64 {
	const rad = math.Pi / 180
	dLat, dLon := (q.Lat-p.Lat)*rad, (q.Lon-p.Lon)*rad
	a, b := math.Sin(dLat/2), math.Sin(dLon/2)
	h := a*a + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*b*b
	return 2 * earthRadiusM * math.Asin(math.Sqrt(min(1, h)))
}

// Cell is the middle of the place cell that p lies in: about 1.1 km high and
// as wide, whatever the latitude. It is what shops learn of a buyer's place
// before a deal; distances told to them are measured from it too, since exact
// ones from three shops would give the place away.
func (p Place) Cell() Place {
	row := math.Floor(p.Lat / cellDegrees)
	lat := min(90, (row+0.5)*cellDegrees)
	// All places of a row share one width, so that the cell's own middle lies
	// in the same cell.
	width := cellDegrees / max(math.Cos(lat*math.Pi/180), 0.001)
	lon := (math.Floor(p.Lon/width) + 0.5) * width
	return Place{Lat: round6(lat), Lon: round6(max(-180, min(180, lon)))}
}

// round6 keeps six decimals: a tenth of a metre.
func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }
