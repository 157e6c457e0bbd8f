package archtest_test

import (
	"testing"

	"outcry/internal/archtest"
)

func TestSeams_KeepTheWorldOutside(t *testing.T) {
	t.Parallel()
	file := func(name, text string) map[string]string { return map[string]string{name: "package x\n" + text} }
	check(t, archtest.Seams, []breach{
		{"the network in matching", file("matching/x.go", `import "net"`), []string{"matching/x.go:2: imports net:"}},
		{"the network below matching", file("matching/board/x.go", `import "net/http"`), []string{"matching/board/x.go:2: imports net/http:"}},
		{"files in the root", file("x.go", `import "os"`), []string{"x.go:2: imports os:"}},
		{"signals in matching", file("matching/x.go", `import "os/signal"`), []string{"matching/x.go:2: imports os/signal:"}},
		{"SQL in a unit", file("intake/x.go", `import "database/sql"`), []string{"intake/x.go:2: imports database/sql:"}},
		{"drivers in a unit", file("intake/x.go", `import "database/sql/driver"`), []string{"intake/x.go:2: imports database/sql/driver:"}},
		{"addresses are words", file("x.go", `import "net/mail"`), nil},
		{"SQL in the store", file("store/x.go", `import "database/sql"`), nil},
		{"the clock in matching", file("matching/x.go", "import \"time\"\nvar t = time.Now()"), []string{"matching/x.go:3: time.Now:"}},
		{"the clock under another name", file("matching/x.go", "import clock \"time\"\nvar t = clock.Since"), []string{"matching/x.go:3: time.Since:"}},
		{"another clock", file("matching/x.go", "import \"time\"\nfunc f(time interface{ Now() int }) int { return time.Now() }\nvar d time.Duration"), nil},
		{"the clock in a unit", file("intake/x.go", "import \"time\"\nvar t = time.Now()"), nil},
		{"chance in matching", file("matching/deal/x.go", `import "crypto/rand"`), []string{"matching/deal/x.go:2: imports crypto/rand:"}},
		{"chance that nobody handed in", file("sim/x.go", "import \"math/rand/v2\"\nvar n = rand.IntN(6)"), []string{"sim/x.go:3: rand.IntN draws"}},
		{"chance from a seed", file("matching/x.go", "import \"math/rand/v2\"\nvar r = rand.New(rand.NewPCG(1, 2)).IntN(6)"), nil},
		{"sleep", file("api/x.go", "import \"time\"\nfunc f() { time.Sleep(1) }"), []string{"api/x.go:3: time.Sleep:"}},
		{"sleep in a test", file("api/x_test.go", "import \"time\"\nfunc f() { time.Sleep(1) }"), []string{"api/x_test.go:3: time.Sleep:"}},
		{"sleep in a bubble", file("api/x_test.go", "import \"time\"\nimport \"testing/synctest\"\nfunc f() { time.Sleep(1); synctest.Wait() }"), nil},
	})
}
