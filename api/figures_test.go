package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestFigures_TellWhatWasLearned: a shop that offered once and refused the order
// reads so, with a sentence for each figure.
func TestFigures_TellWhatWasLearned(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, staff, buyer := m.operate(), m.join("staff@example.org"), m.join("buyer@example.org")
	shop := m.trade(staff, operator, "Crumb")
	path := "/v1/shops/" + shop + "/figures"
	before := staff.must(http.StatusOK, "GET", path, nil)
	if figure(t, before, "calls")["value"] != 0.0 || !strings.Contains(dig(before, "calls", "words"), "never called") {
		t.Errorf("before its first call: %v", before["calls"])
	}

	request := dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	call := staff.called(shop)
	open := figure(t, staff.must(http.StatusOK, "GET", path, nil), "open_calls")
	if open["value"] != 1.0 || open["most"] != 6.0 || open["words"] != "1 call waits for its answer, at most 6 may" {
		t.Errorf("with a call open: %v", open)
	}
	offer := dig(staff.must(http.StatusCreated, "POST", "/v1/calls/"+call+"/offer", roleBid), "id")
	order := dig(buyer.must(http.StatusCreated, "POST", "/v1/offers/"+offer+"/accept", `{"version": 1}`), "id")
	staff.must(http.StatusOK, "POST", "/v1/orders/"+order+"/refuse", nil)
	buyer.must(http.StatusOK, "POST", "/v1/requests/"+request+"/withdraw", nil)

	after := staff.must(http.StatusOK, "GET", path, nil)
	for name, want := range map[string]struct {
		value float64
		words string
	}{
		"offers":       {1, "it offered to about 1.0 of them"},
		"kept":         {0, "it fulfilled 0 orders"},
		"broken":       {1, "it refused or cancelled 1 order"},
		"stands":       {0.6, "it is taken to stand by 60 of 100 accepted offers; below 65 it is called last and shown last"},
		"price":        {1, "it asks what others do"},
		"open_calls":   {0, "0 calls wait for its answer, at most 6 may"},
		"hourly_calls": {1, "1 call in the last hour, at most 20 may"},
	} {
		got := figure(t, after, name)
		if got["value"] != want.value || got["words"] != want.words {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for name, got := range after {
		if f, ok := got.(map[string]any); ok && f["words"] == "" {
			t.Errorf("%s has no words", name)
		}
	}
}

// figure is one figure of an answer.
func figure(t *testing.T, said map[string]any, name string) map[string]any {
	t.Helper()
	f, ok := said[name].(map[string]any)
	if !ok {
		t.Fatalf("there is no figure %s in %v", name, said)
	}
	return f
}
