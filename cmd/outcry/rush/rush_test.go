package rush_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"outcry/cmd/outcry/rush"
)

func TestMeasure_RefusesAStepThatThereIsNot(t *testing.T) {
	t.Parallel()
	if _, err := (rush.Plan{Steps: []string{"sprint"}}).Measure(t.Context()); err == nil {
		t.Error("it knows a step sprint")
	}
}

func TestFigures_HaveTheirNames(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(rush.Figures{
		MatchesPerS: 1, ServerCPUUS: 2, FirstP50MS: 3, FirstP99MS: 4, CloseLateP99: 5, ShopKB: 6, LineCPUUS: 7, WatchCPUUS: 8, HookCPUUS: 9,
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{
		"matches_per_s": 1, "server_cpu_us_per_answer": 2, "first_offer_p50_ms": 3, "first_offer_p99_ms": 4, "close_late_p99_ms": 5,
		"shop_kb": 6, "line_cpu_us_per_answer": 7, "watch_cpu_us": 8, "hook_cpu_us_per_answer": 9,
	} {
		if !strings.Contains(string(text), fmt.Sprintf("%q:%d,", name, want)) {
			t.Errorf("%s is not %d in %s", name, want, text)
		}
	}
}
