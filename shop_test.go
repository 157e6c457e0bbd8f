package outcry_test

import (
	"math"
	"testing"

	"outcry"
)

func TestRating_FewVoicesWeighLittle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rating outcry.Rating
		want   float64
	}{
		{outcry.Rating{}, 4},
		{outcry.Rating{Stars: 5, Count: 1}, 25. / 6},
		{outcry.Rating{Stars: 1, Count: 1}, 21. / 6},
		{outcry.Rating{Stars: 25, Count: 5}, 4.5},
		{outcry.Rating{Stars: 5000, Count: 1000}, 5020. / 1005},
	} {
		if got := c.rating.Mean(); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v has the mean %v, want %v", c.rating, got, c.want)
		}
	}
}
