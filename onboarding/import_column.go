package onboarding

import "slices"

// Fields are what a plan may name columns for.
var Fields = []string{
	"id", "name", "place", "lat", "lon", "kind", "codes", "hours", "time_zone", "radius", "contact",
	"languages", "price_level", "capabilities", "address", "brand", "operator",
}

// headings are the keys under which a field is looked for, the best first.
var headings = map[string][]string{
	"id": {"id", "@id", "osm_id", "ref", "shop_id", "store_id", "place_id", "uid", "gid", "fid", "identifier", "external_id"},
	"name": {
		"name", "title", "shop_name", "shopname", "store_name", "storename", "business_name", "trading_name", "company_name",
		"name:en", "display_name", "label", "company",
	},
	"place": {"place", "location", "coordinates", "coords", "coordinate", "latlng", "latlon", "lat_lng", "lat_lon", "lat,lon", "lat,lng", "geo_point", "geo_point_2d", "geopoint", "geometry", "geom", "wkt", "the_geom", "position", "point"},
	"lat":   {"lat", "latitude", "y", "@lat", "geo_lat", "lat_wgs84", "latitud", "breitengrad", "위도", "緯度"},
	"lon":   {"lon", "lng", "long", "longitude", "x", "@lon", "geo_lon", "geo_lng", "lon_wgs84", "longitud", "längengrad", "laengengrad", "경도", "経度"},
	"kind": {
		"kind", "category", "type", "shop_type", "store_type", "business_type", "shop_kind", "shop_category", "business_category", "categories",
		"main_category", "primary_category", "sector", "industry", "trade_type", "kategorie", "categoría", "categoria", "업종", "業種",
	},
	"codes":        {"codes", "signals", "signal", "signal_code", "signal_codes"},
	"hours":        {"opening_hours", "hours", "opening_times", "openinghours", "open_hours", "business_hours", "opening", "öffnungszeiten", "horario", "영업시간", "営業時間"},
	"time_zone":    {"time_zone", "timezone", "tz"},
	"radius":       {"service_radius_m", "radius_m", "service_radius", "radius", "delivery_radius", "radius_km", "service_radius_km", "delivery_radius_km"},
	"contact":      {"contact"},
	"languages":    {"languages", "language", "langs", "spoken_languages"},
	"price_level":  {"price_level", "pricelevel", "price_range", "price_tier"},
	"capabilities": {"capabilities"},
	"address":      {"address", "addr:full", "full_address", "street_address", "formatted_address"},
	"brand":        {"brand"},
	"operator":     {"operator"},
}

// contactKeys have ways to reach a shop, the best first.
var contactKeys = []string{
	"phone", "contact:phone", "telephone", "tel", "phone_number", "mobile", "contact:mobile", "email", "contact:email", "e_mail", "mail",
	"website", "contact:website", "url", "web", "homepage",
}

// kindKeys are the tags by which OpenStreetMap says what a place is.
var kindKeys = []string{"shop", "craft", "amenity", "office", "leisure", "tourism", "healthcare"}

// formerly marks what a place once was.
var formerly = []string{"disused:", "abandoned:", "was:", "removed:", "demolished:", "razed:", "closed:", "former:", "vacant:"}

// kindKeys are the columns whose headings are tags that say what a place is,
// but for those that the plan takes for another field.
func (p Plan) kindKeys() []string {
	return slices.DeleteFunc(slices.Clone(kindKeys), func(key string) bool {
		for ours, theirs := range p.Columns {
			if theirs == key && ours != "kind" {
				return true
			}
		}
		return false
	})
}

// keys are where a field is looked for: the plan's column alone, if it names
// one.
func (p Plan) keys(field string) []string {
	if theirs, given := p.Columns[field]; given {
		return []string{theirs}
	}
	return headings[field]
}

// has gives those of the columns that have a field.
func (p Plan) has(field string, columns []string) []string {
	var found []string
	for _, k := range p.keys(field) {
		if slices.Contains(columns, k) {
			found = append(found, k)
		}
	}
	return found
}

// get is the first value that a row has of a field, and its column.
func (p Plan) get(r row, field string) (value, key string) {
	for _, k := range p.keys(field) {
		if v := r.values[k]; v != "" {
			return v, k
		}
	}
	return "", ""
}
