package counter_test

import (
	"os"
	"strings"
	"testing"

	"outcry/cmd/outcry/counter"
	"outcry/policy"
)

func TestRead_TheExampleIsAPlan(t *testing.T) {
	t.Parallel()
	p, err := counter.Read([]byte(counter.Example))
	if err != nil {
		t.Fatal(policy.Lines("example.yaml", err))
	}
	if p.Prices != "prices.csv" || !p.Confirm || len(p.Ways) != 2 || p.Ways[1] != (counter.Way{By: counter.ByPrices}) || len(p.Rules) != 6 {
		t.Errorf("it says %+v", p)
	}
	if p, err := counter.Read(nil); err != nil || len(p.Rules) != 0 {
		t.Errorf("an empty file is %+v, %v", p, err)
	}
}

func TestRead_EveryFaultIsToldByItsPlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"pricse: a.csv":                           `1:1: there is no "pricse"; there are: answer, confirm, `,
		"prices: [a]":                             "1:9: prices: write a text",
		"confirm: maybe":                          "1:10: confirm: write true or false",
		"time_zone: Atlantis/Centre":              "1:12: time_zone: write a time zone",
		"software: ftp://a/b":                     "1:11: software: write an address",
		"software: []":                            "1:11: software: write the command",
		"answer:\n  - {code: bakery, by: prices}": "2:12: answer[0].code: write a signal code",
		"answer:\n  - {code: '*', by: magic}":     "2:21: answer[0].by: write prices, software or person",
		"answer:\n  - {code: '*'}":                "2:5: answer[0]: write both code and by",
		"answer: [{code: '*', by: software}]":     "1:1: software: answer[0] leaves calls to the software",
		"answer: [{code: 'a:b', by: person}, {code: 'a:b', by: prices}]":                                "1:44: answer[1].code: this code stands above",
		"rules:\n- name: Bad name\n  then: {by: person}":                                                "2:9: rules[0].name: write one word",
		"rules:\n- name: a\n  then: {}":                                                                 "3:9: rules[0].then: write what is done",
		"rules:\n- name: a\n  then: {by: person, price: '1'}":                                           "3:9: rules[0].then: decline and by stand alone",
		"rules:\n- name: a\n  when: request.quanttiy > 5\n  then: {by: person}":                         `3:9: rules[0].when: there is no "request.quanttiy"; there are request.code, request.quantity`,
		"rules:\n- name: a\n  when: \"5 < request.note\"\n  then: {by: person}":                         `3:12: rules[0].when: "<" does not go with a number and a text`,
		"rules:\n- name: a\n  when: request.quantity\n  then: {by: person}":                             "3:9: rules[0].when: this gives a number; write one that gives true or false",
		"rules:\n- name: a\n  when: |\n    shop.hour > 3 &&\n      shop.huor < 9\n  then: {by: person}": `5:7: rules[0].when: there is no "shop.huor"`,
		"rules:\n- name: a\n  when: open(\"Mo-Xx\")\n  then: {by: person}":                              "3:14: rules[0].when: the opening hours cannot be read: ",
		"rules:\n- name: a\n  when: open(request.note)\n  then: {by: person}":                           "rules[0].when: write a text in quotes",
		"rules:\n- name: a\n  when: shop.hour >\n  then: {by: person}":                                  "rules[0].when: the expression breaks off",
		"rules:\n- name: a\n  when: '[1,2].all(x, x > 1)'\n  then: {by: person}":                        "rules[0].when: there is no",
		"rules:\n- name: a\n  when: wish(1.0)\n  then: {by: person}":                                    `3:9: rules[0].when: there is no function "wish"`,
		"rules:\n- name: a\n  then: {price: '\"a\"'}":                                                   "3:18: rules[0].then.price: this gives a text; write one that gives a number",
		"rules:\n- name: a\n  then: {message: 'Only {offer.stok} left'}":                                `3:26: rules[0].then.message: there is no "offer.stok"`,
		"rules:\n- name: a\n  then: {message: 'Only {offer.stock left'}":                                "3:25: rules[0].then.message: this brace is not closed",
		"rules:\n- {name: a, then: {by: person}}\n- {name: a, then: {by: person}}":                      "3:10: rules[1].name: a rule above has that name",
		"rules:\n- {when: 'true'}":                                                                      "2:3: rules[0]: a rule has a name and a then",
		"rules: &a []":                                                                                  "1:8: the file has no anchors",
		"rules:\n\t- a":                                                                                 "2:1: this is no YAML: indent with spaces",
		"a: b: c":                                                                                       "1:5: this is no YAML: a colon does not belong here",
		"prices:":                                                                                       "prices: nothing stands here",
		"prices: a\nprices: b":                                                                          "2:1: prices: this stands twice",
		"{}\n---\n{}":                                                                                   "a second document",
		"\xff":                                                                                          "not UTF-8",
		"rules:\n- name: a\n  when: " + strings.Repeat("request.note.contains(request.note) || ", 20) + "true\n  then: {by: person}": "it is too dear",
	} {
		_, err := counter.Read([]byte(text))
		if err == nil {
			t.Errorf("%q was taken", text)
			continue
		}
		if got := strings.Join(policy.Lines("f", err), "\n"); !strings.Contains(got, want) {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestRead_AllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := counter.Read([]byte("confirm: 1\nrules:\n- name: a\n  when: shop.x\n  then: {price: 'true'}\n- name: b\n  then: {lead_minutes: soon}\n"))
	if got := policy.FaultsOf(err); len(got) != 4 {
		t.Errorf("told %v", got)
	}
}

// The page tells every fact that expressions know, and the example itself.
func TestFacts_AreAllInThePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/shop-server.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range counter.Facts() {
		if row := "| `" + f.Name + "` | " + f.Type + " | " + f.Meaning + " |"; !strings.Contains(string(page), row) {
			t.Errorf("docs/shop-server.md lacks the row\n%s", row)
		}
	}
}

func FuzzRead_NeverFails(f *testing.F) {
	f.Add([]byte(counter.Example))
	f.Add([]byte("rules:\n- name: a\n  when: |\n    shop.hour >\n  then: {message: '{a}'}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := counter.Read(text); err != nil && policy.FaultsOf(err) == nil {
			t.Errorf("%q is refused without a place: %v", text, err)
		}
	})
}
