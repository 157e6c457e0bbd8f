package directory_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"outcry"
	"outcry/directory"
)

// shared opens a file of the data that stands beside the repository, or skips
// the test where it does not.
func shared(t testing.TB, name string) *os.File {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "data", name))
	if err != nil {
		t.Skipf("needs ../shared/data/%s beside the repository: %v", name, err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

const (
	shopifyFile = "signals/shopify-categories-2026-08.txt.gz"
	queryFile   = "queries/wands-half.csv"
	placesFile  = "shops/osm-edinburgh-2016.csv.gz"
)

// shopify is Shopify's taxonomy.
func shopify(t testing.TB) []outcry.Signal {
	t.Helper()
	signals, _, err := directory.LoadShopify(shared(t, shopifyFile))
	if err != nil {
		t.Fatal(err)
	}
	return signals
}

// bar is how many times better than plain BM25 words must find codes.
const bar = 1.2

// figures are those of all that is measured, measured once for all tests.
func figures(t *testing.T) directory.Figures {
	t.Helper()
	taxonomy, queries := shared(t, shopifyFile), shared(t, queryFile)
	measured.once.Do(func() {
		measured.figures, measured.err = directory.Measure(directory.MeasureInput{Shopify: taxonomy, Queries: queries})
	})
	if measured.err != nil {
		t.Fatal(measured.err)
	}
	return measured.figures
}

var measured struct {
	once    sync.Once
	figures directory.Figures
	err     error
}

// rowsOf are the rows of sets whose name begins so, without the tuning half.
func rowsOf(f directory.Figures, set string) []directory.Row {
	return slices.DeleteFunc(slices.Clone(f.Rows), func(r directory.Row) bool {
		return !strings.HasPrefix(r.Set, set) || r.Part == "tuning"
	})
}

func TestMeasure_SynonymsThatAreLeftOutBeatPlainBM25(t *testing.T) {
	t.Parallel()
	rows := rowsOf(figures(t), "synonyms")
	if len(rows) != 2*len(directory.Locales) {
		t.Fatalf("%d rows, want two for each of %v", len(rows), directory.Locales)
	}
	for _, r := range rows {
		if r.Queries < 200 {
			t.Errorf("%s %s: only %d queries", r.Set, r.Part, r.Queries)
		}
		check(t, r, r.Ours, r.Plain)
		if r.Part == "report" {
			// The words that we wrote by hand help, but must not be what wins.
			check(t, r, r.Bare, r.Plain)
		}
	}
}

func TestMeasure_RealQueriesBeatPlainBM25(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, r := range rowsOf(figures(t), "queries") {
		check(t, r, r.Ours, r.Plain)
		// The figures that plain BM25 is known to have on such queries.
		check(t, r, r.Ours, directory.Rate{At1: 0.31, At5: 0.48})
		if r.Part == "all" {
			asked += r.Queries
			continue
		}
		check(t, r, r.Taught, r.Plain)
		if r.Taught.At1 < r.Ours.At1 {
			t.Errorf("%s: picks made it worse: %.3f after %.3f", r.Set, r.Taught.At1, r.Ours.At1)
		}
	}
	if asked < 230 {
		t.Errorf("only %d of 240 queries are asked", asked)
	}
}

func check(t *testing.T, r directory.Row, ours, other directory.Rate) {
	t.Helper()
	if ours.At1 < bar*other.At1 || ours.At5 < bar*other.At5 {
		t.Errorf("%s %s: ours %.3f %.3f is not %.1f times %.3f %.3f", r.Set, r.Part, ours.At1, ours.At5, bar, other.At1, other.At5)
	}
}

func TestMeasure_QueriesAreNotAnsweredByListingThem(t *testing.T) {
	t.Parallel()
	listed, err := directory.ListedQueries(shared(t, queryFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(listed) > 0 {
		t.Errorf("these test queries stand in our words: %q", listed)
	}
}

func TestFigures_SayQualityAndCost(t *testing.T) {
	t.Parallel()
	f := figures(t)
	if len(f.Rows) != 21 || len(f.Indexes) != 2 {
		t.Fatalf("%d rows and %d indexes, want 21 and 2", len(f.Rows), len(f.Indexes))
	}
	if x := f.Indexes[1]; x.Codes < 15_000 || x.Terms == 0 || x.Build == 0 || x.P50 == 0 || x.P99 < x.P50 {
		t.Errorf("figures that cannot be: %+v", x)
	}
	t.Logf("%+v", f.Indexes)
}
