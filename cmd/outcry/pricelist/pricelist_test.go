package pricelist_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/cmd/outcry/pricelist"
	"outcry/policy"
	"outcry/wire"
)

const file = "\ufeffcode, price, currency, message, lead_minutes, attributes, stock\n" +
	"osm:shop=bakery, 2.40, GBP, \"Still warm, today\", 0,,\n" +
	`osm:tourism=hotel, "80,000", krw, , 25, "{""breakfast"":true}", 7` + "\n"

func TestRead_APriceForEachCode(t *testing.T) {
	t.Parallel()
	got, err := pricelist.Read(strings.NewReader(file))
	want := pricelist.List{
		"osm:shop=bakery": {{Code: "osm:shop=bakery", Price: outcry.Money{Amount: 240, Currency: "GBP"}, Message: "Still warm, today", Row: 2}},
		"osm:tourism=hotel": {{
			Code: "osm:tourism=hotel", Price: outcry.Money{Amount: 80000, Currency: "KRW"}, Lead: 25 * time.Minute,
			Attributes: []byte(`{"breakfast":true}`), Stock: 7, Counted: true, Row: 3,
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestRead_TellsAllThatIsWrongByLineAndColumn(t *testing.T) {
	t.Parallel()
	_, err := pricelist.Read(strings.NewReader("code,price,currency,lead_minutes,attributes,stock,match\n" +
		"bakery,1,GBP,,,,\n" + "osm:shop=a,-1,GBP,,,,\n" + "osm:shop=b,1,QQQ,,,,\n" + "osm:shop=c,1,GBP,soon,,,\n" +
		"osm:shop=d,1,GBP,1,[],,\n" + "osm:shop=e,1,GBP,1,,,\n" + "osm:shop=e,2,GBP,1,,,\n" + "osm:shop=f,2,GBP,1\n" +
		"osm:shop=g,1,GBP,1,,-3,\n" + `osm:shop=h,1,GBP,1,,,"{""size"":{}}"` + "\n"))
	if err == nil {
		t.Fatal("the list was taken")
	}
	got := strings.Join(policy.Lines("p.csv", err), "\n")
	for _, want := range []string{
		"p.csv:2:1: code: ", "p.csv:3:12: price: ", "p.csv:4:14: currency: ", "p.csv:5:18: lead_minutes: ", "p.csv:6:20: attributes: ",
		"p.csv:8:1: code: osm:shop=e stands on line 7", "p.csv:9:1: this line has 4 cells", "p.csv:10:21: stock: ", "p.csv:11:22: match: ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not told in:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n") + 1; n != 9 {
		t.Errorf("%d faults are told:\n%s", n, got)
	}
}

func TestRead_ABadHeadSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "the file is empty", "code,price\n": "no column currency", "code,price,currency,colour\n": `no column "colour"`,
		"code,price,currency\n": "no lines", "code,price,currency\nosm:shop=a,1\n": "has 2 cells",
		"code,price,price\n": "stands here twice", "code,price,currency\n\"a": "no CSV", "code,price,currency\n\xff": "UTF-8",
	} {
		if _, err := pricelist.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestBest_TheNearestCodeAndMostAttributesAgreed(t *testing.T) {
	t.Parallel()
	list, err := pricelist.Read(strings.NewReader("code,price,currency,match\n" +
		"osm:shop,9,GBP,\n" + "osm:shop=shoes,5,GBP,\n" + `osm:shop=shoes,6,GBP,"{""size"":[41,42]}"` + "\n" +
		`osm:shop=shoes,7,GBP,"{""size"":42,""colour"":""Red""}"` + "\n" + `osm:shop=shoes,8,GBP,"{""guests"":{""min"":2,""max"":4}}"` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	shoes := []outcry.Code{"osm:shop=shoes", "osm:shop"}
	for asked, want := range map[string]int{
		``: 3, `{"size":43}`: 3, `{"size":41}`: 4, `{"size":42}`: 4, `{"size":42,"colour":"red"}`: 5, `{"size":42,"colour":"blue"}`: 4,
		`{"size":"42"}`: 3, `{"size":[40,42]}`: 4, `{"guests":4}`: 6, `{"guests":5}`: 3, `{"guests":"4"}`: 3,
	} {
		line, _, ok := list.Best(shoes, []byte(asked), func(pricelist.Line) bool { return true })
		if !ok || line.Row != want {
			t.Errorf("asked for %s line %d answers, not %d", asked, line.Row, want)
		}
	}
	if line, _, _ := list.Best([]outcry.Code{"osm:shop=hats", "osm:shop"}, nil, func(pricelist.Line) bool { return true }); line.Row != 2 {
		t.Errorf("the code above has line %d", line.Row)
	}
	if _, _, ok := list.Best([]outcry.Code{"osm:craft"}, nil, func(pricelist.Line) bool { return true }); ok {
		t.Error("a code that is not in the list was answered")
	}
	if line, _, _ := list.Best(shoes, []byte(`{"size":42}`), func(l pricelist.Line) bool { return l.Row != 4 }); line.Row != 5 {
		t.Errorf("of lines that agree alike the one that does not suit was taken: line %d", line.Row)
	}
}

func TestBest_ALineThatContradictsIsNoAnswer(t *testing.T) {
	t.Parallel()
	list, err := pricelist.Read(strings.NewReader("code,price,currency,match\n" + `osm:shop=shoes,6,GBP,"{""size"":41}"` + "\nosm:shop,9,GBP,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if line, _, ok := list.Best([]outcry.Code{"osm:shop=shoes", "osm:shop"}, []byte(`{"size":42}`), func(pricelist.Line) bool { return true }); ok {
		t.Errorf("size 42 was answered by line %d", line.Row)
	}
}

func TestBid_PriceTimesQuantityAndTheTimeItTakes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	line := pricelist.Line{Price: outcry.Money{Amount: 240, Currency: "GBP"}, Lead: 25 * time.Minute, Message: "warm"}
	bid := line.Bid(wire.Call{Request: wire.Need{Quantity: 3}}, now)
	if bid.Price.Amount != 720 || bid.AvailableAt.String() != "2026-11-23T10:25:00.000Z" || bid.Message != "warm" {
		t.Errorf("the bid is %+v", bid)
	}
	line.Lead, line.Price.Amount = 0, outcry.MaxAmount
	if bid := line.Bid(wire.Call{Request: wire.Need{Quantity: 1_000_000}}, now); bid.Price.Amount != outcry.MaxAmount || bid.AvailableAt != nil {
		t.Errorf("the bid is %+v", bid)
	}
}

func FuzzRead_NeverFails(f *testing.F) {
	f.Add(file)
	f.Add("code,price,currency\nosm:shop=a,1e9,GBP")
	f.Add("code,price,currency,match\nosm:shop=a,1,GBP,\"{\"\"a\"\":[1]}\"")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := pricelist.Read(strings.NewReader(text))
		if err != nil && policy.FaultsOf(err) == nil {
			t.Errorf("%q is refused without a place: %v", text, err)
		}
		for code, lines := range list {
			for _, line := range lines {
				var c outcry.Complaints
				if line.Price.Check(&c, "price"); err == nil && (c.Err() != nil || line.Code != code) {
					t.Errorf("%q gives %v", text, line)
				}
			}
		}
	})
}
