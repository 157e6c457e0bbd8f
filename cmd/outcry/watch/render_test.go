package watch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/watch"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

// hostile is a text that would paint the terminal and turn the writing round.
const hostile = "\x1b[31m빵 두 개\x07 \u202eplease\r\n\x1b]0;title\x07 and more of it, as much as anybody may write"

func TestRender_StaysWithinEveryScreen(t *testing.T) {
	t.Parallel()
	for _, width := range []int{40, 41, 60, 80, 140} {
		for _, height := range []int{10, 11, 14, 24, 50} {
			v := watching(watch.Screen{List: prices(t)}, 0)
			v.send(tea.WindowSizeMsg{Width: width, Height: height})
			for n := range 20 {
				c := call(n + 1)
				c.Request.Note = hostile
				v.call(c)
			}
			v.say(2, "msg_1", hostile)
			v.hear(shop.Event{Kind: dial.Lost, Err: errors.New(hostile)})
			v.err = errors.New(strings.Repeat("no server answers ", 20))
			for _, keys := range []string{"", "t", "5", "5", "\x00", "d", "\x00", "m", "\x00", "?"} {
				if keys == "\x00" {
					keys = "esc"
				}
				if keys != "" {
					v.press(keys)
				}
				v.fits(t, width, height)
			}
		}
	}
}

// fits fails where the picture is larger than the screen, paints what it shall
// not, or has lost the chosen line while the list is shown.
func (v *view) fits(t *testing.T, width, height int) {
	t.Helper()
	raw := v.model.View().Content
	if strings.ContainsAny(raw, "\x07\r\u202e") || strings.Contains(raw, "\x1b]") || strings.Contains(raw, "\x1b[2J") {
		t.Errorf("somebody else paints: %q", raw)
	}
	lines := strings.Split(v.picture(), "\n")
	if len(lines) != height {
		t.Errorf("%dx%d: %d lines:\n%s", width, height, len(lines), v.picture())
	}
	for _, line := range lines {
		if w := column.Width(line); w > width {
			t.Errorf("%dx%d: a line takes %d cells: %q", width, height, w, line)
		}
	}
	list := strings.Contains(v.picture(), "more below")
	if list && !strings.Contains(v.picture(), "❯") {
		t.Errorf("%dx%d: the chosen line is not shown:\n%s", width, height, v.picture())
	}
}

func TestRender_TheCountdownRingsDownAndIsMarkedInTheEnd(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 1)
	for after, want := range map[time.Duration]string{
		0: " 1:00 ", 500 * time.Millisecond: " 1:00 ", time.Second: " 0:59 ", 50 * time.Second: " 0:10 ",
		50*time.Second + time.Millisecond: "❯ !0:10 ", 51 * time.Second: "❯ !0:09 ", 59*time.Second + 999*time.Millisecond: "❯ !0:01 ", time.Minute: "time is up",
	} {
		v.now = begin.Add(after)
		v.shows(t, want)
	}
}

func TestRender_TheServersClockCounts(t *testing.T) {
	t.Parallel()
	v := &view{till: &till{}, now: begin.Add(-time.Hour)} // this machine's clock is an hour late
	v.begin(watch.Screen{})
	v.call(call(1))
	v.shows(t, "1:00 ", "09:58:00", "1 waiting")
}

func TestRender_NeedInWords(t *testing.T) {
	t.Parallel()
	c := call(1)
	when := at(2 * time.Hour)
	c.Request.Attributes, c.Request.NeededAt = []byte(`{"sliced":true,"kinds":["rye"]}`), &when
	v := &view{till: &till{}, now: begin}
	v.begin(watch.Screen{Codes: watch.Codes{Locale: "ko"}})
	v.call(c)
	v.shows(t, "제과점, kinds rye, sliced yes \"number 1\"", "quantity 2, up to £6, 850 m away, needed 11:58")
	c = call(2)
	c.Request.Code = "osm:shop=unheard"
	v.call(c)
	v.shows(t, "osm:shop=unheard \"number 2\"", "This code is not known")
}

func TestWords_SayEveryEventInALine(t *testing.T) {
	t.Parallel()
	c := call(1)
	c.Request.Note = hostile
	for want, e := range map[string]shop.Event{
		"line Leith Walk Bakery (shop_1), book version 3": hello(),
		"book version 4, 1 code":                          {Book: &wire.BookNews{Version: 4, Codes: []string{"osm:shop"}}},
		"closed missed: deadline":                         {Closed: &wire.ClosedCall{State: outcry.CallMissed, Reason: outcry.ClosedDeadline}},
		"message two lines":                               {Message: &wire.Message{From: outcry.PartyBuyer, Text: "two\nlines"}},
		"order ord_1 is placed":                           {Order: &wire.OrderNews{ID: "ord_1", State: outcry.OrderPlaced}},
		"lost no connection, trying again: gone":          {Kind: dial.Lost, Err: errors.New("gone")},
		"back on the line again":                          {Kind: dial.Back},
		" ":                                               {Message: &wire.Message{From: outcry.PartyShop, Text: "own"}},
		`call osm:shop=bakery "빵 두 개 please and more of it, as much as anybody may write", quantity 2, up to £6, 850 m away, 1:00 to answer`: {Call: &c},
	} {
		if what, words := watch.Words(e, begin); what+" "+words != want {
			t.Errorf("%q is said as %q", want, what+" "+words)
		}
	}
}

func TestRun_EndsWhenItsPersonLeavesAndNothingRuns(t *testing.T) {
	t.Parallel()
	s := &till{ended: make(chan struct{})}
	keys, typist := io.Pipe()
	go func() { _, _ = io.WriteString(typist, "q") }()
	_, err := watch.Run(t.Context(), watch.Screen{In: keys, Out: io.Discard, Codes: watch.Codes{Signals: signals}}, s)
	_ = typist.Close()
	if err != nil {
		t.Error(err)
	}
	select {
	case <-s.ended:
	default:
		t.Error("the watch goes on")
	}
}

func TestRun_EndsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	s := &till{ended: make(chan struct{})}
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	keys, typist := io.Pipe()
	defer typist.Close()
	if _, err := watch.Run(ctx, watch.Screen{In: keys, Out: io.Discard, Codes: watch.Codes{Signals: signals}}, s); err == nil {
		t.Error(fmt.Errorf("it left by itself"))
	}
	<-s.ended
}
