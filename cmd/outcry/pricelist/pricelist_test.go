package pricelist_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/cmd/outcry/pricelist"
	"outcry/wire"
)

const file = "\ufeffcode, price, currency, message, lead_minutes, attributes\n" +
	"osm:shop=bakery, 2.40, GBP, \"Still warm, today\", 0,\n" +
	`osm:tourism=hotel, "80,000", krw, , 25, "{""breakfast"":true}"` + "\n"

func TestRead_APriceForEachCode(t *testing.T) {
	t.Parallel()
	got, err := pricelist.Read(strings.NewReader(file))
	want := pricelist.List{
		"osm:shop=bakery":   {Code: "osm:shop=bakery", Price: outcry.Money{Amount: 240, Currency: "GBP"}, Message: "Still warm, today"},
		"osm:tourism=hotel": {Code: "osm:tourism=hotel", Price: outcry.Money{Amount: 80000, Currency: "KRW"}, Lead: 25 * time.Minute, Attributes: []byte(`{"breakfast":true}`)},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestRead_TellsAllThatIsWrongByLine(t *testing.T) {
	t.Parallel()
	_, err := pricelist.Read(strings.NewReader("code,price,currency,lead_minutes,attributes\n" +
		"bakery,1,GBP,,\n" + "osm:shop=a,-1,GBP,,\n" + "osm:shop=b,1,QQQ,,\n" + "osm:shop=c,1,GBP,soon,\n" +
		"osm:shop=d,1,GBP,1,[]\n" + "osm:shop=e,1,GBP,1,\n" + "osm:shop=e,2,GBP,1,\n"))
	if err == nil {
		t.Fatal("the list was taken")
	}
	for _, want := range []string{"line 2: code", "line 3: price", "line 4: price", "line 5: lead_minutes", "line 6: attributes", "line 8: osm:shop=e stands in the list twice"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "line 7") {
		t.Errorf("a good line is told: %v", err)
	}
}

func TestRead_ABadHeadSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "EOF", "code,price\n": "no column currency", "code,price,currency,colour\n": `a column "colour"`,
		"code,price,currency\n": "no lines", "code,price,currency\nosm:shop=a,1\n": "wrong number of fields",
	} {
		if _, err := pricelist.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
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
	f.Fuzz(func(t *testing.T, text string) {
		list, err := pricelist.Read(strings.NewReader(text))
		for code, line := range list {
			var c outcry.Complaints
			if line.Price.Check(&c, "price"); err == nil && (c.Err() != nil || line.Code != code) {
				t.Errorf("%q gives %v", text, line)
			}
		}
	})
}
