package outcry

import (
	"slices"
	"strings"
)

// hoursExample stands in errors where nothing closer fits.
const hoursExample = `Mo-Fr 09:00-18:00; Sa 10:00-16:00; PH off`

// maxHoursRules bounds the rules of one text.
const maxHoursRules = 128

// ParseHours reads opening hours as OpenStreetMap's opening_hours tag writes
// them (wiki.openstreetmap.org/wiki/Key:opening_hours/specification):
//
//	Mo-Fr 09:00-18:00; Sa 10:00-16:00      several rules; a later one replaces
//	Tu,Th-Fr 09:00-12:00,13:00-17:00       lists and several spans
//	Fr-Sa 22:00-02:00, Su 18:00-26:00      past midnight
//	18:00+                                 open end: to midnight, at least 4 hours
//	24/7; Dec 25 off                       always, but for a day
//	Apr-Sep; Oct 15-Mar 15; 2026 Jan 01+   months, dates, years; easter -2 days
//	week 1-53/2 Mo; Su[1]; Fr[-1]          weeks by ISO 8601, n-th weekdays
//	Mo-Fr 09:00-17:00 || "by appointment"  a fallback, a remark (not open)
//	sunrise-(sunset+01:00)                 06:00-19:00: dawn is 05:30, sunrise 06:00, sunset 18:00, dusk 18:30
//	PH off; SH Mo-Fr 10:00-14:00           holidays: kept, but LeavesOut of OpenAt
//
// It takes what people write for these: any case, full names (Monday, Sept),
// 9:00, 09.00, 0900, 9-17, 9am-5pm, 18h30, noon, dashes of any kind, "to" and
// "and", a colon behind the days, a missing semicolon, the days behind the
// times ("9-5pm, Monday-Saturday"), daily, weekdays and bank holidays. A lone
// "off" or remark behind other rules says what holds otherwise. "00:00-00:00" is
// the whole day.
//
// The empty text gives the zero value, always open. The text is bounded by
// MaxHours bytes, also when written out in full. An error is of kind Invalid,
// about the field "hours", and names the byte, the piece and what to write.
func ParseHours(s string) (Hours, error) {
	if len(s) > MaxHours {
		return Hours{}, BadField("hours", "has %d bytes, at most %d fit; write them as short rules, for example %s", len(s), MaxHours, hoursExample)
	}
	if strings.TrimSpace(s) == "" {
		return Hours{}, nil
	}
	toks, err := hoursTokens(s)
	if err != nil {
		return Hours{}, err
	}
	p := &hoursParser{text: s, toks: toks}
	rules, err := p.rules()
	if err != nil {
		return Hours{}, err
	}
	return newHours(rules)
}

// hoursState is what a rule says of its times.
type hoursState uint8

const (
	hoursClosed hoursState = iota
	hoursOpen
	hoursUnknown
)

// hoursJoin is how a rule follows the one before.
type hoursJoin uint8

const (
	hoursReplaces hoursJoin = iota // ;
	hoursAdds                      // , and behind a fallback part of that
	hoursFallback                  // ||
)

// hoursRule is one rule: on those days, at those times, that state.
type hoursRule struct {
	join   hoursJoin
	label  string // a remark with a colon before all else
	days   hoursDays
	spans  []hoursSpan // none: the whole day
	state  hoursState
	remark string
}

// hoursParser walks the pieces of the text.
type hoursParser struct {
	text string
	toks []hoursToken
	i    int // the piece that is next
}

func (p *hoursParser) tok() hoursToken { return p.peek(0) }

func (p *hoursParser) peek(k int) hoursToken { return p.toks[min(p.i+k, len(p.toks)-1)] }

func (p *hoursParser) next() hoursToken {
	tok := p.tok()
	p.i = min(p.i+1, len(p.toks)-1)
	return tok
}

// take steps over the sign if it is next.
func (p *hoursParser) take(sign byte) bool {
	if p.tok().kind != sign {
		return false
	}
	p.next()
	return true
}

func (p *hoursParser) fail(tok hoursToken, format string, args ...any) error {
	return badHours(p.text, tok, format, args...)
}

// failFrom is the error about all pieces from start up to here.
func (p *hoursParser) failFrom(start hoursToken, remedy string) error {
	start.end = max(start.end, p.toks[max(p.i-1, 0)].end)
	return badHours(p.text, start, "%s", remedy)
}

// rules reads the whole text.
func (p *hoursParser) rules() ([]hoursRule, error) {
	var rules []hoursRule
	join := hoursReplaces
	for {
		for p.take(';') {
			join = hoursReplaces
		}
		if p.tok().kind == hoursEnd && len(rules) > 0 && p.toks[max(p.i-1, 0)].kind != '|' {
			return rules, nil
		}
		start := p.tok()
		rule, err := p.rule()
		if err != nil {
			return nil, err
		}
		if len(rules) == maxHoursRules {
			return nil, p.fail(start, "is one rule too many, at most %d fit; join days that have the same times, for example Mo-Fr 09:00-18:00", maxHoursRules)
		}
		rule.join = join
		rules = append(rules, rule)
		if join, err = p.joint(rule); err != nil {
			return nil, err
		}
	}
}

