package counter

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v4"

	"outcry"
)

// everyCode is how a way for every code is written.
const everyCode = "*"

// plan reads the whole of a file.
func (r *reader) plan(n *yaml.Node, p *Plan) {
	r.keys(n, "", map[string]func(*yaml.Node, string){
		"prices":    func(n *yaml.Node, path string) { p.Prices, _ = r.scalar(n, path, false) },
		"software":  func(n *yaml.Node, path string) { r.software(n, path, &p.Software) },
		"confirm":   func(n *yaml.Node, path string) { p.Confirm = r.yes(n, path) },
		"time_zone": func(n *yaml.Node, path string) { p.Zone = r.zone(n, path) },
		"answer": func(n *yaml.Node, path string) {
			r.list(n, path, maxWays, func(n *yaml.Node, path string) { p.Ways = append(p.Ways, r.way(n, path, p.Ways)) })
		},
		"rules": func(n *yaml.Node, path string) {
			r.list(n, path, maxRules, func(n *yaml.Node, path string) { p.Rules = append(p.Rules, r.rule(n, path, p.Rules)) })
		},
	})
	if n.Kind != yaml.MappingNode || !p.Software.None() {
		return
	}
	for i, w := range p.Ways {
		if w.By == BySoftware && r.faults == nil {
			r.fault(n, "software", "answer[%d] leaves calls to the software; write where it is, for example software: http://127.0.0.1:9000/answer", i)
			return
		}
	}
}

func (r *reader) yes(n *yaml.Node, path string) bool {
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		r.fault(n, path, "write true or false")
	}
	return n.Value == "true"
}

