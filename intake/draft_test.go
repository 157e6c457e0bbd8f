package intake_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/intake"
)

// draft is one that nothing is wrong with.
func draft() intake.Draft {
	return intake.Draft{
		Code: new("osm:shop=bakery"), Place: &outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: new(3000), DeadlineS: new(60.0),
	}
}

func TestCheck_Defaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		ask, err := d.Check(t.Context(), draft())
		if err != nil {
			t.Fatal(err)
		}
		if ask.Quantity != 1 || ask.Wanted != 3 || ask.Rank != outcry.RankBest || ask.Locale != "en" || ask.RadiusM != 3000 ||
			!ask.Deadline.Equal(time.Now().Add(time.Minute)) || ask.NeededAt != nil || ask.Budget != nil || len(ask.Attributes) != 0 || ask.LeastRating != 0 {
			t.Errorf("the ask is %+v", ask)
		}
	})
}

func TestCheck_TakesWhatIsGiven(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		seoul := time.FixedZone("KST", 9*3600)
		deadline, needed := time.Now().Add(time.Hour+1234567), time.Now().Add(400*24*time.Hour)
		full := intake.Draft{
			Words: new("  빵 "), Locale: "KO", Attributes: json.RawMessage(`{"slices": 2}`), Quantity: new(1_000_000), Note: "two\nlines",
			Budget: &outcry.Money{Amount: 0, Currency: "KRW"}, Place: &outcry.Place{Lat: -90, Lon: 180}, RadiusM: new(1),
			NeededAt: new(needed.In(seoul)), Deadline: new(deadline.In(seoul)), Wanted: new(50), Accepts: new(50), Rank: new("soon"),
			Languages: []string{"EN", "en", "pt-br"}, Capabilities: []string{"deliver", "deliver", "reserve"}, LeastRating: new(4.5),
		}
		ask, err := d.Check(t.Context(), full)
		if err != nil {
			t.Fatal(err)
		}
		if ask.Code != "osm:shop=bread" || ask.Words != "빵" || ask.Locale != "ko" || ask.Wanted != 50 || ask.Rank != outcry.RankSoon ||
			!ask.Deadline.Equal(deadline.Truncate(time.Millisecond)) || ask.Deadline.Location() != time.UTC || !ask.NeededAt.Equal(needed) {
			t.Errorf("the ask is %+v", ask)
		}
		if !slices.Equal(ask.Languages, []string{"en", "pt-BR"}) || !slices.Equal(ask.Needs, []outcry.Capability{outcry.Deliver, outcry.Reserve}) {
			t.Errorf("languages %q, needs %q", ask.Languages, ask.Needs)
		}
		if ask.LeastRating != 4.5 {
			t.Errorf("the least rating is %g", ask.LeastRating)
		}
	})
}

func TestCheck_TellsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.Check(t.Context(), intake.Draft{})
	wantsFaults(t, err, "body.code", "body.place", "body.radius_m", "body.deadline_s")
	_, err = d.Check(t.Context(), intake.Draft{
		Code: new("osm:shop=bread"), Attributes: json.RawMessage(`{}`), Quantity: new(0), Wanted: new(51), Accepts: new(0),
		Note: strings.Repeat("é", 1001), Budget: &outcry.Money{Amount: -1, Currency: "gbp"}, Place: &outcry.Place{Lat: 91, Lon: math.NaN()},
		RadiusM: new(1_000_000_000), NeededAt: new(time.Now().Add(-time.Hour)), Deadline: new(time.Now()), Rank: new("cheap"),
		Languages: []string{"en", "!"}, Capabilities: []string{"teleport"}, Locale: "??", LeastRating: new(-1.0),
	})
	wantsFaults(t, err, "body.attributes.slices", "body.quantity", "body.wanted_offers", "body.accepts", "body.note", "body.budget.max.amount",
		"body.budget.max.currency", "body.place.lat", "body.place.lon", "body.radius_m", "body.needed_at", "body.deadline", "body.rank",
		"body.languages[1]", "body.capabilities[0]", "body.locale", "body.least_rating")
}

