package directory_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/directory"
)

// fields are the complaints of an Invalid error by their places.
func fields(t *testing.T, err error) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err == nil {
		return out
	}
	e, ok := errors.AsType[*outcry.Error](err)
	if !ok || e.Kind != outcry.Invalid {
		t.Fatalf("got %v, want an invalid error", err)
	}
	for _, f := range e.Fields {
		out[f.Location] = f.Message
	}
	return out
}

func TestCheckForm_TellsEachFieldInPlainWords(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	for _, c := range []struct {
		code       outcry.Code
		side       directory.Side
		attributes string
		where      string // "" for right
		message    string // a part of it
	}{
		{"osm:tourism=hotel", directory.RequestSide, `{"nights": 2, "guests": 2, "check_in": "2026-12-24", "breakfast": true}`, "", ""},
		{"osm:tourism=hotel", directory.RequestSide, `{}`, "", ""},
		{"osm:tourism=hotel", directory.RequestSide, ``, "", ""},
		{"osm:tourism=hotel", directory.RequestSide, `null`, "", ""},
		{"osm:tourism=hotel", directory.RequestSide, `{"nights": 0}`, "nights", "write a whole number from 1 to 60"},
		{"osm:tourism=hotel", directory.RequestSide, `{"nights": 61}`, "nights", "write a whole number from 1 to 60"},
		{"osm:tourism=hotel", directory.RequestSide, `{"nights": 1.5}`, "nights", "write a whole number from 1 to 60"},
		{"osm:tourism=hotel", directory.RequestSide, `{"nights": "two"}`, "nights", "write a whole number from 1 to 60"},
		{"osm:tourism=hotel", directory.RequestSide, `{"nights": null}`, "nights", "write a whole number from 1 to 60"},
		{"osm:tourism=hotel", directory.RequestSide, `{"check_in": "24.12.2026"}`, "check_in", "write a date as 2026-05-31"},
		{"osm:tourism=hotel", directory.RequestSide, `{"check_in": "2026-02-30"}`, "check_in", "write a date as 2026-05-31"},
		{"osm:tourism=hotel", directory.RequestSide, `{"beds": "water"}`, "beds", "write one of any, single, twin"},
		{"osm:tourism=hotel", directory.RequestSide, `{"breakfast": "yes"}`, "breakfast", "write true or false"},
		{"osm:tourism=hotel", directory.RequestSide, `{"night": 1}`, "night", "the form does not have this; it has beds, breakfast, check_in"},
		{"osm:tourism=hotel", directory.OfferSide, `{"room": "Blue", "check_in_from": "15:00"}`, "", ""},
		{"osm:tourism=hotel", directory.OfferSide, `{"check_in_from": "3pm"}`, "check_in_from", "such as 15:00"},
		{"osm:tourism=hotel", directory.OfferSide, `{"nights": 2}`, "nights", "the form does not have this"},
		{"osm:shop=shoes", directory.RequestSide, `{"size": 42.5, "size_system": "eu"}`, "", ""},
		{"osm:shop=shoes", directory.RequestSide, `{"size": "42"}`, "size", "write a number from 1 to 400"},
		{"osm:craft=plumber", directory.RequestSide, `{"fault": "the boiler is cold", "urgency": "today"}`, "", ""},
		{"osm:craft=plumber", directory.RequestSide, `{"urgency": "yesterday"}`, "urgency", "write one of emergency, today"},
		{"osm:craft=plumber", directory.RequestSide, `{"fault": "x"}`, "fault", "write a text of 3 to 400 characters"},
		{"osm:amenity=restaurant", directory.RequestSide, `{"people": 4, "time": "2026-12-24T19:30:00Z", "diet": ["vegan"]}`, "", ""},
		{"osm:amenity=restaurant", directory.RequestSide, `{"time": "tonight"}`, "time", "write a date and time as 2026-05-31T15:04:05Z"},
		{"osm:amenity=restaurant", directory.RequestSide, `{"diet": ["vegan", "stones"]}`, "diet[1]", "write one of vegetarian, vegan"},
		{"osm:amenity=restaurant", directory.RequestSide, `{"diet": ["vegan", "vegan"]}`, "diet", "write a list of different values, at most 7"},
		{"osm:amenity=restaurant.cuisine=sushi", directory.RequestSide, `{"people": 0}`, "people", "write a whole number from 1 to 60"},
		{"osm:craft=caterer", directory.RequestSide, `{"hours": 1.3}`, "hours", "in steps of 0.5"},
	} {
		got := fields(t, d.CheckForm(c.code, c.side, []byte(c.attributes), "body.attributes"))
		if c.where == "" {
			if len(got) != 0 {
				t.Errorf("%s %s %s: complains %v", c.code, c.side, c.attributes, got)
			}
			continue
		}
		if m, ok := got["body.attributes."+c.where]; !ok || !strings.Contains(m, c.message) || len(got) != 1 {
			t.Errorf("%s %s %s: complains %v, want %q at %s", c.code, c.side, c.attributes, got, c.message, c.where)
		}
	}
}

