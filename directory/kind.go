package directory

import "outcry"

// Sells are the product branches that a kind of place sells, by the present
// tree; see Tree.Sells.
func (d *Directory) Sells(code outcry.Code) []outcry.Code { return d.Tree().Sells(code) }

// CodesForTags gives the codes of a place from its tags in OpenStreetMap, by the
// present tree; see Tree.CodesForTags.
func (d *Directory) CodesForTags(tags map[string]string) []outcry.Code {
	return d.Tree().CodesForTags(tags)
}
