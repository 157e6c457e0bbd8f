package outcry

import (
	"fmt"
	"slices"
	"strings"
)

const (
	hoursAlways = "24/7"
	hoursNever  = "off"
	hoursAllDay = "open all day"
	// mostLeftOut bounds what LeavesOut tells.
	mostLeftOut = 20
)

// compileHours makes the plan of settled rules and writes its texts.
func compileHours(rules []hoursRule, leaves []string) (Hours, error) {
	p := newPlan(rules)
	p.leaves = leaves
	p.pattern = p.repeating()
	if bare, ok := bareRules(rules); ok && p.week == nil {
		p.pattern = newPlan(bare).repeating()
	}
	if len(p.text) > MaxHours {
		return Hours{}, BadField("hours", "written out in full these take %d bytes, at most %d fit; use fewer rules or spans, for example %s",
			len(p.text), MaxHours, hoursExample)
	}
	if p.text == hoursAlways && len(leaves) == 0 {
		return Hours{}, nil
	}
	return Hours{p}, nil
}

// newPlan compiles rules. Where they are plain and repeat weekly, the week is
// all that is kept of them.
func newPlan(rules []hoursRule) *hoursPlan {
	p := &hoursPlan{rules: rules, edges: ruleEdges(rules)}
	weekly, plain := true, true
	for _, r := range rules {
		weekly = weekly && (r.days.weekly() || r.days.never())
		plain = plain && r.plain()
	}
	if weekly {
		p.week = newWeek(p)
	}
	if weekly && plain {
		p.text, p.rules = p.week.String(), nil
	} else {
		p.text = rulesText(rules)
	}
	return p
}

// repeating is the text of the week where it repeats, else that of the rules.
func (p *hoursPlan) repeating() string {
	if p.week != nil {
		return p.week.String()
	}
	return p.text
}

// plain says whether the rule holds nothing that OpenAt cannot go by.
func (r hoursRule) plain() bool {
	for _, s := range r.spans {
		if !s.plain() {
			return false
		}
	}
	return r.label == "" && r.remark == "" && r.state != hoursUnknown && len(r.days.holidays) == 0
}

// bareRules are the rules without all that OpenAt does not go by. ok is false
// where a rule that goes would leave a comma to be read as part of a fallback.
func bareRules(rules []hoursRule) (bare []hoursRule, ok bool) {
	stands := hoursAdds // what a comma stands for here
	group := false      // a fallback is going on
	for i, r := range rules {
		idle := r.join == hoursFallback && r.state == hoursUnknown && !hasFallback(rules[i+1:])
		if r.join == hoursAdds && stands == hoursFallback {
			r.join = hoursFallback
		} else if r.join == hoursAdds && stands == hoursReplaces && group {
			return nil, false
		}
		if r.days.never() || idle {
			if r.join != hoursAdds {
				stands = r.join
			}
			continue
		}
		if r.join != hoursAdds {
			group = r.join == hoursFallback && len(bare) > 0
		}
		stands = hoursAdds
		bare = append(bare, r.bare())
	}
	return bare, true
}

// bare is the rule's days, times and state.
func (r hoursRule) bare() hoursRule {
	spans := make([]hoursSpan, len(r.spans))
	for i, s := range r.spans {
		spans[i] = hoursSpan{from: s.from, to: s.to}
	}
	r.days.holidays = nil
	return hoursRule{join: r.join, days: r.days, spans: joinSpans(spans), state: r.state}
}

func hasFallback(rules []hoursRule) bool {
	return slices.ContainsFunc(rules, func(r hoursRule) bool { return r.join == hoursFallback })
}

// rulesText writes the rules as the parser reads them; "off" where there are
// none.
func rulesText(rules []hoursRule) string {
	if len(rules) == 0 {
		return hoursNever
	}
	var s strings.Builder
	for i, r := range rules {
		if i > 0 {
			s.WriteString([]string{"; ", ", ", " || "}[r.join])
		}
		s.WriteString(r.String())
	}
	return s.String()
}

// String writes the rule. Times and days are given even where they are all, so
// that nothing before it can swallow them.
func (r hoursRule) String() string {
	var parts []string
	if r.label != "" {
		parts = append(parts, `"`+r.label+`":`)
	}
	days, times := r.days.String(), spansText(r.spans)
	if times == "" && r.state == hoursOpen {
		times = "00:00-24:00"
	}
	if days == "" && times != "" {
		days = "Mo-Su"
	}
	for _, part := range []string{days, times} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	switch {
	case r.state == hoursClosed:
		parts = append(parts, "off")
	case r.state == hoursOpen && r.remark != "":
		parts = append(parts, "open")
	case r.state == hoursUnknown && r.remark == "":
		parts = append(parts, "unknown")
	}
	if r.remark != "" {
		parts = append(parts, `"`+r.remark+`"`)
	}
	return strings.Join(parts, " ")
}

func spansText(spans []hoursSpan) string {
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.String()
	}
	return strings.Join(texts, ",")
}

// todayText tells the spans of one day to people, by the clock that they see.
func todayText(spans []hoursSpan) string {
	texts := make([]string, len(spans))
	for i, s := range spans {
		if s.from >= dayMinutes {
			s.from, s.to = s.from-dayMinutes, s.to-dayMinutes
		}
		texts[i] = s.String()
	}
	switch text := strings.Join(texts, ", "); text {
	case "":
		return "closed today"
	case "00:00-24:00":
		return hoursAllDay
	default:
		return text
	}
}

// leftOut tells what OpenAt does not take as written.
func leftOut(rules []hoursRule) []string {
	var told []string
	last := lastForAll(rules)
	onlyCloses, saysMore := true, false
	for i, r := range rules {
		onlyCloses = onlyCloses && r.state == hoursClosed
		saysMore = saysMore || !r.otherwise()
		if len(r.days.holidays) > 0 {
			told = append(told, fmt.Sprintf("%s: holidays are not known here, so this is left out", r.onHolidays()))
		}
		switch {
		case r.days.never():
			continue
		case i < last:
			told = append(told, fmt.Sprintf("%s: the later rule %s replaces it; join them by a comma to keep both", r, rules[last]))
			continue
		case r.state == hoursUnknown:
			told = append(told, fmt.Sprintf("%s: not known to be open, so not counted as open", r))
		}
		for _, s := range r.spans {
			if !s.plain() {
				told = append(told, fmt.Sprintf("%s: counted as %s", s, hoursSpan{from: s.from, to: s.to}))
			}
		}
	}
	if onlyCloses && saysMore {
		told = append(told, "nothing says when it is open, so it never is; write for example 24/7; Su off")
	}
	if len(told) > mostLeftOut {
		told = append(told[:mostLeftOut:mostLeftOut], fmt.Sprintf("and %d more", len(told)-mostLeftOut))
	}
	return told
}

// onHolidays is the part of the rule that is about holidays.
func (r hoursRule) onHolidays() hoursRule {
	if !r.days.bothNeeded {
		r.days.weekdays, r.days.nth = 0, nil
	}
	return r
}
