package policy

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

var (
	decimal  = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`)
	fraction = regexp.MustCompile(`^(\d{1,6})/([1-9]\d{0,5})$`)
)

// parseNumber reads a number as people and JSON write it, or a fraction such as
// 1/3. What is too great for a number, infinite, or none at all is not one.
func parseNumber(text string) (float64, bool) {
	if fraction.MatchString(text) {
		above, below, _ := strings.Cut(text, "/")
		a, errA := strconv.ParseFloat(above, 64)
		b, errB := strconv.ParseFloat(below, 64)
		return a / b, errA == nil && errB == nil
	}
	if !decimal.MatchString(text) {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

var pairs = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)

// surrogates writes characters that a text in JSON escapes as a pair, such as
// \ud83c\udf72, as YAML does.
func surrogates(text []byte) []byte {
	if !pairs.Match(text) || !json.Valid(text) {
		return text
	}
	return pairs.ReplaceAllFunc(text, func(pair []byte) []byte {
		high, errHigh := strconv.ParseUint(string(pair[2:6]), 16, 32)
		low, errLow := strconv.ParseUint(string(pair[8:12]), 16, 32)
		if errHigh != nil || errLow != nil {
			return pair
		}
		r := 0x10000 + (high-0xd800)<<10 + (low - 0xdc00)
		word := strconv.FormatUint(r, 16)
		return []byte(`\U` + strings.Repeat("0", 8-len(word)) + word)
	})
}
