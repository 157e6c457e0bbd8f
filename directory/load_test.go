package directory_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/directory"
)

const shopifyText = `# Shopify Product Taxonomy - Categories: a test
# Format: {GID} : {Ancestor name} > ... > {Category name}

gid://shopify/TaxonomyCategory/aa    : Apparel & Accessories
gid://shopify/TaxonomyCategory/aa-8  : Apparel & Accessories > Shoes
gid://shopify/TaxonomyCategory/aa-8-3 : Apparel & Accessories > Shoes > Boots
gid://shopify/TaxonomyCategory/aa-8 : Apparel & Accessories > Shoes again
gid://shopify/TaxonomyCategory/zz-1 : Nobody > Nothing
gid://shopify/TaxonomyCategory/aa-9 : Apparel & Accessories > Too > Deep
gid://shopify/TaxonomyCategory/aa-- : Apparel & Accessories > Odd > Odd
gid://shopify/TaxonomyCategory/aa-7 : Apparel & Accessories >  > Empty
this is no line at all
gid://shopify/Product/aa-1 : Apparel & Accessories > Clothing
`

func TestLoadShopify_TakesLinesAndReportsTheRest(t *testing.T) {
	t.Parallel()
	signals, report, err := directory.LoadShopify(strings.NewReader(shopifyText))
	if err != nil {
		t.Fatal(err)
	}
	tree := makeTree(t, signals)
	if got, want := tree.Path("shopify:aa-8-3", "en"), []string{"Apparel & Accessories", "Shoes", "Boots"}; !slices.Equal(got, want) {
		t.Errorf("path %v, want %v", got, want)
	}
	if report.Lines != 10 || report.Taken != 3 || report.Skipped != 7 || len(report.Skips) != 7 {
		t.Errorf("report %+v, want 3 of 10 lines taken", report)
	}
	want := map[int]string{7: "twice", 8: "parent", 9: "same number of steps", 10: "hyphens", 11: "empty", 12: "write gid", 13: "write gid"}
	for _, s := range report.Skips {
		if !strings.Contains(s.Reason, want[s.Line]) || want[s.Line] == "" || s.Text == "" {
			t.Errorf("line %d: %q, want something about %q", s.Line, s.Reason, want[s.Line])
		}
	}
	if s, _ := tree.Get("shopify:aa-8"); len(s.Forms.Request) == 0 {
		t.Error("shoes came without their form")
	}
}

const googleText = `# Google_Product_Taxonomy_Version: a test
166 - Apparel & Accessories
187 - Apparel & Accessories > Shoes
1 - Animals & Pet Supplies > Pet Supplies
2 - Animals & Pet Supplies > Pet Supplies > Birds
188 - Apparel & Accessories > Shoes
187 - Apparel & Accessories > Scarves
x - Apparel & Accessories > Hats
9 Apparel & Accessories > Hats
1234567890123 - Apparel & Accessories > Hats
10 - Apparel & Accessories > Shoes > Boots
`

func TestLoadGoogle_TakesLinesAndReportsTheRest(t *testing.T) {
	t.Parallel()
	signals, report, err := directory.LoadGoogle(strings.NewReader(googleText))
	if err != nil {
		t.Fatal(err)
	}
	tree := makeTree(t, signals)
	if got, want := tree.Ancestors("google:10"), []outcry.Code{"google:10", "google:187", "google:166"}; !slices.Equal(got, want) {
		t.Errorf("ancestors %v, want %v", got, want)
	}
	if report.Lines != 10 || report.Taken != 3 || report.Skipped != 7 {
		t.Errorf("report %+v, want 3 of 10 lines taken", report)
	}
}

func TestLoadGoogle_TakesAParentThatComesLater(t *testing.T) {
	t.Parallel()
	signals, report, err := directory.LoadGoogle(strings.NewReader("2 - A > B\r\n1 - A\r\n"))
	if err != nil || report.Taken != 2 {
		t.Fatalf("taken %d: %v", report.Taken, err)
	}
	if tree := makeTree(t, signals); !tree.Covers("google:1", "google:2") {
		t.Error("the later parent is not above")
	}
}

