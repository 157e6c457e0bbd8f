package learning_test

import (
	"math"
	"strings"
	"testing"

	"outcry"
	"outcry/matching/learning"
)

// bodies are those of shops as they are kept.
func bodies(c *city) (rows []outcry.Learned) {
	for _, r := range c.Dirty(math.MaxInt) {
		if !strings.Contains(r.Subject, ":") {
			rows = append(rows, r)
		}
	}
	return rows
}

func TestPlain_ReadsWhateverIsWritten(t *testing.T) {
	t.Parallel()
	rows := bodies(busy(1))
	if len(rows) < 20 || !strings.Contains(string(rows[0].Body), `"p":[`) {
		t.Fatalf("%d rows, the first one %s", len(rows), rows[0].Body)
	}
	for _, r := range rows {
		if again, ok := learning.Plainly(r.Body); !ok || again != string(r.Body) {
			t.Errorf("%s: read %v as\n%s", r.Body, ok, again)
		}
	}
}

const (
	eight  = `[1,2.5,-0.25,1e-7,1.5E+2,0,0,0]`
	tables = `{"v":1,"r":` + eight + `,"o":` + eight
)

func TestPlain_LeavesTheRestToJSON(t *testing.T) {
	t.Parallel()
	price := `{"c":"x:a","s":0,"n":1}`
	for text, want := range map[string]bool{
		tables + `}`:                                                     true,
		tables + `,"k":0,"b":4294967295}`:                                true,
		tables + `,"p":[` + price + `]}`:                                 true,
		tables + `,"p":[{"c":"빵","s":-0,"n":1}]}`:                        true,
		tables + `,"p":[]}`:                                              false,
		tables + `,"p":[` + price + `,]}`:                                false,
		tables + `,"p":[{"c":"a\\u0062","s":0,"n":1}]}`:                  false,
		tables + `,"p":[{"c":"a` + "\n" + `","s":0,"n":1}]}`:             false,
		tables + `,"p":[{"c":"a` + "\xff" + `","s":0,"n":1}]}`:           false,
		tables + `,"p":[` + strings.Repeat(price+",", 31) + price + `]}`: true,
		tables + `,"p":[` + strings.Repeat(price+",", 32) + price + `]}`: false,
		tables + `,"b":1,"k":1}`:                                         false,
		tables + `,"k":01}`:                                              false,
		tables + `,"k":-1}`:                                              false,
		tables + `,"k":4294967296}`:                                      false,
		tables + `} `:                                                    false,
		tables + `}{}`:                                                   false,
		tables:                                                           false,
		strings.Replace(tables, `1,2`, `01,2`, 1) + `}`:                  false,
		strings.Replace(tables, `2.5`, `2.`, 1) + `}`:                    false,
		strings.Replace(tables, `2.5`, `.5`, 1) + `}`:                    false,
		strings.Replace(tables, `2.5`, `+2`, 1) + `}`:                    false,
		strings.Replace(tables, `2.5`, `2e`, 1) + `}`:                    false,
		strings.Replace(tables, `2.5`, `1e99`, 1) + `}`:                  false,
		strings.Replace(tables, `2.5`, `Inf`, 1) + `}`:                   false,
		strings.Replace(tables, `2.5`, `0x1`, 1) + `}`:                   false,
		strings.Replace(tables, `2.5`, ` 2`, 1) + `}`:                    false,
		strings.Replace(tables, `"v":1`, `"v":2`, 1) + `}`:               false,
		strings.Replace(tables, `,0,0,0]`, `,0,0]`, 1) + `}`:             false,
		strings.Replace(tables, `,0,0,0]`, `,0,0,0,0]`, 1) + `}`:         false,
		``: false,
	} {
		if _, ok := learning.Plainly([]byte(text)); ok != want {
			t.Errorf("%q is read: %v, want %v", text, ok, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, r := range bodies(busy(3)) {
		f.Add(r.Body)
	}
	f.Add([]byte(tables + `}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ok := learning.Plainly(text)
		if !ok {
			return
		}
		if want, err := learning.Anyway(text); err != nil || got != want {
			t.Fatalf("%q is read as\n%s, and otherwise, with error %v, as\n%s", text, got, err, want)
		}
	})
}

// BenchmarkRestore takes over the row of a shop.
func BenchmarkRestore(b *testing.B) {
	rows := bodies(busy(1))
	c := newCity()
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if err := c.Restore(rows[n%len(rows)]); err != nil {
			b.Fatal(err)
		}
	}
}
