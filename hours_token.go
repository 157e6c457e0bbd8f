package outcry

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The kinds of hoursToken that are not a sign of their own.
const (
	hoursEnd    = 0
	hoursNumber = 'n'
	hoursWord   = 'w'
	hoursRemark = 'q'
)

// hoursToken is one piece of the text of opening hours.
type hoursToken struct {
	kind     byte   // one of the above, or the sign: , ; : . - + / ( ) [ ], and | for ||
	text     string // digits, a word in lower case, a remark without its quotes
	num      int    // of a number
	off, end int    // where it stands in the text, in bytes
}

// hoursSigns gives each sign in its spellings; zero means "says nothing".
var hoursSigns = map[rune]byte{
	'-': '-', '‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '―': '-', '−': '-',
	'~': '-', '〜': '-', '～': '-',
	',': ',', '，': ',', '、': ',', '&': ',', ';': ';', '；': ';', ':': ':', '：': ':',
	'+': '+', '/': '/', '(': '(', ')': ')', '[': '[', ']': ']',
}

// hoursSignWords are words that stand for a sign.
var hoursSignWords = map[string]byte{
	"to": '-', "till": '-', "til": '-', "until": '-', "through": '-', "thru": '-', "and": ',',
}

// hoursQuotes gives for each opening quote those that close it.
var hoursQuotes = map[rune]string{'"': `"`, '“': `”“"`, '„': `“”"`, '«': `»"`}

// hoursTokens cuts the text into pieces, with one of kind hoursEnd as the last.
func hoursTokens(s string) ([]hoursToken, error) {
	toks := make([]hoursToken, 0, len(s)/2+1)
	for off := 0; off < len(s); {
		r, size := utf8.DecodeRuneInString(s[off:])
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, BadField("hours", "at byte %d: is not valid UTF-8; write plain text such as %s", off, hoursExample)
		case unicode.IsSpace(r):
			off += size
			continue
		}
		tok, err := nextHoursToken(s, off, r)
		if err != nil {
			return nil, err
		}
		if tok.kind != hoursEnd {
			toks = append(toks, tok)
		}
		off = tok.end
	}
	return append(toks, hoursToken{off: len(s), end: len(s)}), nil
}

// nextHoursToken reads the piece that begins with r at off. Its kind is
// hoursEnd where it says nothing, such as a full stop.
func nextHoursToken(s string, off int, r rune) (hoursToken, error) {
	tok := hoursToken{off: off, end: off + utf8.RuneLen(r)}
	switch {
	case '0' <= r && r <= '9':
		return numberToken(s, tok)
	case unicode.IsLetter(r):
		return wordToken(s, tok), nil
	case hoursQuotes[r] != "":
		return remarkToken(s, tok, hoursQuotes[r])
	case hoursSigns[r] != 0:
		tok.kind = hoursSigns[r]
	case strings.HasPrefix(s[off:], "||"):
		tok.kind, tok.end = '|', off+2
	case r == '.':
		if off > 0 && off+1 < len(s) && hoursDigit(s[off-1]) && hoursDigit(s[off+1]) {
			tok.kind = '.'
		}
	default:
		return tok, badHours(s, tok, "is not part of opening hours; write for example %s", hoursExample)
	}
	return tok, nil
}

func hoursDigit(c byte) bool { return '0' <= c && c <= '9' }

func numberToken(s string, tok hoursToken) (hoursToken, error) {
	for tok.end < len(s) && hoursDigit(s[tok.end]) {
		tok.end++
	}
	tok.kind, tok.text = hoursNumber, s[tok.off:tok.end]
	if len(tok.text) > 4 {
		return tok, badHours(s, tok, "has too many digits; write times as 09:00 and years as 2026")
	}
	tok.num, _ = strconv.Atoi(tok.text)
	return tok, nil
}

// wordToken reads letters; full stops within and behind them are dropped, so
// that "a.m." is am and "Mon." is mon.
func wordToken(s string, tok hoursToken) hoursToken {
	var word strings.Builder
	tok.end = len(s)
	for i, r := range s[tok.off:] {
		if !unicode.IsLetter(r) && r != '.' && r != '\'' {
			tok.end = tok.off + i
			break
		}
		if unicode.IsLetter(r) {
			word.WriteRune(unicode.ToLower(r))
		}
	}
	tok.kind, tok.text = hoursWord, word.String()
	if sign := hoursSignWords[tok.text]; sign != 0 {
		tok.kind = sign
	}
	return tok
}

func remarkToken(s string, tok hoursToken, closing string) (hoursToken, error) {
	start := tok.end
	n := strings.IndexAny(s[start:], closing)
	if n < 0 {
		return tok, badHours(s, tok, `opens a remark that is never closed; write "by appointment"`)
	}
	_, size := utf8.DecodeRuneInString(s[start+n:])
	tok.kind, tok.end = hoursRemark, start+n+size
	tok.text = strings.Join(strings.Fields(s[start:start+n]), " ")
	for _, r := range tok.text {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return tok, badHours(s, tok, "has a character that cannot be shown; leave it out of the remark")
		}
	}
	return tok, nil
}

// badHours is the error about one piece of the text: its place in bytes from
// 0, the piece itself cut to a readable length, and what to write instead.
func badHours(s string, tok hoursToken, format string, args ...any) error {
	piece := strings.ToValidUTF8(s[tok.off:tok.end], "")
	if len(piece) > 40 {
		piece = strings.ToValidUTF8(piece[:40], "") + "..."
	}
	where := "at byte " + strconv.Itoa(tok.off) + ", " + strconv.Quote(piece)
	if tok.kind == hoursEnd && tok.off == len(s) {
		where = "at the end"
	}
	return BadField("hours", "%s: "+format, append([]any{where}, args...)...)
}