func gzipped(t *testing.T, text string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestLoad_ReadsGzip(t *testing.T) {
	t.Parallel()
	if _, report, err := directory.LoadShopify(gzipped(t, shopifyText)); err != nil || report.Taken != 3 {
		t.Errorf("taken %d: %v", report.Taken, err)
	}
	if _, report, err := directory.LoadGoogle(gzipped(t, googleText)); err != nil || report.Taken != 3 {
		t.Errorf("taken %d: %v", report.Taken, err)
	}
}

func TestLoad_SaysWhereATextBreaksOff(t *testing.T) {
	t.Parallel()
	whole := gzipped(t, strings.Repeat(shopifyText, 200)).Bytes()
	for name, r := range map[string]io.Reader{
		"gzip cut short":    bytes.NewReader(whole[:len(whole)-20]),
		"gzip that is none": strings.NewReader("\x1f\x8b nonsense"),
		"larger than taken": endless{},
	} {
		_, report, err := directory.LoadShopify(r)
		if outcry.KindOf(err) != outcry.Invalid {
			t.Errorf("%s: got %v, want an invalid error", name, err)
		}
		if len(report.Skips) > directory.MaxSkips {
			t.Errorf("%s: %d skips are named", name, len(report.Skips))
		}
	}
}

// endless gives one line for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestLoad_SurvivesOddLines(t *testing.T) {
	t.Parallel()
	text := "\ufeff166 - Apparel\n" + strings.Repeat("x", 10_000) + "\n167 - Apparel > \xff\xfe\n\n   \n168 - Apparel > Hats"
	signals, report, err := directory.LoadGoogle(strings.NewReader(text))
	if err != nil || len(signals) != 2 || report.Skipped != 2 {
		t.Fatalf("%d signals, report %+v: %v", len(signals), report, err)
	}
	if !strings.Contains(report.Skips[0].Reason, "longer") || !strings.Contains(report.Skips[1].Reason, "UTF-8") {
		t.Errorf("reasons %+v", report.Skips)
	}
}

func TestLoadShopify_TakesTheWholeTaxonomy(t *testing.T) {
	t.Parallel()
	signals, report, err := directory.LoadShopify(shared(t, shopifyFile))
	if err != nil || report.Skipped != 0 || report.Taken < 14_000 {
		t.Fatalf("report %+v: %v", report, err)
	}
	makeTree(t, append(signals, directory.DefaultSignals()...))
}

func FuzzLoadShopify(f *testing.F) {
	f.Add([]byte("gid://shopify/TaxonomyCategory/a : A\n"))
	f.Add([]byte("gid://shopify/TaxonomyCategory/a-1 : A > B"))
	f.Add([]byte("\x1f\x8b"))
	f.Add([]byte("gid://shopify/TaxonomyCategory/a : \x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		signals, report, err := directory.LoadShopify(bytes.NewReader(text))
		checkLoad(t, signals, report, err)
	})
}

func FuzzLoadGoogle(f *testing.F) {
	f.Add([]byte("1 - A\n2 - A > B"))
	f.Add([]byte("# x\n\n"))
	f.Add([]byte("1 - A > A > A"))
	f.Fuzz(func(t *testing.T, text []byte) {
		signals, report, err := directory.LoadGoogle(bytes.NewReader(text))
		checkLoad(t, signals, report, err)
	})
}

// checkLoad checks what holds of every load: whatever is taken makes a tree,
// and every line is accounted for.
func checkLoad(t *testing.T, signals []outcry.Signal, report directory.Report, err error) {
	t.Helper()
	if err != nil {
		if outcry.KindOf(err) != outcry.Invalid {
			t.Fatalf("an error that is not the text's: %v", err)
		}
		return
	}
	if report.Lines != report.Taken+report.Skipped || report.Taken != len(signals) {
		t.Fatalf("%d signals, report %+v", len(signals), report)
	}
	if _, err := directory.NewTree(signals); err != nil {
		t.Fatalf("what was taken is no tree: %v", err)
	}
}
