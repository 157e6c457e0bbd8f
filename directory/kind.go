package directory

import "outcry"

// Around are a code, those above it and those below it in the present tree, the
// code first: a shop that holds any of them sells something that the code means.
func (d *Directory) Around(code outcry.Code) []outcry.Code {
	tree := d.Tree()
	return append(tree.Ancestors(code), tree.Descendants(code)...)
}

// Sells are the product branches that a kind of place sells, by the present
// tree; see Tree.Sells.
func (d *Directory) Sells(code outcry.Code) []outcry.Code { return d.Tree().Sells(code) }

// CodesForTags gives the codes of a place from its tags in OpenStreetMap, by the
// present tree; see Tree.CodesForTags.
func (d *Directory) CodesForTags(tags map[string]string) []outcry.Code {
	return d.Tree().CodesForTags(tags)
}
