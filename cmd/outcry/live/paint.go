package live

import (
	"charm.land/lipgloss/v2"
)

// Paint are the colours of the design's tokens, each with one meaning: yellow
// is a live voice, green a deal, vermilion the bell.
type Paint struct {
	Signal, Deal, Bell, Second, Third lipgloss.Style
	Strong                            lipgloss.Style
}

// Painted are the colours for a dark terminal, or for a light one.
func Painted(light bool) Paint {
	pick := lipgloss.LightDark(!light)
	colour := func(onLight, onDark string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(pick(lipgloss.Color(onLight), lipgloss.Color(onDark)))
	}
	return Paint{
		Signal: colour("#6E4E00", "#FFC93C"),
		Deal:   colour("#0A6A4F", "#57CFA2"),
		Bell:   colour("#B2381B", "#FF9173"),
		Second: colour("#42565A", "#AEC2C2"),
		Third:  colour("#596C70", "#8FA6A7"),
		Strong: lipgloss.NewStyle().Bold(true),
	}
}

// The shapes: eight sides are an answer, as far as a terminal has letters with
// sides; circles are calls without answer; crosses are declines.
const (
	shapeOffer   = "⬡"
	shapeDeal    = "⬢"
	shapeWaiting = "○"
	shapeDone    = "●"
	shapeDecline = "×"
	barLeft      = "━"
	barSpent     = "─"
)
