package onboarding

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"outcry"
)

// Kinds knows what a kind of shop sells.
type Kinds interface {
	Get(code outcry.Code) (outcry.Signal, bool)
	// CodesForTags gives the codes of a place by its tags of OpenStreetMap.
	CodesForTags(tags map[string]string) []outcry.Code
	// Best is the code that words mean; ok is false where none is likely.
	Best(words, locale string) (code outcry.Code, ok bool)
	// Sells gives the branches of products that shops of a code sell.
	Sells(code outcry.Code) []outcry.Code
}

// kindFinder finds what the shop of one row sells.
type kindFinder struct {
	kinds  Kinds
	plan   Plan
	row    row
	locale string
	codes  []outcry.Code
	silent []string // kinds that do not say what is sold
	odd    []string // kinds that nobody knows
	notes  []string
}

// vacancies are kinds that say that there is no shop.
var vacancies = []string{"vacant", "no", "closed", "disused", "abandoned", "empty", "none"}

// silences are kinds that say nothing of what is sold.
var silences = []string{"yes", "other", "shop", "store", "unknown", "retail", "business", "misc", "n/a", "-", "?"}

// find gives the codes of the row's shop, or says why there are none.
func (k *kindFinder) find() (codes []outcry.Code, reason string) {
	if reason := k.gone(); reason != "" {
		return nil, reason
	}
	looks := []func(){k.ownCodes, k.tags, k.columns, k.inWords, k.planned}
	if k.plan.Columns["kind"] != "" {
		looks[1], looks[2] = looks[2], looks[1]
	}
	for _, look := range looks {
		if look(); len(k.codes) > 0 {
			return k.withProducts(), ""
		}
	}
	switch {
	case len(k.odd) > 0:
		return nil, fmt.Sprintf("its kind %q is not known; write a kind of OpenStreetMap such as bakery, a signal code, or other words",
			clip(strings.Join(k.odd, "; ")))
	case len(k.silent) > 0:
		return nil, fmt.Sprintf("its kind %q does not say what it sells; write for example bakery or a signal code",
			clip(strings.Join(k.silent, "; ")))
	}
	return nil, "it has no kind; write what the shop is, for example bakery or a signal code"
}

// gone says why there is no shop at the place any more.
func (k *kindFinder) gone() string {
	var vacant string
	for _, key := range append(k.plan.kindKeys(), k.plan.keys("kind")...) {
		switch v := k.row.values[key]; {
		case v != "" && !slices.Contains(vacancies, keyOf(v)):
			return ""
		case v != "" && vacant == "":
			vacant = fmt.Sprintf("there is no shop at the place (%s=%s); leave it out, or write what it is now", key, clip(v))
		}
	}
	for _, key := range kindKeys {
		for _, was := range formerly {
			if v := k.row.values[was+key]; v != "" {
				return fmt.Sprintf("it is a shop no more (%s%s=%s); write what it is now", was, key, clip(v))
			}
		}
	}
	return vacant
}

// ownCodes takes the signal codes that the row has itself.
func (k *kindFinder) ownCodes() {
	text, _ := k.plan.get(k.row, "codes")
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;| ", r) }) {
		if code, ok := k.code(one); ok {
			k.codes = append(k.codes, code)
		} else {
			k.note("the code %q is not in the tree and was left out", clip(one))
		}
	}
}

// code is a signal code that the tree has; one that is retired gives its
// successor.
func (k *kindFinder) code(text string) (outcry.Code, bool) {
	code, err := outcry.ParseCode(text)
	if err != nil {
		return "", false
	}
	signal, ok := k.kinds.Get(code)
	if ok && signal.Retired {
		code = signal.ReplacedBy
		signal, ok = k.kinds.Get(code)
	}
	return code, ok && !signal.Retired
}

// tags takes the kinds that the row has as tags of OpenStreetMap.
func (k *kindFinder) tags() {
	others := maps.Clone(k.row.values)
	for _, key := range kindKeys {
		delete(others, key)
	}
	for _, key := range k.plan.kindKeys() {
		for _, value := range parts(k.row.values[key], ";,") {
			k.tag(others, key, value)
		}
	}
}

