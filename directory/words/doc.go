// Package words finds things by the words that people type: names, synonyms and
// the names above them, in any number of languages at once, tolerant of
// plurals, compounds and small typing errors. It belongs to step 4 of 9 and is
// called by package directory only, which gives it the signals as entries.
//
// It is a small index of our own rather than a search library: phrases are
// matched whole, which is what tells "shoe repair" from a shop that repairs and
// also sells shoes; docs/signals.md has the figures that decided it. An Index
// never changes and may be read by many at once.
package words