func (r *reader) zone(n *yaml.Node, path string) *time.Location {
	zone, err := time.LoadLocation(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode || n.Value == "" || n.Value == "Local" {
		r.fault(n, path, "write a time zone by its place, for example Europe/London")
		return nil
	}
	return zone
}

// software reads an address, a command in words, or a command as a list.
func (r *reader) software(n *yaml.Node, path string, s *Software) {
	if n.Kind == yaml.SequenceNode {
		r.list(n, path, 100, func(n *yaml.Node, path string) {
			word, _ := r.scalar(n, path, true)
			s.Command = append(s.Command, word)
		})
		if len(s.Command) == 0 || s.Command[0] == "" {
			r.fault(n, path, "write the command and what it is given, for example [./answer, --fast]")
		}
		return
	}
	where, ok := r.scalar(n, path, false)
	switch at, err := url.Parse(where); {
	case !ok:
	case err == nil && (at.Scheme == "http" || at.Scheme == "https") && at.Host != "" && at.User == nil:
		s.URL = where
	case strings.Contains(where, "://") || strings.TrimSpace(where) == "":
		r.fault(n, path, "write an address such as http://127.0.0.1:9000/answer, or a command such as [./answer, --fast]")
	default:
		s.Command = strings.Fields(where)
	}
}

// way reads who answers for a code.
func (r *reader) way(n *yaml.Node, path string, before []Way) (w Way) {
	r.keys(n, path, map[string]func(*yaml.Node, string){
		"code": func(n *yaml.Node, path string) {
			if n.Value != everyCode {
				w.Code = r.code(n, path)
			}
			if slices.ContainsFunc(before, func(other Way) bool { return other.Code == w.Code }) {
				r.fault(n, path, "this code stands above already; make them one")
			}
		},
		"by": func(n *yaml.Node, path string) { w.By = r.by(n, path) },
	})
	if n.Kind == yaml.MappingNode && len(n.Content) < 4 {
		r.fault(n, path, "write both code and by, for example {code: osm:shop=bakery, by: prices}")
	}
	return w
}

func (r *reader) code(n *yaml.Node, path string) outcry.Code {
	code, err := outcry.ParseCode(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		r.fault(n, path, "write a signal code as scheme:id, for example osm:shop=bakery")
	}
	return code
}

func (r *reader) by(n *yaml.Node, path string) By {
	by := By(n.Value)
	if n.Kind != yaml.ScalarNode || !slices.Contains([]By{ByPrices, BySoftware, ByPerson}, by) {
		r.fault(n, path, "write prices, software or person")
	}
	return by
}

var oneWord = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// rule reads a rule.
func (r *reader) rule(n *yaml.Node, path string, before []Rule) (rule Rule) {
	r.keys(n, path, map[string]func(*yaml.Node, string){
		"name": func(n *yaml.Node, path string) {
			rule.Name = n.Value
			switch {
			case n.Kind != yaml.ScalarNode || !oneWord.MatchString(n.Value):
				r.fault(n, path, "write one word of small letters, digits and _, at most 40")
			case slices.ContainsFunc(before, func(other Rule) bool { return other.Name == n.Value }):
				r.fault(n, path, "a rule above has that name already; write another")
			}
		},
		"code": func(n *yaml.Node, path string) { rule.Code = r.code(n, path) },
		"when": func(n *yaml.Node, path string) { rule.when = r.expression(n, path, cel.BoolType) },
		"then": func(n *yaml.Node, path string) { r.then(n, path, &rule) },
	})
	has := func(key string) bool {
		return slices.ContainsFunc(n.Content, func(k *yaml.Node) bool { return k.Value == key })
	}
	if n.Kind == yaml.MappingNode && (!has("name") || !has("then")) {
		r.fault(n, path, "a rule has a name and a then, for example {name: too_many, when: request.quantity > 50, then: {decline: At most 50}}")
	}
	rule.offer = rule.offer || rule.when != nil && rule.when.offer
	return rule
}

// then reads what a rule does.
func (r *reader) then(n *yaml.Node, path string, rule *Rule) {
	r.keys(n, path, map[string]func(*yaml.Node, string){
		"decline":      func(n *yaml.Node, path string) { rule.decline = r.template(n, path, outcry.MaxReason) },
		"by":           func(n *yaml.Node, path string) { rule.by = r.by(n, path) },
		"price":        func(n *yaml.Node, path string) { rule.price = r.expression(n, path, cel.DoubleType) },
		"lead_minutes": func(n *yaml.Node, path string) { rule.lead = r.expression(n, path, cel.DoubleType) },
		"message":      func(n *yaml.Node, path string) { rule.message = r.template(n, path, outcry.MaxMessage) },
	})
	changes := rule.price != nil || rule.lead != nil || rule.message != nil
	switch {
	case n.Kind != yaml.MappingNode:
	case len(n.Content) == 0:
		r.fault(n, path, "write what is done: decline, by, price, lead_minutes or message")
	case rule.decline != nil && len(n.Content) > 2, rule.by != "" && len(n.Content) > 2:
		r.fault(n, path, "decline and by stand alone: nothing is offered by this rule any more")
	case rule.by == BySoftware || rule.by == ByPrices:
		r.fault(n, path+".by", "a rule can leave a call to a person; who answers for which code stands under answer")
	}
	rule.offer = changes || rule.decline != nil && rule.decline.offer()
}

// expression compiles an expression.
func (r *reader) expression(n *yaml.Node, path string, want *cel.Type) *expression {
	source, ok := r.scalar(n, path, true)
	if !ok {
		return nil
	}
	x, m := compile(source, want)
	if m != nil {
		r.mishap(n, path, m)
		return nil
	}
	return x
}

// template compiles a text with expressions in braces.
func (r *reader) template(n *yaml.Node, path string, most int) *template {
	source, ok := r.scalar(n, path, true)
	switch {
	case !ok:
		return &template{}
	case utf8.RuneCountInString(source) > most:
		r.fault(n, path, "write at most %d characters", most)
		return &template{}
	}
	t, m := compileTemplate(source)
	if m != nil {
		r.mishap(n, path, m)
		return &template{}
	}
	return t
}
