package outcry_test

import (
	"math"
	"strings"
	"testing"

	"outcry"
)

func TestDelivery_IDNamesWebhookAndEvent(t *testing.T) {
	t.Parallel()
	hook := "hook_" + strings.Repeat("7", 26)
	last := ""
	for _, seq := range []int64{0, 1, 31, 32, 1 << 40, math.MaxInt64} {
		id := outcry.Delivery{Webhook: hook, Seq: seq}.ID()
		got, n, ok := outcry.WebhookOf(id)
		if got != hook || n != seq || !ok {
			t.Errorf("%s names %q, %d, %v; want %q, %d", id, got, n, ok, hook, seq)
		}
		if id <= last {
			t.Errorf("%s of event %d does not sort behind %s", id, seq, last)
		}
		last = id
	}
}

func TestWebhookOf_RefusesWhatIsNoDelivery(t *testing.T) {
	t.Parallel()
	tail := strings.Repeat("0", 26)
	for _, id := range []string{"", "dlv_", "dlv_" + tail, "hook_" + tail + strings.Repeat("0", 13), "dlv_" + tail + strings.Repeat("u", 13),
		"dlv_" + tail + "8" + strings.Repeat("0", 12), "dlv_" + tail + strings.Repeat("0", 14)} {
		if hook, seq, ok := outcry.WebhookOf(id); ok {
			t.Errorf("%q names %q, %d", id, hook, seq)
		}
	}
}
