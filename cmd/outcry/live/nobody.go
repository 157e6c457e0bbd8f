package live

import (
	"fmt"

	"outcry"
	"outcry/cmd/outcry/input"
)

// nobody says how things stand where nobody has offered, and what helps.
func (d *drawing) nobody() {
	n, r := d.counts(), d.Board.Request
	switch {
	case r.ClosedReason == outcry.ClosedWithdrawn:
		d.line("   No offers came.")
		return
	case !d.Open():
		d.line("   " + d.Bell.Render("Nobody answered in time."))
		d.text("   ", fmt.Sprintf("What helps: ask again within %s, give more time, or ask for something broader.", input.Distance(2*r.RadiusM)), 3, d.Second)
		return
	case n.Called == 0:
		d.line("   No shop is called yet.")
		d.text("   ", "Those that sell this may be closed now, or further away.", 2, d.Second)
	case n.Waiting == 0:
		d.line("   Every shop that was called has declined.")
	default:
		d.line("   Nobody has answered yet.")
		d.text("   ", waitingWords(n.Waiting), 2, d.Second)
	}
	if !d.Done {
		d.text("   ", fmt.Sprintf("What helps: w asks within %s, e gives more time, b asks for something broader.", input.Distance(2*r.RadiusM)), 3, d.Second)
	}
}

func waitingWords(n int) string {
	if n == 1 {
		return "1 shop is still waiting to answer."
	}
	return fmt.Sprintf("%d shops are still waiting to answer.", n)
}
