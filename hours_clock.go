package outcry

// The sun rises and sets when the place and the date say so, which are not
// known here; these are the times that it keeps near an equinox.
var sunMinutes = map[string]int{"dawn": 5*60 + 30, "sunrise": 6 * 60, "sunset": 18 * 60, "dusk": 18*60 + 30}

// clockWords are names for times of the day.
var clockWords = map[string]int{"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}

// clockUnits are words behind a time that say that it is one.
var clockUnits = map[string]bool{"h": true, "hr": true, "hrs": true, "hour": true, "hours": true, "uhr": true}

// halves are the words for the two halves of the day.
var halves = map[string]int{"am": 1, "pm": 2, "a": 1, "p": 2}

// hoursClock is one time as it was written.
type hoursClock struct {
	minute int
	half   int    // 1 before noon, 2 after, 0 not said
	bare   bool   // a lone hour: "9"
	sun    string // the canonical text of a time by the sun
}

// inHalf is the minute of the day, with the hour read in that half of it.
func (c hoursClock) inHalf(half int) int {
	switch hour := c.minute / 60; {
	case half == 1 && hour == 12:
		return c.minute - 12*60
	case half == 2 && hour < 12:
		return c.minute + 12*60
	}
	return c.minute
}

// clock reads one time: 09:00, 9.30, 0900, 9, 9am, 18h30, noon or by the sun.
func (p *hoursParser) clock() (hoursClock, error) {
	tok := p.tok()
	minute, named := clockWords[tok.text]
	switch {
	case tok.kind == '(' || tok.kind == hoursWord && sunMinutes[tok.text] != 0:
		return p.sunClock()
	case tok.kind == hoursWord && named:
		p.i++
		return hoursClock{minute: minute}, nil
	case tok.kind != hoursNumber:
		return hoursClock{}, p.fail(tok, "should be a time; write it as 09:00, for example Mo-Fr 09:00-17:00")
	}
	c, err := p.clockDigits()
	if err != nil {
		return c, err
	}
	if word := p.tok(); word.kind == hoursWord && (halves[word.text] != 0 || clockUnits[word.text] || named12(c, word)) {
		p.i++
		c.half = halves[word.text]
		c.bare = c.bare && c.half == 0 && !clockUnits[word.text] && !named12(c, word)
		if named12(c, word) {
			c.minute = clockWords[word.text]
		}
	}
	if c.half != 0 && c.minute >= 13*60 && (c.half == 1 || c.minute >= dayMinutes) {
		return c, p.failFrom(tok, "is not a time before or after noon; write it by the 24-hour clock, for example 17:00")
	}
	return c, nil
}

// named12 says whether the word behind a time is the noon of "12 noon".
func named12(c hoursClock, word hoursToken) bool {
	_, named := clockWords[word.text]
	return named && c.minute == 12*60
}

// clockDigits reads the digits of one time.
func (p *hoursParser) clockDigits() (hoursClock, error) {
	tok, sign, minutes := p.tok(), p.peek(1), p.peek(2)
	hour, minute, bare := tok.num, 0, false
	touching := sign.off == tok.end && minutes.off == sign.end && minutes.kind == hoursNumber
	switch {
	case touching && (sign.kind == ':' || sign.kind == '.' || sign.text == "h"):
		p.i += 3
		if len(minutes.text) != 2 || len(tok.text) > 2 {
			minute = 60
		} else {
			minute = minutes.num
		}
	case len(tok.text) > 2:
		p.i++
		hour, minute = tok.num/100, tok.num%100
	default:
		p.i++
		bare = true
	}
	if minute >= 60 || hour*60+minute > 2*dayMinutes {
		return hoursClock{}, p.failFrom(tok, "is not a time; write hours 00 to 24 and minutes 00 to 59, for example 09:30")
	}
	return hoursClock{minute: hour*60 + minute, bare: bare}, nil
}

// sunClock reads "sunset" or "(sunset+01:00)".
func (p *hoursParser) sunClock() (hoursClock, error) {
	start, inside := p.tok(), p.take('(')
	event := p.tok()
	minute, known := sunMinutes[event.text]
	if event.kind != hoursWord || !known {
		return hoursClock{}, p.fail(event, "should be dawn, sunrise, sunset or dusk; write for example (sunset+01:00)")
	}
	p.i++
	if !inside {
		return hoursClock{minute: minute, sun: event.text}, nil
	}
	sign := p.tok().kind
	if !p.take('+') && !p.take('-') || p.tok().kind != hoursNumber {
		return hoursClock{}, p.failFrom(start, "needs a time to add or take off; write for example (sunset+01:00)")
	}
	offset, err := p.clockDigits()
	if err != nil {
		return hoursClock{}, err
	}
	c := hoursClock{minute: minute + offset.minute, sun: "(" + event.text + "+" + clockText(offset.minute) + ")"}
	if sign == '-' {
		c = hoursClock{minute: minute - offset.minute, sun: "(" + event.text + "-" + clockText(offset.minute) + ")"}
	}
	if !p.take(')') || c.minute < 0 || c.minute > dayMinutes {
		return c, p.failFrom(start, "is not a time of the day; write for example (sunset+01:00)")
	}
	return c, nil
}
