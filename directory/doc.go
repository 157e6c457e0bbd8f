// Package directory is the integrated information unit, step 4 of 9: the tree
// of signal codes, the words that people use for them, the forms that requests
// and offers fill in, and which kinds of shops sell which codes.
//
// The tree comes from a default table of places (table.tsv) and from product
// taxonomies that an operator loads (Shopify's, Google's). A Tree never
// changes; a Directory holds the present one and swaps it whole, so readers
// never wait. Any unit may be given a Directory; only operators may change it,
// which the caller checks.
package directory
