package hook

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"outcry"
	"outcry/line"
)

const (
	// atOnce is how many attempts are made at once to a webhook that is well; to
	// another it is one.
	atOnce = 8
	// mostHeld is how many events wait in memory for one webhook; the rest waits
	// in the log.
	mostHeld = 128
	// A webhook is down after failsToFall failures without a success between
	// them, over at least fallTime.
	failsToFall = 4
	fallTime    = 5 * time.Second
)

// target is a webhook as the Sender knows it. All of it is under the Sender's
// lock.
type target struct {
	hook outcry.Webhook
	url  *url.URL
	keys [2][]byte // of the secret and the former one; nil: none

	queue  []*parcel        // to be sent now, in their order
	later  map[*parcel]bool // to be tried again
	flying map[*parcel]bool // being sent
	open   []*parcel        // neither settled nor saved, by their numbers
	had    map[int64]bool   // events whose delivery was kept before the start

	// lagging: it takes nothing live, and is told from the log behind read. own:
	// how far it was told is kept by itself, as kept.
	lagging, own bool
	read, kept   int64
	nudged       bool // among the laggards

	fails  int
	ill    time.Time // since the first of the failures
	down   bool
	until  time.Time // when one that is down is tried again
	trial  bool      // that time has come
	falls  int       // how often it was down without a success between
	slow   bool      // it goes by the slow lane
	listed bool      // in a lane's list
	counts bool      // as a connection of its shop
	fresh  int       // deliveries since they were trimmed
	gone   bool
}

// parcel is an event for a webhook.
type parcel struct {
	to     *target
	d      outcry.Delivery
	event  *line.News // nil: to be read from the log
	letter *letter    // what the shop is told, shared by its webhooks; nil: to be made
	again  bool       // a replay: sent whatever became of it
	done   bool       // settled without a word, or its row is written with the next save
	dirty  bool       // its row is to be written
	lane   *lane
	begun  time.Time
	cancel func() // of the attempt
}

func newTarget(w outcry.Webhook) *target {
	t := &target{later: map[*parcel]bool{}, flying: map[*parcel]bool{}, fresh: trimEvery}
	t.set(w)
	return t
}

// set makes it the webhook as it is now.
func (t *target) set(w outcry.Webhook) {
	t.hook = w
	t.url, _ = url.Parse(w.URL) // nil is told with each attempt
	t.keys = [2][]byte{keyOf(w.Secret), keyOf(w.Former)}
}

// keyOf is what a secret signs with.
func keyOf(secret string) []byte {
	text, is := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	if !is || err != nil || len(key) == 0 {
		return nil
	}
	return key
}

// wants says whether the webhook is told of such events.
func (t *target) wants(kind outcry.Told) bool { return slices.Contains(t.hook.Events, kind) }

// stopped says whether nothing is sent any more.
func (t *target) stopped() bool { return t.gone || !t.hook.Disabled.IsZero() }

// held is how many events it has in memory.
func (t *target) held() int { return len(t.queue) + len(t.later) + len(t.flying) }

// roomy says whether the log may be read for it.
func (t *target) roomy() bool { return t.held() < mostHeld/2 && (!t.down || t.trial) && !t.stopped() }

// ready says whether a parcel may go out now.
func (t *target) ready() bool {
	most := atOnce
	if t.fails > 0 || t.down {
		most = 1
	}
	return len(t.queue) > 0 && len(t.flying) < most && (!t.down || t.trial) && !t.stopped()
}

// lag has it told from the log behind an event from now on.
func (s *Sender) lag(t *target, behind int64) {
	if !t.lagging {
		t.lagging, t.read = true, behind
	}
	t.own = true
	s.owned[t] = true
	s.nudge(t)
}

// nudge puts a target that lags and has room among those that are read for.
func (s *Sender) nudge(t *target) {
	if t.lagging && !t.nudged && t.roomy() {
		t.nudged = true
		s.laggards = append(s.laggards, t)
		ring(s.behind)
	}
}

// accept takes an event for a target; it has room.
func (s *Sender) accept(t *target, e *line.News, kind outcry.Told, l *letter) {
	if e.Seq <= t.hook.Since || t.had[e.Seq] {
		return
	}
	p := &parcel{to: t, event: e, letter: l, d: outcry.Delivery{
		Webhook: t.hook.ID, Seq: e.Seq, Type: kind, State: outcry.DeliveryWaiting, At: e.At,
	}}
	t.open = append(t.open, p)
	s.pending[t] = true
	t.queue = append(t.queue, p)
	s.list(t)
}

// count has the shop count as connected while its webhook can be called. One on
// trial can be, where nothing waits by which it could be tried.
func (s *Sender) count(t *target) {
	should := t.wants(outcry.ToldCall) && !t.stopped() && (!t.down || t.trial && t.held() == 0)
	if should == t.counts {
		return
	}
	t.counts = should
	by := -1
	if should {
		by = 1
	}
	s.Presence.Connect(t.hook.Shop, by, s.Clock())
}