func TestCheck_Faults(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, c := range map[string]struct {
		change   func(*intake.Draft)
		location string
		says     string
	}{
		"code and words":       {func(d *intake.Draft) { d.Words = new("bread") }, "body.code", "either"},
		"no code at all":       {func(d *intake.Draft) { d.Code = new("bakery") }, "body.code", "scheme:id"},
		"an unknown code":      {func(d *intake.Draft) { d.Code = new("osm:shop=bakry") }, "body.code", "is it one of osm:shop=bakery?"},
		"a strange code":       {func(d *intake.Draft) { d.Code = new("x:y") }, "body.code", "GET /v1/signals"},
		"a replaced code":      {func(d *intake.Draft) { d.Code = new("osm:shop=ironmonger") }, "body.code", "write osm:shop=hardware"},
		"a retired code":       {func(d *intake.Draft) { d.Code = new("osm:shop=telegraph") }, "body.code", "retired"},
		"unknown words":        {func(d *intake.Draft) { d.Code, d.Words = nil, new("qwrtz") }, "body.words", "nothing is known"},
		"no words":             {func(d *intake.Draft) { d.Code, d.Words = nil, new(" ") }, "body.words", "1 to 200"},
		"many words":           {func(d *intake.Draft) { d.Code, d.Words = nil, new(strings.Repeat("a", 201)) }, "body.words", "1 to 200"},
		"words with NUL":       {func(d *intake.Draft) { d.Code, d.Words = nil, new("a\x00") }, "body.words", "1 to 200"},
		"a note with NUL":      {func(d *intake.Draft) { d.Note = "a\x00" }, "body.note", "1000"},
		"a note of no UTF-8":   {func(d *intake.Draft) { d.Note = "a\xff" }, "body.note", "1000"},
		"radius 0":             {func(d *intake.Draft) { d.RadiusM = new(0) }, "body.radius_m", "metres"},
		"two deadlines":        {func(d *intake.Draft) { d.Deadline = new(time.Now().Add(time.Hour)) }, "body.deadline_s", "either"},
		"0 seconds":            {func(d *intake.Draft) { d.DeadlineS = new(0.0) }, "body.deadline_s", "seconds"},
		"not a number":         {func(d *intake.Draft) { d.DeadlineS = new(math.NaN()) }, "body.deadline_s", "seconds"},
		"without end":          {func(d *intake.Draft) { d.DeadlineS = new(math.Inf(1)) }, "body.deadline_s", "seconds"},
		"beyond 30 days":       {func(d *intake.Draft) { d.DeadlineS = new(30*86400 + 1.0) }, "body.deadline_s", "30 days"},
		"a deadline too late":  {func(d *intake.Draft) { d.DeadlineS, d.Deadline = nil, new(time.Now().Add(721*time.Hour)) }, "body.deadline", "30 days"},
		"a deadline long past": {func(d *intake.Draft) { d.DeadlineS, d.Deadline = nil, new(time.Time{}) }, "body.deadline", "from now"},
		"needed too late":      {func(d *intake.Draft) { d.NeededAt = new(time.Now().Add(401 * 24 * time.Hour)) }, "body.needed_at", "400 days"},
		"eleven languages":     {func(d *intake.Draft) { d.Languages = slices.Repeat([]string{"en"}, 11) }, "body.languages", "at most 10"},
		"nine capabilities":    {func(d *intake.Draft) { d.Capabilities = slices.Repeat([]string{"visit"}, 9) }, "body.capabilities", "once"},
		"half a star":          {func(d *intake.Draft) { d.LeastRating = new(0.5) }, "body.least_rating", "1 to 5"},
		"six stars":            {func(d *intake.Draft) { d.LeastRating = new(5.01) }, "body.least_rating", "1 to 5"},
		"no number of stars":   {func(d *intake.Draft) { d.LeastRating = new(math.NaN()) }, "body.least_rating", "1 to 5"},
		"a currency of none":   {func(d *intake.Draft) { d.Budget = &outcry.Money{Amount: 1, Currency: "XTS"} }, "body.budget.max.currency", "ISO 4217"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := draft()
			c.change(&bad)
			_, err := d.Check(t.Context(), bad)
			wantsFaults(t, err, c.location)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want it to say %q", err, c.says)
			}
		})
	}
}

func TestCheck_AttributesOfNullAreNone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	null := draft()
	null.Attributes = json.RawMessage(" null ")
	if ask, err := d.Check(t.Context(), null); err != nil || ask.Attributes != nil {
		t.Errorf("attributes %s, %v", ask.Attributes, err)
	}
}

func TestCheck_TellsAFaultOfTheForms(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	broken := draft()
	broken.Attributes = json.RawMessage(`"broken"`)
	_, err := d.Check(t.Context(), broken)
	wants(t, err, outcry.Internal, "internal")
}