func TestCheckForm_TellsAllThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	got := fields(t, d.CheckRequest("osm:tourism=hotel", []byte(`{"nights": 0, "guests": "many", "sauna": true}`), "body.attributes"))
	for _, at := range []string{"nights", "guests", "sauna"} {
		if got["body.attributes."+at] == "" {
			t.Errorf("nothing about %s in %v", at, got)
		}
	}
}

func TestCheckForm_NeverRepeatsWhatWasSent(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	for _, text := range []string{`{"nights": "hunter2"}`, `{"beds": "hunter2"}`, `{"check_in": "hunter2"}`, `{"hunter2 <b>": 1}`, `["hunter2"]`, `{"hunter2`} {
		err := d.CheckRequest("osm:tourism=hotel", []byte(text), "body.attributes")
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestCheckForm_WithoutAFormTakesFlatObjects(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	many := map[string]int{}
	for i := range 33 {
		many["k"+strings.Repeat("x", i)] = i
	}
	tooMany, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, where string }{
		{`{"colour": "blue", "pieces": 3, "gift": true}`, ""},
		{``, ""},
		{`{"nested": {"a": 1}}`, "body.attributes.nested"},
		{`{"list": [1]}`, "body.attributes.list"},
		{`{"nothing": null}`, "body.attributes.nothing"},
		{`{"long": "` + strings.Repeat("x", 201) + `"}`, "body.attributes.long"},
		{`{"digits": ` + strings.Repeat("9", 41) + `}`, "body.attributes"},
		{`{"digits": 1e999999999}`, "body.attributes"},
		{`{"": 1}`, "body.attributes"},
		{`{"a b": 1}`, "body.attributes"},
		{`[]`, "body.attributes"},
		{`"text"`, "body.attributes"},
		{`{"a": 1, "a": 2}`, "body.attributes"},
		{`{"a": "` + "\xff" + `"}`, "body.attributes"},
		{`{`, "body.attributes"},
		{string(tooMany), "body.attributes"},
		{`{"a": "` + strings.Repeat("x", 20_000) + `"}`, "body.attributes"},
	} {
		got := fields(t, d.CheckOffer("osm:shop=bakery", []byte(c.text), "body.attributes"))
		if c.where == "" && len(got) != 0 || c.where != "" && (got[c.where] == "" || len(got) != 1) {
			t.Errorf("%.60s: complains %v, want one at %q", c.text, got, c.where)
		}
	}
}

func TestForms_ComeFromTheNearestCodeAbove(t *testing.T) {
	t.Parallel()
	signals := shoes()
	for i := range signals {
		switch signals[i].Code {
		case "t:wear":
			signals[i].Forms = outcry.Forms{Request: []byte(`{"type":"object","title":"wear"}`), Offer: []byte(`{"type":"object","title":"wear"}`)}
		case "t:shoes":
			signals[i].Forms = outcry.Forms{Request: []byte(`{"type":"object","title":"shoes"}`)}
		}
	}
	tree := makeTree(t, signals)
	for code, want := range map[outcry.Code][2]string{
		"t:boots": {"shoes", "wear"}, "t:shoes": {"shoes", "wear"}, "t:hats": {"wear", "wear"}, "t:none": {"", ""},
	} {
		f := tree.Forms(code)
		if !strings.Contains(string(f.Request), want[0]) || !strings.Contains(string(f.Offer), want[1]) {
			t.Errorf("%s: %s and %s, want %v", code, f.Request, f.Offer, want)
		}
	}
}

func TestDefaultForms_StandOnCodesAndHoldBothSides(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, directory.DefaultSignals())
	forms := directory.DefaultForms()
	onTree := 0
	for code, f := range forms {
		if code.Scheme() == "osm" {
			s, ok := tree.Get(code)
			if !ok || !slices.Equal(s.Forms.Request, f.Request) || !slices.Equal(s.Forms.Offer, f.Offer) {
				t.Errorf("%s does not carry its forms", code)
			}
			onTree++
		}
		for _, text := range []json.RawMessage{f.Request, f.Offer} {
			var s struct {
				Type                 string
				AdditionalProperties *bool
				Properties           map[string]struct{ Type, Description string }
			}
			if err := json.Unmarshal(text, &s); err != nil || s.Type != "object" || s.AdditionalProperties == nil || *s.AdditionalProperties {
				t.Errorf("%s: a form that is no closed object: %v", code, err)
			}
			for name, p := range s.Properties {
				if p.Description == "" || p.Type == "" {
					t.Errorf("%s: %s says neither its type nor what it is", code, name)
				}
			}
		}
	}
	if onTree < 10 {
		t.Errorf("only %d codes carry forms", onTree)
	}
}
