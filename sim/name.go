package sim

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// The words of which names are made: plants, animals and things. Quarters are
// put together from two halves, so that they are nobody's.
var (
	quarterHeads = strings.Fields(`Alder Amber Beacon Birken Bracken Brindle Candle Cinder Clover Copper Dapple Elder
		Ember Fallow Fern Flint Gorse Hawthorn Heron Juniper Kestrel Lantern Larch Linden Lupin Mallow Marram Mossy
		Nettle Oaken Otter Pebble Pinecone Plover Quill Rosehip Rush Saffron Sedge Sorrel Tansy Thistle Umber Velvet Willow
		Yarrow`)
	quarterTails = strings.Fields(`brae bank cross dell fold gate green holm lea mere mouth quay row side stow wick wynd yard`)
	streetKinds  = strings.Fields(`Street Lane Row Wynd Square Close Walk Terrace Steps Corner`)
	signColours  = strings.Fields(`Blue Copper Crooked Green Golden Little Merry Old Painted Quiet Red Silver Striped Tall White Wooden`)
	signThings   = strings.Fields(`Acorn Anchor Barrel Bell Candle Clock Comet Door Feather Fox Gate Hare Heron Kettle
		Ladder Lamp Lantern Mill Moon Owl Pear Pigeon Sparrow Star Table Thimble Tortoise Umbrella Wheel Whistle`)
)

// quarterName draws the name of a quarter: "Kestrelwynd".
func quarterName(r *rand.Rand) string {
	return oneOf(r, quarterHeads) + oneOf(r, quarterTails)
}

// shopName draws the name of a shop from what it is and where it stands:
// "Kestrelwynd Bakery", "The Copper Kettle Café, Rowangate", "Larch Lane Cycles".
func shopName(r *rand.Rand, nouns []string, quarter string) string {
	noun := oneOf(r, nouns)
	street := oneOf(r, quarterHeads) + " " + oneOf(r, streetKinds)
	sign := oneOf(r, signColours) + " " + oneOf(r, signThings)
	switch r.IntN(6) {
	case 0:
		return quarter + " " + noun
	case 1:
		return noun + " at " + street
	case 2:
		return "The " + sign + " " + noun
	case 3:
		return sign + ", " + quarter
	case 4:
		return noun + " No. " + strconv.Itoa(1+r.IntN(180)) + ", " + quarter
	}
	return street + " " + noun
}

// namesake are the names that are given away, so that no two shops share one.
type namesake map[string]bool

// name draws names until one is free; a crowded city numbers them.
func (taken namesake) name(r *rand.Rand, nouns []string, quarter string) string {
	name := ""
	for range 8 {
		name = shopName(r, nouns, quarter)
		if !taken[name] {
			taken[name] = true
			return name
		}
	}
	for n := 2; ; n++ {
		if numbered := name + " " + strconv.Itoa(n); !taken[numbered] {
			taken[numbered] = true
			return numbered
		}
	}
}

// slug is a name as a part of an address: "kestrelwynd-bakery".
func slug(name string) string {
	out := strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			return c
		case 'A' <= c && c <= 'Z':
			return c + 'a' - 'A'
		case c == 'é':
			return 'e'
		}
		return ' '
	}, name)
	return strings.Join(strings.Fields(out), "-")
}
