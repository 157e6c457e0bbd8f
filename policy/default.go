package policy

import (
	_ "embed" // for the default's text
	"slices"
	"sync"
)

//go:embed default.yaml
var defaultText []byte

// DefaultText is the default policy as a file, with each figure explained.
func DefaultText() []byte { return slices.Clone(defaultText) }

// defaultRules are those of version 0.
var defaultRules = sync.OnceValue(func() *Rules {
	p := Default()
	r := &Rules{policy: p}
	r.base = &Branched{Policy: &r.policy, rules: r}
	return r
})
