package live

import (
	"fmt"
	"math"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/wire"
)

// columns are those of the table of offers.
var columns = []column.Column{
	{Head: " ", Right: true},
	{Head: "Shop", Min: 12},
	{Head: "Price", Right: true},
	{Head: "When"},
	{Head: "Distance", Right: true, Drop: 1},
	{Head: "Rating", Drop: 2},
	{Head: "Points", Right: true, Drop: 3},
	{Head: "Why", Min: 16, Drop: 4},
}

// Table is the offers of a board as lines for people: a head, then a line an
// offer, in at most width cells. Without offers there are no lines.
func Table(b wire.Board, width int, now time.Time) []string {
	if len(b.Offers) == 0 {
		return nil
	}
	s := State{Board: b}
	return column.Lines(columns, s.rows(b.Offers, now), width)
}

// rows are the cells of offers.
func (s State) rows(offers []wire.BoardOffer, now time.Time) [][]string {
	live := s.Live()
	rows := make([][]string, len(offers))
	for i, o := range offers {
		rank, when, points, why := fmt.Sprint(o.Rank), When(o.AvailableAt, now), fmt.Sprintf("%.0f", math.Round(o.Score)), Why(o, live)
		if o.State != outcry.OfferLive {
			rank, when, points, why = shapeDecline, string(o.State), "", ""
		}
		if o.State == outcry.OfferAccepted {
			rank = shapeDeal
		}
		if was, ok := s.Was[o.ID]; ok && o.State == outcry.OfferLive {
			why = "Was " + was.String() + ". " + why
		}
		rows[i] = []string{
			rank, column.Clean(o.Shop.Name), o.Price.String(), when,
			input.Distance(o.Shop.DistanceM).String(), rating(o.Shop), points, why,
		}
	}
	return rows
}

func rating(s wire.BoardShop) string {
	if s.Ratings == 0 {
		return "not yet"
	}
	return fmt.Sprintf("%.1f (%d)", s.Rating, s.Ratings)
}

// When says for people when something can be had: "now", "in 25 min", "18:30",
// "Mon 18:30" or "2 Jan 18:30".
func When(at *wire.Time, now time.Time) string {
	if at == nil {
		return "now"
	}
	t := time.Time(*at).In(now.Location())
	wait := t.Sub(now)
	switch {
	case wait <= time.Minute/2:
		return "now"
	case wait <= 90*time.Minute:
		return fmt.Sprintf("in %.0f min", math.Ceil(wait.Minutes()))
	case t.YearDay() == now.YearDay() && wait < 24*time.Hour:
		return t.Format("15:04")
	case wait < 6*24*time.Hour:
		return t.Format("Mon 15:04")
	}
	return t.Format("2 Jan 15:04")
}

// offers draws the table, or what helps where there is nothing to show.
func (d *drawing) offers() {
	if len(d.Board.Offers) == 0 {
		d.nobody()
		return
	}
	shown, before, after := d.window()
	lines := column.Lines(columns, d.rows(shown, d.now), d.width-3)
	d.line("   " + d.Third.Render(lines[0]))
	if before > 0 {
		d.line("   " + d.Third.Render(fmt.Sprintf("  %d more above", before)))
	}
	chosen, ok := d.Choice()
	for i, o := range shown {
		marker := "   "
		if ok && o.ID == chosen.ID && !d.Done {
			marker = " " + d.Strong.Render("❯") + " "
		}
		d.line(marker + d.row(o, lines[i+1]))
	}
	if after > 0 {
		d.line("   " + d.Third.Render(fmt.Sprintf("  %d more below", after)))
	}
	if ok {
		d.line("")
		d.detail(chosen)
	}
}

// row colours a line of the table: the first offer is the voice; what cannot be
// had any more steps back.
func (d *drawing) row(o wire.BoardOffer, line string) string {
	switch {
	case o.State == outcry.OfferAccepted:
		return d.Deal.Render(line)
	case o.State == outcry.OfferWithdrawn:
		return d.Third.Strikethrough(true).Render(line)
	case o.State != outcry.OfferLive:
		return d.Third.Render(line)
	case o.Rank == 1:
		return d.Signal.Bold(true).Render(line)
	}
	return line
}

// window is the part of the offers that is shown, with the choice in it.
func (d *drawing) window() (shown []wire.BoardOffer, before, after int) {
	all := d.Board.Offers
	if d.Rows <= 0 || len(all) <= d.Rows {
		return all, 0, 0
	}
	at := d.index(d.Live())
	before = max(0, min(at-d.Rows/2, len(all)-d.Rows))
	return all[before : before+d.Rows], before, len(all) - before - d.Rows
}

// detail says more of the chosen offer: what speaks for it, what its points are
// made of, what it fills in, what the shop says.
func (d *drawing) detail(o wire.BoardOffer) {
	d.text("   ", Why(o, d.Live())+".", 2, d.Second)
	if len(o.Reasons) > 0 {
		parts := make([]string, len(o.Reasons))
		for i, p := range o.Reasons {
			parts[i] = fmt.Sprintf("%s %.0f", p.Name, math.Round(p.Points))
		}
		d.text("   ", fmt.Sprintf("%s: %.0f of 100.", capital(strings.Join(parts, ", ")), math.Round(o.Score)), 2, d.Second)
	}
	if filled := Attributes(o.Attributes); len(filled) > 0 {
		d.text("   ", strings.Join(filled, ", "), 2, d.Second)
	}
	if o.Message != "" {
		d.text("   ", "\""+column.Clean(o.Message)+"\"", 3, d.Second)
	}
}
