package board

import (
	"fmt"
	"math"
	"time"

	"outcry"
)

// sayPrice tells a price beside the cheapest one of its currency.
func sayPrice(s *Slip) string {
	switch {
	case s.dear == 1:
		return "the lowest price so far"
	case math.IsInf(s.dear, 1):
		return "others ask nothing"
	}
	return fmt.Sprintf("%.0f %% above the lowest price", 100*(s.dear-1))
}

// sayMetres tells a distance: "850 m away", "4.2 km away".
func sayMetres(metres int) string {
	if metres < 1000 {
		return fmt.Sprintf("%d m away", metres)
	}
	return fmt.Sprintf("%.1f km away", float64(metres)/1000)
}

// sayRating tells a rating and how many gave it.
func sayRating(r outcry.Rating) string {
	switch r.Count {
	case 0:
		return "not rated yet, counted as 4 stars"
	case 1:
		return fmt.Sprintf("%.1f stars, rated once", r.Mean())
	}
	return fmt.Sprintf("%.1f stars, rated %d times", r.Mean(), r.Count)
}

// saySoon tells how long after the time needed something can be had.
func saySoon(late time.Duration) string {
	switch {
	case late <= 0:
		return "in time"
	case late < time.Minute:
		return "at once"
	case late < 2*time.Hour:
		return fmt.Sprintf("%.0f min later than needed", late.Minutes())
	case late < 48*time.Hour:
		return fmt.Sprintf("%.0f h later than needed", late.Hours())
	}
	return fmt.Sprintf("%.0f days later than needed", late.Hours()/24)
}