// tag takes one tag, with the others of its place, which may make it narrower.
// A value under a wrong key still says what is meant.
func (k *kindFinder) tag(others map[string]string, key, value string) {
	value = strings.ToLower(value)
	if k.saysNothing(value) {
		return
	}
	tried := append([]string{key}, kindKeys...)
	for _, key := range tried {
		others[key] = strings.ReplaceAll(value, " ", "_")
		codes := k.kinds.CodesForTags(others)
		delete(others, key)
		if len(codes) > 0 {
			k.codes = append(k.codes, codes...)
			return
		}
	}
	k.odd = append(k.odd, value)
}

// saysNothing notes a kind that does not say what is sold.
func (k *kindFinder) saysNothing(value string) bool {
	if !slices.Contains(silences, value) && !slices.Contains(vacancies, value) {
		return false
	}
	k.silent = append(k.silent, value)
	return true
}

// inWords takes the kinds that nobody knows as words, where nothing else tells
// what is sold: the first of them that means something.
func (k *kindFinder) inWords() {
	for _, value := range k.odd {
		path := parts(value, ">/")
		for _, part := range slices.Backward(path) {
			if code, ok := k.kinds.Best(strings.ReplaceAll(part, "_", " "), k.locale); ok {
				k.codes = append(k.codes, code)
				k.note("the kind %q was taken as %s", clip(value), code)
				return
			}
		}
	}
}

// columns takes the kinds of a column of kinds: a signal code, a tag such as
// "shop=bakery", its value alone, or words; several behind each other.
func (k *kindFinder) columns() {
	for _, key := range k.plan.keys("kind") {
		if value := k.row.values[key]; value != "" && !slices.Contains(kindKeys, key) {
			k.kind(value)
		}
		if len(k.codes) > 0 {
			return
		}
	}
}

// planned takes the kind that the plan has for rows without one.
func (k *kindFinder) planned() {
	if k.plan.Kind == "" || len(k.odd) > 0 {
		return
	}
	if k.kind(k.plan.Kind); len(k.codes) == 0 {
		k.inWords()
	}
}

// kind takes one value of a column of kinds, whole or part by part; of a path
// such as "Food > Bakery" the last part that is known.
func (k *kindFinder) kind(value string) {
	if k.exactly(value) {
		return
	}
	path := parts(value, ">/")
	for _, part := range slices.Backward(path) {
		if len(path) > 1 && k.exactly(part) {
			return
		}
	}
	for _, part := range parts(value, ";,|") {
		k.exactly(part)
	}
	if len(k.codes) == 0 && !k.saysNothing(strings.ToLower(value)) {
		k.odd = append(k.odd, value)
	}
}

// exactly takes a kind that is a signal code or a value of OpenStreetMap.
func (k *kindFinder) exactly(value string) bool {
	if code, ok := k.code(value); ok {
		k.codes = append(k.codes, code)
		return true
	}
	key, tag, ok := strings.Cut(value, "=")
	keys := []string{keyOf(key)}
	if !ok {
		keys, tag = kindKeys, value
	}
	if tag = keyOf(tag); slices.Contains(silences, tag) {
		return false
	}
	for _, key := range keys {
		if codes := k.kinds.CodesForTags(map[string]string{key: tag}); len(codes) > 0 {
			k.codes = append(k.codes, codes...)
			return true
		}
	}
	return false
}

// withProducts adds what shops of such kinds sell.
func (k *kindFinder) withProducts() []outcry.Code {
	codes := slices.Clone(k.codes)
	for _, c := range k.codes {
		codes = append(codes, k.kinds.Sells(c)...)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	return codes[:min(len(codes), outcry.MaxBook)]
}

func (k *kindFinder) note(format string, args ...any) {
	k.notes = append(k.notes, fmt.Sprintf(format, args...))
}

// parts cuts a value at any of the signs.
func parts(value, signs string) []string {
	var each []string
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(signs, r) }) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(each, part) {
			each = append(each, part)
		}
	}
	return each
}
