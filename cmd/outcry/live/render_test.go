package live_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/live"
	"outcry/wire"
)

var update = flag.Bool("update", false, "write the pictures anew")

// scene is a state at a moment, of which there is a picture at some widths.
type scene struct {
	name   string
	state  live.State
	after  time.Duration // since the request was asked
	widths []int
}

func scenes() []scene {
	empty := live.State{Board: wire.Board{Request: asked()}, Name: "Bakery", Rank: outcry.RankBest}
	uncalled := empty
	uncalled.Board.Request.Counts = &outcry.Counts{}
	question := standing()
	question.Mode, question.Chosen = live.Accepting, "off_b"
	leaving := standing()
	leaving.Mode = live.Leaving
	lost := standing()
	lost.Lost = begin.Add(15 * time.Second)
	few := standing()
	few.Rows, few.Chosen = 2, "off_c"
	ordered := closed(standing(), outcry.ClosedAccepted)
	ordered.Order = accepted(outcry.OrderConfirmed)
	fulfilled := closed(standing(), outcry.ClosedAccepted)
	fulfilled.Order = accepted(outcry.OrderFulfilled)
	changed := standing()
	changed.Notice, changed.Bad = "This offer changed to £1.95 while you read. Look again.", true
	left := closed(standing(), outcry.ClosedEnough)
	left.Done = true
	return []scene{
		{"standing", standing(), 18 * time.Second, []int{40, 60, 80, 120, 200}},
		{"empty", empty, time.Second, []int{60, 80}},
		{"uncalled", uncalled, time.Second, []int{60}},
		{"nobody", closed(empty, outcry.ClosedNobody), time.Minute, []int{60}},
		{"question", question, 20 * time.Second, []int{60, 80}},
		{"leaving", leaving, 20 * time.Second, []int{80}},
		{"lost", lost, 25 * time.Second, []int{80}},
		{"few", few, 25 * time.Second, []int{80}},
		{"changed", changed, 25 * time.Second, []int{80}},
		{"ordered", ordered, time.Minute, []int{60, 80}},
		{"fulfilled", fulfilled, time.Minute, []int{80}},
		{"left", left, time.Minute, []int{80}},
	}
}

func TestRender_LooksAsDrawn(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		for _, width := range s.widths {
			got := ansi.Strip(live.Render(s.state, width, begin.Add(s.after))) + "\n"
			path := filepath.Join("testdata", fmt.Sprintf("%s-%d.txt", s.name, width))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v; draw it with: go test ./cmd/outcry/live -update", err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s at %d cells: %s", s.name, width, diff)
			}
		}
	}
}

func TestRender_KeepsWithinItsWidth(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		for width := 40; width <= 200; width++ {
			for line := range strings.SplitSeq(live.Render(s.state, width, begin.Add(s.after)), "\n") {
				if w := column.Width(line); w > width {
					t.Fatalf("%s at %d cells has a line of %d: %q", s.name, width, w, line)
				}
			}
		}
	}
}

// colours that the pictures use, as terminals are told them.
const (
	yellow    = "38;2;255;201;60"
	green     = "38;2;87;207;162"
	vermilion = "38;2;255;145;115"
)

// painted is the line of a picture that holds the words.
func painted(t *testing.T, s live.State, after time.Duration, words string) string {
	t.Helper()
	for line := range strings.SplitSeq(live.Render(s, 100, begin.Add(after)), "\n") {
		if strings.Contains(ansi.Strip(line), words) {
			return line
		}
	}
	t.Fatalf("the picture has no line with %q", words)
	return ""
}

func TestRender_YellowIsAVoiceGreenADealVermilionTheBell(t *testing.T) {
	t.Parallel()
	ordered := closed(standing(), outcry.ClosedAccepted)
	ordered.Order = accepted(outcry.OrderPlaced)
	question := standing()
	question.Mode = live.Accepting
	lost := standing()
	lost.Lost = begin
	for _, c := range []struct {
		state  live.State
		after  time.Duration
		words  string
		colour string
	}{
		{standing(), 18 * time.Second, "left to answer", yellow},
		{standing(), 18 * time.Second, "Leith Walk Bakery", yellow},
		{standing(), 18 * time.Second, "연남 빵집", ""},
		{standing(), 49 * time.Second, "left to answer", yellow},
		{standing(), 50 * time.Second, "left to answer", vermilion},
		{standing(), 50 * time.Second, "━━━", vermilion},
		{question, 18 * time.Second, "Accept £2.40 from", green},
		{ordered, 58 * time.Second, "Accepted £2.40", green},
		{lost, 18 * time.Second, "No connection since", vermilion},
	} {
		line := painted(t, c.state, c.after, c.words)
		for _, colour := range []string{yellow, green, vermilion} {
			if has := strings.Contains(line, colour); has != (colour == c.colour) {
				t.Errorf("after %s the line with %q is %q", c.after, c.words, line)
			}
		}
	}
}

func TestRender_OnPaperTheVoiceIsDark(t *testing.T) {
	t.Parallel()
	s := standing()
	s.Light = true
	if line := painted(t, s, 18*time.Second, "Leith Walk Bakery"); strings.Contains(line, yellow) || !strings.Contains(line, "38;2;110;78;0") {
		t.Errorf("on a light terminal the first offer is %q", line)
	}
}

func TestRender_ShopsPaintNothing(t *testing.T) {
	t.Parallel()
	if picture := live.Render(standing(), 80, begin); strings.Contains(picture, "\x1b[31m") {
		t.Error("a shop's message coloured the terminal")
	}
}

func TestClock_ASecondThatHasBegunCounts(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{
		0: "0:00", time.Millisecond: "0:01", 41*time.Second + 1: "0:42", time.Minute: "1:00",
		2*time.Hour + 42*time.Second: "2:00:42", 72 * time.Hour: "3 days",
	} {
		if got := live.Clock(left); got != want {
			t.Errorf("%s is written %s, not %s", left, got, want)
		}
	}
}

func TestWhen_SaidAsPeopleDo(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{
		-time.Hour: "now", 20 * time.Second: "now", 61 * time.Second: "in 2 min", 90 * time.Minute: "in 90 min",
		5 * time.Hour: "14:58", 20 * time.Hour: "Tue 05:58", 23*time.Hour + 59*time.Minute: "Tue 09:57", 200 * time.Hour: "1 Dec 17:58",
	} {
		if got := live.When(at(after), begin); got != want {
			t.Errorf("%s later is %q, not %q", after, got, want)
		}
	}
	if got := live.When(nil, begin); got != "now" {
		t.Errorf("no time is %q", got)
	}
}

func TestWhy_NamesWhatNobodyElseHas(t *testing.T) {
	t.Parallel()
	all := standing().Live()
	want := []string{"Nearest, best rated, soonest", "Lowest price", "£10.55 above the lowest"}
	for i, o := range all {
		if got := live.Why(o, all); got != want[i] {
			t.Errorf("offer %d: %q, not %q", i+1, got, want[i])
		}
	}
	if got := live.Why(all[0], all[:1]); got != "The first offer" {
		t.Errorf("alone: %q", got)
	}
	if got := live.Why(all[0], []wire.BoardOffer{all[0], all[0]}); got != "As good as others" {
		t.Errorf("a tie in everything: %q", got)
	}
}
