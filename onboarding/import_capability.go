package onboarding

import (
	"slices"
	"strings"

	"outcry"
)

// byAppointment are kinds of shops that keep a time for a customer.
var byAppointment = []string{
	"osm:shop=hairdresser", "osm:shop=beauty", "osm:shop=massage", "osm:shop=tattoo", "osm:shop=optician", "osm:shop=bridal",
	"osm:shop=hearing_aids", "osm:shop=car_repair", "osm:shop=bicycle", "osm:shop=tailor", "osm:shop=funeral_directors",
	"osm:shop=travel_agency", "osm:shop=pet_grooming", "osm:shop=rental",
}

// visiting are kinds of shops that come to the customer.
var visiting = []string{"osm:shop=locksmith", "osm:shop=glaziery", "osm:shop=window_blind", "osm:shop=security", "osm:office=moving_company"}

// takeaways are places that also hand out what they serve.
var takeaways = []string{"osm:amenity=fast_food", "osm:amenity=cafe", "osm:amenity=ice_cream", "osm:amenity=restaurant", "osm:amenity=pharmacy", "osm:amenity=fuel"}

// capabilitiesOf are what a row's shop can do: as it says, as the plan says for
// all, else as shops of its kinds do, with what its tags add or take away.
func (t *taker) capabilitiesOf(r row, out *taken, kinds []outcry.Code) []outcry.Capability {
	var can []outcry.Capability
	text, _ := t.plan.get(r, "capabilities")
	for _, one := range parts(strings.ToLower(text), ";,| ") {
		if c := outcry.Capability(one); slices.Contains(outcry.Capabilities, c) {
			can = append(can, c)
		} else {
			out.note("the capability %q is none and was left out; write any of %v", clip(one), outcry.Capabilities)
		}
	}
	for _, one := range t.plan.Capabilities {
		if len(text) == 0 {
			can = append(can, outcry.Capability(one))
		}
	}
	if len(can) == 0 {
		for _, kind := range kinds {
			can = append(can, capabilitiesOf(kind)...)
		}
		can = tagged(r, can)
	}
	slices.Sort(can)
	return slices.Compact(can)
}

// capabilitiesOf are what shops of a kind do: places where one stays or sits
// reserve, trades visit, the others hand out what they sell.
func capabilitiesOf(kind outcry.Code) []outcry.Capability {
	is := func(kinds []string) bool {
		return slices.ContainsFunc(kinds, func(k string) bool {
			return string(kind) == k || strings.HasPrefix(string(kind), k+".")
		})
	}
	group, _, _ := strings.Cut(string(kind), "=")
	switch {
	case is(visiting):
		return []outcry.Capability{outcry.Visit, outcry.Pickup}
	case is(byAppointment):
		return []outcry.Capability{outcry.Pickup, outcry.Reserve}
	case is(takeaways):
		return []outcry.Capability{outcry.Pickup, outcry.Reserve}
	}
	switch group {
	case "osm:craft":
		return []outcry.Capability{outcry.Visit, outcry.Pickup}
	case "osm:amenity", "osm:leisure", "osm:tourism", "osm:healthcare", "osm:office":
		return []outcry.Capability{outcry.Reserve}
	}
	return []outcry.Capability{outcry.Pickup}
}

// tagged adds and takes away what tags of OpenStreetMap say.
func tagged(r row, can []outcry.Capability) []outcry.Capability {
	for _, tag := range []struct {
		key string
		can outcry.Capability
	}{
		{"delivery", outcry.Deliver}, {"takeaway", outcry.Pickup}, {"reservation", outcry.Reserve},
	} {
		switch strings.ToLower(r.values[tag.key]) {
		case "yes", "only", "required", "recommended":
			can = append(can, tag.can)
		case "no":
			can = slices.DeleteFunc(can, func(c outcry.Capability) bool { return c == tag.can })
		}
	}
	if len(can) == 0 {
		return []outcry.Capability{outcry.Pickup}
	}
	return can
}
