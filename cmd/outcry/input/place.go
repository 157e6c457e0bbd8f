package input

import (
	"errors"
	"strconv"
	"strings"

	"outcry"
)

// Place is a place written "LAT,LON" in degrees, such as "55.95,-3.19".
type Place outcry.Place

var errPlace = errors.New("write a place as LAT,LON in degrees, for example 55.95,-3.19")

// UnmarshalText reads a place.
func (p *Place) UnmarshalText(text []byte) error {
	lat, lon, ok := strings.Cut(string(text), ",")
	x, errLat := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	y, errLon := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !ok || errLat != nil || errLon != nil {
		return errPlace
	}
	place := outcry.Place{Lat: x, Lon: y}
	var c outcry.Complaints
	place.Check(&c, "place")
	if len(c) > 0 {
		return errors.New(c[0].Message)
	}
	*p = Place(place)
	return nil
}
