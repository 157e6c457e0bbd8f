package onboarding

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"outcry"
)

// placeOf finds where a row's shop is, or says why it is nowhere.
func (p Plan) placeOf(r row) (outcry.Place, string) {
	at := r.place
	if at == nil {
		lat, _ := p.get(r, "lat")
		lon, _ := p.get(r, "lon")
		if lat == "" && lon == "" {
			text, _ := p.get(r, "place")
			if text == "" {
				return outcry.Place{}, "it has no place; write lat and lon"
			}
			both, ok := readPoint(text)
			if !ok {
				return outcry.Place{}, fmt.Sprintf("the place %q cannot be read; write lat,lon or POINT(lon lat)", clip(text))
			}
			at = &both
		} else {
			y, okY := readDegrees(lat, "NS")
			x, okX := readDegrees(lon, "EW")
			if !okY || !okX {
				return outcry.Place{}, fmt.Sprintf("the place %q, %q cannot be read; write degrees such as 55.95 and -3.19", clip(lat), clip(lon))
			}
			at = &outcry.Place{Lat: y, Lon: x}
		}
	}
	return *at, nowhere(*at)
}

// nowhere says why nothing can be at a place.
func nowhere(at outcry.Place) string {
	var bad outcry.Complaints
	at.Check(&bad, "place")
	switch {
	case len(bad) == 0 && at == (outcry.Place{}):
		return "its place is 0, 0, which stands for none; write where it is"
	case len(bad) == 0:
		return ""
	}
	bad = nil
	if (outcry.Place{Lat: at.Lon, Lon: at.Lat}).Check(&bad, "place"); len(bad) == 0 {
		return fmt.Sprintf("the place %g, %g is off the globe; it looks as if latitude and longitude were exchanged", at.Lat, at.Lon)
	}
	return fmt.Sprintf("the place %g, %g is off the globe; write degrees (WGS 84), not metres of a map grid", at.Lat, at.Lon)
}

// readDegrees reads "55.95", "-3,19", "3.19 W" or "55.95°". hemispheres are the
// letter for plus and the one for minus.
func readDegrees(s, hemispheres string) (float64, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	sign := 1.0
	for i, h := range []float64{1, -1} {
		if cut, ok := strings.CutSuffix(s, hemispheres[i:i+1]); ok {
			s, sign = cut, h
		} else if cut, ok := strings.CutPrefix(s, hemispheres[i:i+1]); ok {
			s, sign = cut, h
		}
	}
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "°"))
	s = strings.ReplaceAll(s, "−", "-")
	if !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	x, err := strconv.ParseFloat(s, 64)
	return sign * x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// readPoint reads both degrees from one value: "55.95, -3.19", "55.95 -3.19",
// or, the other way round as its makers have it, "POINT (-3.19 55.95)".
func readPoint(s string) (outcry.Place, bool) {
	s = strings.TrimSpace(s)
	upper := strings.ToUpper(s)
	turned := false
	if at := strings.Index(upper, "POINT"); at >= 0 { // also "SRID=4326;POINT(...)"
		s, turned = strings.TrimSpace(s[at+len("POINT"):]), true
	}
	s = strings.Trim(s, "()[]{} ")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ';' || r == ',' })
	if len(parts) == 4 && strings.Count(s, ",") >= 2 { // decimal commas: "55,95 -3,19"
		parts = []string{parts[0] + "." + parts[1], parts[2] + "." + parts[3]}
	}
	if len(parts) != 2 {
		return outcry.Place{}, false
	}
	if turned {
		parts[0], parts[1] = parts[1], parts[0]
	}
	lat, ok1 := readDegrees(parts[0], "NS")
	lon, ok2 := readDegrees(parts[1], "EW")
	return outcry.Place{Lat: lat, Lon: lon}, ok1 && ok2
}

// readMetres reads a radius: "3000", "3 km", "500 m"; km says that the column
// is in kilometres.
func readMetres(s string, km bool) (int, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if cut, ok := strings.CutSuffix(s, "km"); ok {
		s, km = cut, true
	} else if cut, ok := strings.CutSuffix(s, "m"); ok {
		s, km = cut, false
	}
	x, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(s), ",", ".", 1), 64)
	if km {
		x *= 1000
	}
	if err != nil || !(x >= 1 && x <= outcry.MaxRadiusM) {
		return 0, false
	}
	return int(math.Round(x)), true
}