// joint reads what stands between a rule and the next.
func (p *hoursParser) joint(rule hoursRule) (hoursJoin, error) {
	switch {
	case p.tok().kind == hoursEnd, p.tok().kind == ';':
		return hoursReplaces, nil
	case p.take('|'):
		return hoursFallback, nil
	case p.take(','):
		return hoursAdds, nil
	case p.ruleStarts() && (rule.remark != "" || rule.state != hoursOpen || len(rule.spans) > 0 && !rule.days.everyDay()):
		return hoursReplaces, nil // the semicolon was forgotten
	}
	return 0, p.unexpected()
}

// ruleStarts says whether days stand here.
func (p *hoursParser) ruleStarts() bool {
	word := p.tok().text
	return p.yearHere(0) || p.dateHere(0) || p.weekdayStarts(0) || p.always(0) || word == "week" || word == "weeks"
}

// unexpected is the error about a piece that fits nowhere.
func (p *hoursParser) unexpected() error {
	tok := p.tok()
	if tok.kind == hoursWord {
		return p.fail(tok, `is not known here; days are Mo Tu We Th Fr Sa Su, a remark goes in double quotes; write for example %s or Mo-Fr "by appointment"`, hoursExample)
	}
	if tok.kind == hoursEnd {
		return p.fail(tok, "something is missing; write for example %s", hoursExample)
	}
	return p.fail(tok, "does not fit here; write days, then times, then a semicolon, for example %s", hoursExample)
}

// rule reads one rule.
func (p *hoursParser) rule() (hoursRule, error) {
	rule := hoursRule{state: hoursOpen}
	if p.tok().kind == hoursRemark && p.peek(1).kind == ':' {
		rule.label = p.next().text
		p.next()
	}
	start := p.i
	days, err := p.days()
	if err != nil {
		return rule, err
	}
	rule.days = days
	dated := p.i > start
	if rule.spans, err = p.times(dated); err != nil {
		return rule, err
	}
	if !dated && len(rule.spans) > 0 {
		p.daysBehind(&rule)
	}
	if !p.state(&rule) && rule.onlyYears() {
		return rule, p.fail(p.toks[start], "is read as a year, and no days or times follow; write times as 19:00-23:00 and dates as 2026 Dec 25")
	}
	if p.i == start {
		return rule, p.unexpected()
	}
	if d := &rule.days; d.weekdays == 0 && len(d.nth)+len(d.holidays) == 0 {
		d.weekdays = everyWeekday
	}
	return rule, nil
}

// onlyYears says whether a rule has years and nothing else, which is how times
// such as 1900-2300 look.
func (r hoursRule) onlyYears() bool {
	d := r.days
	return len(d.years) > 0 && len(d.dates)+len(d.weeks)+len(d.nth)+len(d.holidays)+len(r.spans) == 0 && d.weekdays == 0
}

// daysBehind takes weekdays that stand behind their times: "9-5pm, Mo-Sa".
// They are those of the next rule where times or a state follow them.
func (p *hoursParser) daysBehind(rule *hoursRule) {
	start := p.i
	comma := p.take(',')
	if !p.weekdayStarts(0) {
		p.i = start
		return
	}
	var days hoursDays
	err := p.weekdays(&days)
	next := p.tok().kind
	ends := next == hoursEnd || next == ';' || next == '|' || next == ',' && p.timeHere(1, false) ||
		next == hoursRemark && !comma
	if err != nil || !ends {
		p.i = start
		return
	}
	rule.days = days
}

// state reads "open", "off", "unknown" and a remark; a remark alone makes the
// times unknown, as the specification has it.
func (p *hoursParser) state(rule *hoursRule) (given bool) {
	if word := p.tok(); word.kind == hoursWord {
		given = true
		switch word.text {
		case "open":
			rule.state = hoursOpen
		case "off", "closed", "close":
			rule.state = hoursClosed
		case "unknown":
			rule.state = hoursUnknown
		default:
			return false
		}
		p.next()
	}
	if p.tok().kind == hoursRemark {
		rule.remark = p.next().text
		if !given {
			rule.state = hoursUnknown
		}
		given = true
	}
	return given
}

// newHours settles the rules and compiles them.
func newHours(rules []hoursRule) (Hours, error) {
	for i := 1; i < len(rules); i++ {
		if r := &rules[i]; r.otherwise() {
			r.join = hoursFallback
		}
	}
	leaves := leftOut(rules)
	if len(rules) > 1 {
		rules = slices.DeleteFunc(rules, func(r hoursRule) bool { return r.state == hoursClosed && r.otherwise() })
	}
	last := lastForAll(rules)
	kept := rules[:0]
	for i, r := range rules {
		// What is replaced has no effect; holidays are kept for the text.
		if i >= last || r.days.never() {
			kept = append(kept, r)
		}
	}
	return compileHours(kept, leaves)
}

// otherwise says whether the rule is a lone "off" or a lone remark. Behind other
// rules it can only mean what holds otherwise, since it would undo all of them.
func (r hoursRule) otherwise() bool {
	return r.state != hoursOpen && len(r.spans) == 0 && r.days.everyDay()
}

// lastForAll is the last rule that replaces all before it on every day, -1
// where there is none.
func lastForAll(rules []hoursRule) int {
	for i, r := range slices.Backward(rules) {
		if r.join == hoursReplaces && r.state != hoursClosed && r.days.everyDay() {
			return i
		}
	}
	return -1
}
