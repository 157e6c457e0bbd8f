package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/wire"
)

func TestReadUps_TakesWhatEachTypeMayHave(t *testing.T) {
	t.Parallel()
	got := []string{}
	frame := `[
		{"type":"offer","ref":"a","data":{"call_id":"call_1","price":{"amount":250,"currency":"GBP"},"attributes":{"sliced":true},"message":"warm","available_at":"2026-11-24T12:00:00+01:00","valid_until":null}},
		{"data":{"version":3,"offer_id":"off_1","price":{"currency":"KRW","amount":8000}},"type":"revise"},
		{"type":"withdraw","data":{"offer_id":"off_1"}}, {"type":"decline","data":{"call_id":"call_1","reason":"sold out"}},
		{"type":"message","ref":"é","data":{"text":"\u00e9","call_id":"call_1"}}, {"type":"ack","data":{"version":7}}
	]`
	err := wire.ReadUps([]byte(frame), func(u *wire.Up, wrong error) {
		b := u.Bid
		got = append(got, fmt.Sprint(u.Type, u.Ref, " ", u.CallID, u.OfferID, " ", u.Version, " ", b.Price.Amount, b.Price.Currency,
			" ", string(b.Attributes), b.Message, b.ValidUntil == nil, " ", u.Reason, u.Text, wrong))
		if u.Type == wire.UpOffer && !time.Time(*b.AvailableAt).Equal(time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)) {
			t.Errorf("available at %v", b.AvailableAt)
		}
	})
	want := []string{
		`offera call_1 0 250GBP {"sliced":true}warmtrue <nil>`, `revise off_1 3 8000KRW true <nil>`, `withdraw off_1 0 0 true <nil>`,
		`decline call_1 0 0 true sold out<nil>`, `messageé call_1 0 0 true é<nil>`, `ack  7 0 true <nil>`,
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\ngot  %q\nwant %q", err, got, want)
	}
}

func TestReadUps_SaysWhichMemberIsWrong(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		`1`:                                     "frame",
		`{"type":"sing","data":{}}`:             "type",
		`{"type":1,"data":{}}`:                  "type",
		`{"data":{}}`:                           "type",
		`{"type":"ack"}`:                        "data",
		`{"type":"ack","data":[]}`:              "data",
		`{"type":"ack","data":{}}`:              "data.version",
		`{"type":"ack","data":{"version":"1"}}`: "data.version",
		`{"type":"ack","data":{"version":1.5}}`: "data.version",
		`{"type":"ack","data":{"version":1},"more":{"deep":[1]}}`:                       "more",
		`{"type":"ack","type":"ack","data":{"version":1}}`:                              "type",
		`{"type":"ack","data":{"version":1},"data":{"text":"x"}}`:                       "data",
		`{"type":"ack","data":{"version":1,"version":1}}`:                               "data.version",
		`{"type":"ack","data":{"version":1,"text":"x"}}`:                                "data.text",
		`{"type":"ack","data":{"version":1,"sung":1}}`:                                  "data.sung",
		`{"type":"ack","ref":"` + strings.Repeat("r", 65) + `","data":{"version":1}}`:   "ref",
		`{"type":"offer","data":{"call_id":"c"}}`:                                       "data.price",
		`{"type":"offer","data":{"call_id":"c","price":250}}`:                           "data.price",
		`{"type":"offer","data":{"call_id":"c","price":{"amount":"1"}}}`:                "data.price.amount",
		`{"type":"offer","data":{"call_id":"c","price":{"amount":1e400}}}`:              "data.price.amount",
		`{"type":"offer","data":{"call_id":"c","price":{"currency":1}}}`:                "data.price.currency",
		`{"type":"offer","data":{"call_id":"c","price":{"tax":1}}}`:                     "data.price.tax",
		`{"type":"offer","data":{"call_id":"c","price":{},"available_at":"noon"}}`:      "data.available_at",
		`{"type":"offer","data":{"call_id":"c","price":{},"attributes":{"a":1,"a":2}}}`: "data.attributes",
		`{"type":"decline","data":{"call_id":"c","price":{}}}`:                          "data.price",
	} {
		n, good := 0, 0
		err := wire.ReadUps([]byte("["+said+`,{"type":"ack","data":{"version":1}}]`), func(u *wire.Up, wrong error) {
			if n++; n == 2 && wrong == nil && u.Version == 1 {
				good++
			}
			if n > 1 {
				return
			}
			var e *outcry.Error
			if !errors.As(wrong, &e) || len(e.Fields) != 1 || e.Fields[0].Location != want {
				t.Errorf("%s: %v, want %s", said, wrong, want)
			}
		})
		if err != nil || n != 2 || good != 1 {
			t.Errorf("%s spoils what stands beside it: %v, %d things", said, err, n)
		}
	}
}

func TestReadUps_ReadsTheExampleOfItsPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/line.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```json\n")
	if len(blocks) != 3 {
		t.Fatalf("the page has %d examples, want 2", len(blocks)-1)
	}
	var down []wire.Frame
	call, _, _ := strings.Cut(blocks[1], "```")
	if err := json.Unmarshal([]byte(call), &down); err != nil || len(down) != 1 || down[0].Type != wire.EventCall {
		t.Errorf("what comes down: %v, %+v", err, down)
	}
	said, _, _ := strings.Cut(blocks[2], "```")
	err = wire.ReadUps([]byte(said), func(u *wire.Up, wrong error) {
		if wrong != nil || u.Type != wire.UpOffer || u.Ref == "" || u.CallID == "" || u.Bid.Price.Amount == 0 {
			t.Errorf("what goes up: %v, %+v", wrong, u)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func FuzzReadUps(f *testing.F) {
	f.Add(`[{"type":"offer","ref":"a","data":{"call_id":"call_1","price":{"amount":250,"currency":"GBP"}}}]`)
	f.Add(`[{"type":"ack","data":{"version":1}},{}]`)
	f.Fuzz(func(t *testing.T, frame string) {
		n := 0
		_ = wire.ReadUps([]byte(frame), func(u *wire.Up, wrong error) {
			n++
			if len(u.Ref) > 64 {
				t.Errorf("a ref of %d bytes", len(u.Ref))
			}
			if wrong == nil && u.Type == "" {
				t.Error("taken without a type")
			}
		})
		if n > wire.MaxUps {
			t.Errorf("%d things of a frame", n)
		}
	})
}

func BenchmarkReadUps(b *testing.B) {
	frame := []byte(`[{"type":"offer","ref":"17","data":{"call_id":"call_01jd0000000000000000000000_5","price":{"amount":250,"currency":"GBP"},"message":"Still warm"}}]`)
	b.ReportAllocs()
	for b.Loop() {
		_ = wire.ReadUps(frame, func(*wire.Up, error) {})
	}
}
