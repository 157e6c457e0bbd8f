package sim

import (
	_ "embed"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"outcry"
)

//go:embed trade.tsv
var tradeText string

// trade is how a kind of shop works: a row of trade.tsv.
type trade struct {
	code    outcry.Code
	group   string // whose phrases it uses
	price   int    // typical, in pence of a pound
	lead    span   // minutes until the buyer can have it
	can     []outcry.Capability
	some    []outcry.Capability // what half of its shops can do besides
	hours   string
	service span // kilometres
	nouns   []string
	also    []outcry.Code
}

// span is from low to high, both included.
type span struct{ low, high int }

func (s span) draw(r *rand.Rand) int { return between(r, s.low, s.high) }

// tradeTable are the rows of trade.tsv in their order, and by code.
type tradeTable struct {
	rows   []trade
	byCode map[outcry.Code]trade
}

var trades = sync.OnceValue(func() tradeTable {
	t := tradeTable{byCode: map[outcry.Code]trade{}}
	for cells := range rows(tradeText) {
		row := trade{
			code: outcry.Code(cells[0]), group: cells[1], price: int(number(cells[2])), lead: spanOf(cells[3]),
			hours: cells[5], service: spanOf(cells[6]), nouns: strings.Split(cells[7], ","),
		}
		must, may, _ := strings.Cut(cells[4], " ")
		row.can, row.some = abilities(must), abilities(may)
		for c := range strings.SplitSeq(cells[8], ",") {
			if c != "" {
				row.also = append(row.also, outcry.Code(c))
			}
		}
		t.rows = append(t.rows, row)
		t.byCode[row.code] = row
	}
	return t
})

// Everyday are the kinds of shops that people ask for most, the most popular
// first. All are codes of the default table of signals.
func Everyday() []outcry.Code {
	var codes []outcry.Code
	for _, t := range trades().rows {
		if k, v, ok := strings.Cut(string(t.code), "="); ok && k != "" && v != "" {
			codes = append(codes, t.code)
		}
	}
	return codes
}

// tradeOf is the trade of a code: its own row, or that of the nearest code above
// it that has one.
func tradeOf(code outcry.Code) trade {
	table := trades().byCode
	for c := code; c != ""; c = above(c) {
		if t, ok := table[c]; ok {
			return t
		}
		if t, ok := table[c+"="]; ok {
			return t
		}
	}
	return table["osm:"]
}

// above is the next shorter beginning of a code at which trade.tsv may have a
// row; "" where there is none.
func above(c outcry.Code) outcry.Code {
	s := string(c)
	head, id, _ := strings.Cut(s, ":")
	switch {
	case id == "":
		return ""
	case strings.HasSuffix(s, "="):
		return outcry.Code(head + ":")
	case strings.ContainsAny(id, ".="):
		at := strings.LastIndexAny(s, ".=")
		if s[at] == '=' {
			at++
		}
		return outcry.Code(s[:at])
	case strings.Contains(id, "-"):
		return outcry.Code(s[:strings.LastIndexByte(s, '-')])
	}
	return outcry.Code(head + ":")
}

// openings are the opening hours by the name that trade.tsv gives them.
var openings = map[string][]string{
	"always": {"24/7"},
	"early":  {"Mo-Sa 06:30-17:30", "Mo-Fr 07:00-18:00; Sa-Su 07:00-14:00", "Tu-Su 06:00-16:00"},
	"day":    {"Mo-Sa 08:30-18:00", "Mo-Su 08:00-19:00", "Mo-Fr 09:00-18:00; Sa 09:00-14:00"},
	"shop":   {"Mo-Sa 09:30-18:00", "Mo-Sa 09:00-19:00; Su 11:00-17:00", "Mo-Fr 10:00-18:30; Sa 10:00-16:00"},
	"long":   {"Mo-Su 07:00-22:00", "Mo-Sa 06:00-23:00; Su 08:00-22:00"},
	"late":   {"Mo-Su 11:30-23:00", "Tu-Su 12:00-15:00,17:30-22:30", "Mo-Th 17:00-23:00; Fr-Su 12:00-24:00"},
	"night":  {"Mo-Th 12:00-24:00; Fr-Sa 12:00-02:00; Su 12:00-23:00", "Mo-Su 16:00-01:00"},
	"craft":  {"Mo-Fr 08:00-17:30", "Mo-Sa 07:30-18:00", "Mo-Su 08:00-20:00"},
}

// abilities reads the letters of trade.tsv.
func abilities(letters string) []outcry.Capability {
	var can []outcry.Capability
	for _, c := range letters {
		switch c {
		case 'd':
			can = append(can, outcry.Deliver)
		case 'p':
			can = append(can, outcry.Pickup)
		case 'v':
			can = append(can, outcry.Visit)
		case 'r':
			can = append(can, outcry.Reserve)
		}
	}
	return can
}

// leadTime draws how long it takes until the buyer can have what the trade
// sells, in whole minutes.
func (t trade) leadTime(r *rand.Rand) time.Duration {
	return time.Duration(t.lead.draw(r)) * time.Minute
}

// meeting is the section of phrases that says when: "there" where the shop comes
// to the buyer, else "ready".
func (t trade) meeting() string {
	if len(t.can) == 1 && t.can[0] == outcry.Visit {
		return "there"
	}
	return "ready"
}

// rows gives the cells of each row of a tab-separated table, without comments
// and without the line of headings.
func rows(text string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		head := true
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if !head && !yield(slices.Clip(strings.Split(line, "\t"))) {
				return
			}
			head = false
		}
	}
}

// number reads a figure of a table of this package.
func number(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("sim: a table has a figure that is none: " + s)
	}
	return x
}

func spanOf(s string) span {
	low, high, _ := strings.Cut(s, "-")
	return span{int(number(low)), int(number(high))}
}
