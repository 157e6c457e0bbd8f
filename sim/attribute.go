package sim

import (
	"math/rand/v2"
	"slices"
	"time"

	"outcry"
)

// asked are what buyers say of what they want, by the names that forms use. For
// each the form takes the first that it allows. All are made up.
func asked(r *rand.Rand, t trade, locale string, now time.Time) map[string][]any {
	pick := func(from ...any) []any { return []any{oneOf(r, from)} }
	soon := now.UTC().Truncate(time.Minute).Add(time.Duration(1+r.IntN(8)) * 15 * time.Minute)
	known := map[string][]any{
		"nights":      pick(1., 1., 1., 2., 3.),
		"guests":      pick(1., 2., 2., 2., 3., 4.),
		"people":      pick(2., 2., 2., 3., 4., 6.),
		"passengers":  pick(1., 1., 2., 3., 4.),
		"bags":        pick(0., 1., 2.),
		"size":        {float64(36 + r.IntN(11)), oneOf(r, []any{"S", "M", "L", "40"})},
		"size_system": {"eu"},
		"pieces":      pick(1., 2., 3., 5.),
		"stems":       pick(7., 9., 11., 15., 21.),
		"bicycles":    {1.},
		"check_in":    {soon.Format(time.DateOnly)},
		"fault":       {say(r, "want."+t.group, locale)},
	}
	if t.group != "room" && r.Float64() < 0.3 {
		known["time"] = []any{soon.Format(time.RFC3339)}
	}
	return known
}

// offered are what shops say of what they offer, by the names that forms use: at
// is when the buyer can have it, nil at once. Prices are for all that is asked.
func offered(r *rand.Rand, by outcry.Shop, now time.Time, at *time.Time) map[string][]any {
	ready, wait := now, 0.
	if at != nil {
		ready, wait = *at, float64(max(0, at.Sub(now))/time.Minute)
	}
	brings := slices.Contains(by.Capabilities, outcry.Deliver)
	return map[string][]any{
		"price_is_for":      {"stay", "all", "table", "meal"},
		"hourly":            {false},
		"fixed_price":       {true},
		"call_out_included": {true},
		"parts_included":    {true},
		"vehicle":           {"car"},
		"arrives_in_min":    {wait},
		"ready_at":          {ready.UTC().Truncate(time.Second).Format(time.RFC3339)},
		"deliver":           {brings},
		"collect":           {brings},
		"check_in_from":     {oneOf(r, []any{"14:00", "15:00", "16:00"})},
		"check_out_by":      {oneOf(r, []any{"10:00", "11:00", "12:00"})},
		"in_stock":          {float64(1 + r.IntN(12)), true},
		"returns_days":      {oneOf(r, []any{14., 30.})},
		"warranty_months":   {oneOf(r, []any{6., 12., 24.})},
	}
}
