package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A code that the operator retires is replaced in the books that hold it; their
// shops hear so on their lines, and others nothing.
func TestSignals_AChangeIsHeardByTheShopsConcernedAlone(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, one, two := m.operate(), m.join("one@example.org"), m.join("two@example.org")
	holds, other := m.trade(one, operator, "Crumb"), m.trade(two, operator, "Wheel")
	two.must(http.StatusOK, "PUT", "/v1/shops/"+other+"/book", map[string]any{"codes": []string{"osm:shop=bicycle"}})
	cursor := func(c caller, shop string) string {
		at, _, _ := strings.Cut(c.hear("/v1/shops/"+shop+"/events", "", "hello")[0], " ")
		return at
	}
	mine, theirs := cursor(one, holds), cursor(two, other)
	before := one.must(http.StatusOK, "GET", "/v1/shops/"+holds+"/book", nil)

	operator.must(http.StatusOK, "POST", "/v1/signals/osm:shop=bakery/retire", map[string]any{"replaced_by": "osm:shop=pastry"})
	heard := one.hear("/v1/shops/"+holds+"/events", mine, "book")
	if len(heard) != 1 || !strings.Contains(heard[0], `"codes":["osm:shop=pastry"]`) || !strings.Contains(heard[0], `"changed":["osm:shop=bakery"]`) {
		t.Errorf("the shop heard %v", heard)
	}
	book := one.must(http.StatusOK, "GET", "/v1/shops/"+holds+"/book", nil)
	if version, _ := before["version"].(float64); book["version"] != version+1 || fmt.Sprint(book["codes"]) != "[osm:shop=pastry]" {
		t.Errorf("the book was %v, and is %v", before, book)
	}
	one.must(http.StatusOK, "POST", "/v1/shops/"+holds+"/book/acknowledge", map[string]any{"version": book["version"]})
	path := "/v1/signals/osm:shop=bakery/distribution"
	got := operator.must(http.StatusOK, "GET", path, nil)
	for end := time.Now().Add(10 * time.Second); got["done_at"] == nil && time.Now().Before(end); {
		got = operator.must(http.StatusOK, "GET", path, nil) // told, and soon noted as done
	}
	if got["told"] != 1.0 || got["acknowledged"] != 1.0 || got["holding"] != 0.0 || fmt.Sprint(got["done"]) != "true" || got["done_at"] == nil || dig(got, "by") == "" {
		t.Errorf("the distribution is %v", got)
	}
	poll := two.live().must(http.StatusOK, "GET", "/v1/shops/"+other+"/events?wait=0s&after="+theirs, nil)
	if len(items(poll)) != 0 {
		t.Errorf("a shop that does not hold the code heard %v", poll)
	}
	if missing := operator.send("GET", "/v1/signals/osm:shop=none/distribution", ""); missing.status != http.StatusNotFound {
		t.Errorf("of no code: %d %s", missing.status, missing.body)
	}
}
