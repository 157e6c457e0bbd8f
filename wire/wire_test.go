package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/wire"
)

func TestTime_UTCWithMilliseconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 18, 30, 0, 123456789, time.FixedZone("", 3600))
	text, err := json.Marshal(wire.Time(at))
	if err != nil || string(text) != `"2026-11-23T17:30:00.123Z"` {
		t.Errorf("the time is written %s (%v)", text, err)
	}
	whole, _ := json.Marshal(wire.Time(time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)))
	if string(whole) != `"2026-11-23T17:30:00.000Z"` {
		t.Errorf("a whole second is written %s", whole)
	}
	for in, want := range map[string]string{
		`"2026-11-23T17:30:00Z"`: "2026-11-23T17:30:00.000Z", `"2026-11-23T18:30:00.1239+01:00"`: "2026-11-23T17:30:00.123Z",
		`"yesterday"`: "", `"2026-11-23"`: "", `5`: "", `""`: "", `"2026-11-23T25:00:00Z"`: "",
	} {
		var got wire.Time
		err := json.Unmarshal([]byte(in), &got)
		if want == "" != (err != nil) || want != "" && (got.String() != want || time.Time(got).Nanosecond()%1e6 != 0) {
			t.Errorf("%s is read as %s (%v), want %q", in, got, err, want)
		}
	}
}

func TestTime_MissingIsLeftOut(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(wire.RequestOf(outcry.Request{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"closed_at", "needed_at", "budget", "counts", "note"} {
		if strings.Contains(string(text), `"`+name+`"`) {
			t.Errorf("%s is there without a value: %s", name, text)
		}
	}
}

func TestUntil_StaysIsSetOrTakenAway(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)
	for in, want := range map[string]struct {
		time *time.Time
		text string
		bad  bool
	}{
		`{}`:                     {nil, `{}`, false},
		`{"paused_until": null}`: {new(time.Time), `{"paused_until":null}`, false},
		`{"paused_until": ""}`:   {new(time.Time), `{"paused_until":null}`, false},
		`{"paused_until": "x"}`:  {nil, `{"paused_until":"x"}`, true},
		`{"paused_until": "` + "2026-11-23T18:30:00+01:00" + `"}`: {&at, `{"paused_until":"2026-11-23T18:30:00+01:00"}`, false},
	} {
		var change wire.ShopChange
		if err := json.Unmarshal([]byte(in), &change); err != nil {
			t.Fatal(in, err)
		}
		got, err := change.PausedUntil.Time()
		if (err != nil) != want.bad || (got == nil) != (want.time == nil) || got != nil && !got.Equal(*want.time) {
			t.Errorf("%s is %v (%v), want %v", in, got, err, want.time)
		}
		if text, err := json.Marshal(change); err != nil || string(text) != want.text {
			t.Errorf("%s is written %s (%v)", in, text, err)
		}
	}
	for want, u := range map[string]wire.Until{`"2026-11-23T17:30:00.000Z"`: wire.UntilTime(at), `null`: wire.UntilTime(time.Time{})} {
		if text, err := json.Marshal(u); err != nil || string(text) != want || u.IsZero() {
			t.Errorf("written %s (%v), want %s", text, err, want)
		}
	}
	var u wire.Until
	if json.Unmarshal([]byte(`5`), &u) == nil {
		t.Error("a number is taken as a moment")
	}
}

func TestShop_OnlyWithItsOwnerShowsItsLimits(t *testing.T) {
	t.Parallel()
	s := outcry.Shop{Owner: "mem_1", QuietHours: "Su", PausedUntil: time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC), MostHourly: 9}
	text, err := json.Marshal(wire.ShopOf(s))
	if want := `"quiet_hours":"Su","paused_until":"2026-11-23T17:30:00.000Z","limits":{"open":0,"hourly":9}}`; err != nil || !strings.HasSuffix(string(text), want) {
		t.Errorf("its staff sees %s (%v), want %s", text, err, want)
	}
	text, err = json.Marshal(wire.ShopOf(outcry.Shop{}))
	if err != nil || strings.Contains(string(text), "limits") || strings.Contains(string(text), "paused") || strings.Contains(string(text), "quiet") {
		t.Errorf("others see %s (%v)", text, err)
	}
}

func TestItems_AreNeverNull(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(wire.ItemsOf([]outcry.Request(nil), "", wire.RequestOf))
	if err != nil || string(text) != `{"items":[]}` {
		t.Errorf("no items are %s (%v)", text, err)
	}
	book, _ := json.Marshal(wire.BookOf(outcry.Book{Shop: "shop_a"}))
	if !strings.Contains(string(book), `"codes":[]`) {
		t.Errorf("an empty book is %s", book)
	}
}

func TestBid_ThereAndBack(t *testing.T) {
	t.Parallel()
	until := wire.Time(time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC))
	in := wire.Bid{Price: outcry.Money{Amount: 450, Currency: "GBP"}, Message: "warm", AvailableAt: &until, ValidUntil: &until}
	o := wire.OfferOf(outcry.Offer{ID: outcry.OfferID("req_"+strings.Repeat("0", 26), 33), Version: 2, Bid: in.Bid()}, outcry.OfferLive)
	if o.CallID != "call_"+strings.Repeat("0", 26)+"11" || o.Price != in.Price || *o.AvailableAt != until || o.ValidUntil != until || o.Message != "warm" {
		t.Errorf("the offer is %+v", o)
	}
}
