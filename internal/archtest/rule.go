package archtest

// A Rule is one thing that holds everywhere in the tree.
type Rule struct {
	Name  string
	Check func(*Tree) []Finding
}

// Rules gives every rule. hosts are the package registries that this machine
// uses, whose names no file may hold.
func Rules(hosts []string) []Rule {
	return []Rule{
		{"every package has its place", Layout},
		{"nobody imports what is above or beside", Imports},
		{"no chain of imports is long", Chains},
		{"every package has one doc", Docs},
		{"every step says where it is", Steps},
		{"the outside world comes in through seams", Seams},
		{"nothing is too long to read", Sizes},
		{"names say what is inside", Names},
		{"every error code is documented", Codes},
		{"every setting is explained", Config},
		{"the tree speaks of itself alone", func(t *Tree) []Finding { return Traces(t, hosts) }},
		{"every generated file can be made anew", Generated},
		{"decision records are in order", Records},
	}
}
