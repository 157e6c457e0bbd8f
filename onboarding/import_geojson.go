package onboarding

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"outcry"
)

// feature is a GeoJSON feature (RFC 7946).
type feature struct {
	ID         any            `json:"id"`
	Properties map[string]any `json:"properties"`
	Geometry   *geometry      `json:"geometry"`
}

type geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometries  []geometry      `json:"geometries"`
}

// geoRows gives the features of a FeatureCollection as rows, one after another
// as they are read.
func geoRows(t text) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		d := json.NewDecoder(t)
		d.UseNumber()
		if err := readCollection(d, yield); err != nil {
			yield(row{}, err)
		}
	}
}

// readCollection reads the members of the collection's object; the error is
// nil when whoever takes the rows wants no more.
func readCollection(d *json.Decoder, yield func(row, error) bool) error {
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return notCollection(err)
	}
	found := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return brokenJSON(err, 0)
		}
		if key != "features" {
			if err := d.Decode(new(json.RawMessage)); err != nil {
				return brokenJSON(err, 0)
			}
			continue
		}
		found = true
		if start, err := d.Token(); err != nil || start != json.Delim('[') {
			return notCollection(err)
		}
		if on, err := readFeatures(d, yield); err != nil || !on {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return brokenJSON(err, 0)
	}
	if !found {
		return notCollection(nil)
	}
	return nil
}

func readFeatures(d *json.Decoder, yield func(row, error) bool) (on bool, err error) {
	n := 0
	for d.More() {
		n++
		var f feature
		r := row{n: n}
		err := d.Decode(&f)
		var wrong *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrong):
			r.broken = fmt.Sprintf("this is no feature of GeoJSON: a %s stands where none may (%s); see RFC 7946", wrong.Value, clip(wrong.Field))
		case err != nil:
			return false, brokenJSON(err, n)
		default:
			r.values = f.values()
			r.place, r.broken = f.Geometry.place()
		}
		if !yield(r, nil) {
			return false, nil
		}
	}
	if _, err = d.Token(); err != nil {
		return false, brokenJSON(err, n)
	}
	return true, nil
}

func notCollection(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		return brokenJSON(err, 0)
	}
	return outcry.BadField("file", "this is no GeoJSON FeatureCollection; send one, or CSV with a line of headings")
}

// brokenJSON is the error of a file that is not JSON to its end.
func brokenJSON(err error, n int) error {
	var known *outcry.Error
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &outcry.Error{Op: "read file", Kind: outcry.Invalid, Code: "broken_file", Err: err,
			Msg: fmt.Sprintf("the file breaks off behind feature %d; send it again", max(0, n-1))}
	case errors.As(err, &syntax):
		return &outcry.Error{Op: "read file", Kind: outcry.Invalid, Code: "broken_file", Err: err,
			Msg: fmt.Sprintf("the file is no JSON any more at byte %d, behind feature %d: %s", syntax.Offset, max(0, n-1), syntax)}
	}
	return unreadable(err)
}

// values are the feature's properties as texts, those inside "tags" too, and
// its id.
func (f feature) values() map[string]string {
	values := map[string]string{}
	addValues(values, f.Properties)
	if tags, ok := f.Properties["tags"].(map[string]any); ok {
		addValues(values, tags)
	}
	if id := textOf(f.ID); id != "" && values["id"] == "" && values["@id"] == "" {
		values["id"] = id
	}
	return values
}

func addValues(to map[string]string, properties map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if key, value := keyOf(tidy(name)), textOf(properties[name]); key != "" && value != "" && to[key] == "" {
			to[key] = value
		}
	}
}

// textOf is a property as text; that of a list its values behind each other.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return tidy(v)
	case json.Number:
		return v.String()
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case []any:
		var each []string
		for _, one := range v {
			if _, list := one.([]any); !list {
				if text := textOf(one); text != "" {
					each = append(each, text)
				}
			}
		}
		return tidy(strings.Join(each, "; "))
	}
	return ""
}

// place is where a geometry is: a point's place, the centroid of any other's
// first ring or line. It is nil where there is none.
func (g *geometry) place() (at *outcry.Place, broken string) {
	if g == nil {
		return nil, ""
	}
	if len(g.Geometries) > 0 {
		return g.Geometries[0].place()
	}
	var v any
	if json.Unmarshal(g.Coordinates, &v) != nil {
		return nil, "its geometry has no coordinates; see RFC 7946"
	}
	ring := firstRing(v)
	if len(ring) == 0 {
		return nil, fmt.Sprintf("its geometry (%s) has no coordinates that can be read; see RFC 7946", clip(g.Type))
	}
	middle := centroid(ring)
	return &middle, ""
}

// firstRing gives the first list of positions within coordinates; a position
// alone is a list of one.
func firstRing(v any) []outcry.Place {
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil
	}
	if at, ok := position(list); ok {
		return []outcry.Place{at}
	}
	var ring []outcry.Place
	for _, one := range list {
		inner, _ := one.([]any)
		at, ok := position(inner)
		if !ok {
			return firstRing(list[0])
		}
		ring = append(ring, at)
	}
	return ring
}

// position reads longitude, latitude and perhaps more.
func position(list []any) (outcry.Place, bool) {
	if len(list) < 2 {
		return outcry.Place{}, false
	}
	lon, ok1 := list[0].(float64)
	lat, ok2 := list[1].(float64)
	return outcry.Place{Lat: lat, Lon: lon}, ok1 && ok2
}

// centroid is the middle of a ring's area, by the shoelace formula; of a line
// or a ring without area, of its positions.
func centroid(ring []outcry.Place) outcry.Place {
	var area, lat, lon, sumLat, sumLon float64
	from := ring[0]
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		ax, ay, bx, by := a.Lon-from.Lon, a.Lat-from.Lat, b.Lon-from.Lon, b.Lat-from.Lat
		cross := ax*by - bx*ay
		area += cross / 2
		lon += (ax + bx) * cross
		lat += (ay + by) * cross
		sumLat, sumLon = sumLat+a.Lat, sumLon+a.Lon
	}
	if n := float64(len(ring)); area == 0 {
		return outcry.Place{Lat: sumLat / n, Lon: sumLon / n}
	}
	return outcry.Place{Lat: from.Lat + lat/(6*area), Lon: from.Lon + lon/(6*area)}
}
