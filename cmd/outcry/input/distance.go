package input

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"outcry"
)

// Distance is a length in whole metres, written "3km", "800m" or "2mi"; a bare
// number is metres.
type Distance int

// units are the metres of each unit of length, the longer names first.
var units = []struct {
	name   string
	metres float64
}{{"km", 1000}, {"mi", 1609.344}, {"m", 1}, {"", 1}}

// UnmarshalText reads a distance from 1 m to half the way round the globe.
func (d *Distance) UnmarshalText(text []byte) error {
	s := strings.ToLower(strings.TrimSpace(string(text)))
	for _, u := range units {
		number, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		metres := math.Round(x * u.metres)
		if err != nil || !(metres >= 1 && metres <= outcry.MaxRadiusM) {
			break
		}
		*d = Distance(metres)
		return nil
	}
	return errors.New("write a distance above 0, for example 3km or 800m")
}

// String writes the distance for people: "850 m", "3 km", "4.2 km".
func (d Distance) String() string {
	switch {
	case d < 1000:
		return fmt.Sprintf("%d m", int(d))
	case d < 100_000 && d%1000 != 0:
		return strings.Replace(fmt.Sprintf("%.1f km", float64(d)/1000), ".0 ", " ", 1)
	}
	return fmt.Sprintf("%d km", (int(d)+500)/1000)
}
