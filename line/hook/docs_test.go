package hook_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"outcry"
	"outcry/line/hook"
	"outcry/wire"
)

// The example of docs/webhooks.md is signed as it says, and is a call.
func TestDocs_TheExampleIsTrue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?s)webhook-id: (\S+)\nwebhook-timestamp: (\S+)\nwebhook-signature: (\S+)\n\n(.*?)\n`).FindStringSubmatch(string(text))
	key := regexp.MustCompile("the secret `(whsec_\\S+)`").FindStringSubmatch(string(text))
	if said == nil || key == nil {
		t.Fatal("there is no example")
	}
	h := hit{body: said[4], head: http.Header{"Webhook-Id": {said[1]}, "Webhook-Timestamp": {said[2]}, "Webhook-Signature": {said[3]}}}
	if verify(t, h, key[1]) != 0 || hook.Sign(said[1], 1795543201, said[4], key[1]) != said[3] || said[2] != "1795543201" {
		t.Error("its signature is wrong")
	}
	if _, _, ok := outcry.WebhookOf(said[1]); !ok {
		t.Errorf("%s is no delivery's id", said[1])
	}
	var call wire.Call
	got := wire.Hooked{Data: &call}
	in := json.NewDecoder(strings.NewReader(said[4]))
	in.DisallowUnknownFields()
	if err := in.Decode(&got); err != nil || got.Type != "call" {
		t.Fatalf("its body is %+v, %v", got, err)
	}
	if _, _, ok := outcry.RequestOf(call.ID); !ok || call.State != outcry.CallWaiting {
		t.Errorf("its call is %+v", call)
	}
	// Written anew it is the same: it has all members, and in their order.
	if again, err := json.Marshal(got); err != nil || string(again) != said[4] {
		t.Errorf("written anew it is %s, %v", again, err)
	}
}
