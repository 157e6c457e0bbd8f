package learning

import (
	"strconv"
	"unicode/utf8"

	"outcry"
)

// plain reads the body of a shop the way it is written: no spaces, no escapes,
// the members in their order. That takes a fourth of the time that decode takes,
// which counts at a start that reads a million of them. ok is false for whatever
// else, right or wrong; that is left to decode.
func plain(text []byte) (b shopBody, ok bool) {
	c := cursor{rest: text}
	c.word(`{"v":`)
	b.V = int(c.count())
	c.word(`,"r":`)
	c.table(&b.Reached)
	c.word(`,"o":`)
	c.table(&b.Offered)
	if c.has(`,"k":`) {
		b.Kept = c.count()
	}
	if c.has(`,"b":`) {
		b.Broken = c.count()
	}
	if c.has(`,"p":[`) {
		b.Prices = c.prices()
	}
	c.word(`}`)
	return b, !c.lost && len(c.rest) == 0 && b.V == version
}

// cursor goes along a body; once it is lost, what it gives means nothing.
type cursor struct {
	rest []byte
	lost bool
}

// has steps over a word if it is next.
func (c *cursor) has(word string) bool {
	if len(c.rest) < len(word) || string(c.rest[:len(word)]) != word {
		return false
	}
	c.rest = c.rest[len(word):]
	return true
}

// word steps over what must be next.
func (c *cursor) word(word string) {
	if !c.has(word) {
		c.lost = true
	}
}

func (c *cursor) table(into *[stretches]float32) {
	before := "["
	for i := range into {
		c.word(before)
		into[i] = c.number()
		before = ","
	}
	c.word("]")
}

// prices reads a list of prices behind its bracket. A list that is too long
// leaves it lost.
func (c *cursor) prices() (all []priceBody) {
	var few [maxCodes]priceBody
	for n := range few {
		c.word(`{"c":"`)
		few[n].Code = c.code()
		c.word(`","s":`)
		few[n].Logs = c.number()
		c.word(`,"n":`)
		few[n].Offers = c.number()
		c.word(`}`)
		if c.lost || c.has(`]`) {
			return append(all, few[:n+1]...)
		}
		c.word(`,`)
	}
	c.lost = true
	return nil
}

// code reads up to the quote that ends it.
func (c *cursor) code() outcry.Code {
	for i, b := range c.rest {
		switch {
		case b == '"':
			code := string(c.rest[:i])
			c.rest = c.rest[i:]
			c.lost = c.lost || !utf8.ValidString(code)
			return outcry.Code(code)
		case b < ' ' || b == '\\':
			c.lost = true
			return ""
		}
	}
	c.lost = true
	return ""
}

// count reads a whole number.
func (c *cursor) count() uint32 {
	n := c.digits(0)
	if n == 0 || n > 1 && c.rest[0] == '0' {
		c.lost = true
		return 0
	}
	value, err := strconv.ParseUint(string(c.rest[:n]), 10, 32)
	c.rest, c.lost = c.rest[n:], c.lost || err != nil
	return uint32(value)
}

// number reads a number as JSON writes it.
func (c *cursor) number() float32 {
	begin := 0
	if c.at(0) == '-' {
		begin = 1
	}
	end := c.digits(begin)
	right := end == begin+1 || end > begin && c.rest[begin] != '0'
	if c.at(end) == '.' {
		whole := end + 1
		end = c.digits(whole)
		right = right && end > whole
	}
	if b := c.at(end); b == 'e' || b == 'E' {
		power := end + 1
		if s := c.at(power); s == '+' || s == '-' {
			power++
		}
		end = c.digits(power)
		right = right && end > power
	}
	value, err := strconv.ParseFloat(string(c.rest[:end]), 32)
	c.rest, c.lost = c.rest[end:], c.lost || !right || err != nil
	return float32(value)
}

// at is the byte so far ahead; 0 behind the end.
func (c *cursor) at(i int) byte {
	if i < len(c.rest) {
		return c.rest[i]
	}
	return 0
}

// digits is where the digits end that begin so far ahead.
func (c *cursor) digits(from int) int {
	for '0' <= c.at(from) && c.at(from) <= '9' {
		from++
	}
	return from
}
