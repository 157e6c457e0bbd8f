package words

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxQuery is the longest text that is searched for, in bytes; what is behind
// it is not read.
const MaxQuery = 400

// token is one word of a text: a run of letters or digits that are written
// without a space.
type token struct {
	text  string
	dense bool // Chinese, Japanese or Korean: words stand close, read in pairs
}

// people is the word that "for two" and "4 persons" are read as: how many come
// does not matter to what is wanted, that some come does.
const people = "@people"

// fold brings a text to the form in which it is compared: compatibility
// characters made plain, lower case, Latin letters without their accents,
// apostrophes left out. Accents of other scripts stay: they are letters there.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, c := range norm.NFKC.String(text) {
		c = unicode.ToLower(c)
		switch {
		case c < unicode.MaxASCII:
			if c != '\'' {
				b.WriteByte(byte(c))
			}
		case c == '’' || c == 'ʼ':
		case plainLatin[c] != "":
			b.WriteString(plainLatin[c])
		case unicode.Is(unicode.Latin, c):
			for _, d := range norm.NFD.String(string(c)) {
				if !unicode.Is(unicode.Mn, d) {
					b.WriteRune(d)
				}
			}
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// plainLatin are the letters that have no accent to take off.
var plainLatin = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ı': "i"}

// apart is a word with its Korean syllables taken apart into their letters, so
// that one wrong letter is one wrong letter.
func apart(word string) string { return norm.NFD.String(word) }

// tokens cuts a folded text into words. A change between dense script and any
// other also ends a word, so "HVAC 작업장" and "bar음식점" have two.
func tokens(folded string) []token {
	var out []token
	start, dense := -1, false
	end := func(i int) {
		if start >= 0 {
			out = append(out, token{folded[start:i], dense})
			start = -1
		}
	}
	for i, c := range folded {
		isDense := isDense(c)
		switch {
		case !isDense && !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.Is(unicode.M, c):
			end(i)
		case start >= 0 && isDense != dense:
			end(i)
			start, dense = i, isDense
		case start < 0:
			start, dense = i, isDense
		}
	}
	end(len(folded))
	return heads(out)
}

// heads reads "for two" and "4 persons" as people.
func heads(words []token) []token {
	for i := range words {
		if i > 0 && count[words[i].text] && forWords[words[i-1].text] {
			words[i].text = people
		} else if i > 0 && persons[words[i].text] && (count[words[i-1].text] || words[i-1].text == people) {
			words[i-1].text, words[i].text = people, people
		}
	}
	return words
}

var (
	count    = set("2 3 4 5 6 7 8 9 10 11 12 two three four five six seven eight nine ten zwei drei vier funf sechs sieben acht zwolf dos tres cuatro cinco seis siete ocho diez")
	forWords = set("for fur para")
	persons  = set("people persons person guests personen gaste leute personas comensales huespedes")
)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// isDense says whether a letter belongs to a script whose words stand close.
func isDense(c rune) bool {
	return c >= 0x1100 && (unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || c == 'ー' || c == '々')
}

// pairs are the overlapping pairs of letters of a dense word; a word of one
// letter is its own.
func pairs(word string) []string {
	letters := []rune(word)
	if len(letters) == 1 {
		return []string{word}
	}
	out := make([]string, 0, len(letters)-1)
	for i := range len(letters) - 1 {
		out = append(out, string(letters[i:i+2]))
	}
	return out
}

// Plain is a text with its words in small letters without accents and single
// spaces between them: what is compared.
func Plain(text string) string {
	var out []string
	for _, t := range tokens(fold(text)) {
		out = append(out, t.text)
	}
	return strings.Join(out, " ")
}
