package live

import (
	"charm.land/lipgloss/v2"
)

// paint are the colours of the design's tokens, each with one meaning: yellow
// is a live voice, green a deal, vermilion the bell.
type paint struct {
	signal, deal, bell, second, third lipgloss.Style
	strong                            lipgloss.Style
}

// painted are the colours for a dark terminal, or for a light one.
func painted(light bool) paint {
	pick := lipgloss.LightDark(!light)
	colour := func(onLight, onDark string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(pick(lipgloss.Color(onLight), lipgloss.Color(onDark)))
	}
	return paint{
		signal: colour("#6E4E00", "#FFC93C"),
		deal:   colour("#0A6A4F", "#57CFA2"),
		bell:   colour("#B2381B", "#FF9173"),
		second: colour("#42565A", "#AEC2C2"),
		third:  colour("#596C70", "#8FA6A7"),
		strong: lipgloss.NewStyle().Bold(true),
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
