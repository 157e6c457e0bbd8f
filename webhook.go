package outcry

import (
	"strings"
	"time"
)

// The prefixes of the ids of webhooks and their deliveries.
const (
	WebhookPrefix  = "hook_"
	DeliveryPrefix = "dlv_"
)

// Webhook is an address at which a shop's own software takes the shop's events.
// What it replies to a call is the shop's answer.
type Webhook struct {
	ID   string
	Shop string
	// By is the member who registered it, for whom its replies speak.
	By     string
	URL    string
	Events []Told
	// Secret signs what is sent; Former signs as well until FormerUntil, zero
	// where there is none. Both are needed as they are, so no hash is kept.
	Secret, Former string
	FormerUntil    time.Time
	// Since is the last event of the log when it was registered: it is told of
	// later ones.
	Since int64
	// Behind is up to which event all was told to a webhook that is behind the
	// others, as a new one is; NotBehind where it is not.
	Behind  int64
	Created time.Time
	// Disabled is since when nothing is sent any more, for Reason; zero: it is.
	Disabled time.Time
	Reason   string
}

// NotBehind says of a webhook that it was told all that the others were.
const NotBehind = -1

// Told is a kind of event that shops are told of, by the name it has on their
// line.
type Told string

// What shops are told of.
const (
	ToldCall    Told = "call"
	ToldClosed  Told = "closed"
	ToldMessage Told = "message"
	ToldOrder   Told = "order"
	ToldBook    Told = "book"
)

// ToldAll are all there are.
var ToldAll = []Told{ToldCall, ToldClosed, ToldMessage, ToldOrder, ToldBook}

// Delivery is one event on its way to a webhook, or arrived, or given up.
type Delivery struct {
	Webhook string
	// Seq is the event's number in the log. A webhook is told of an event once,
	// by however many attempts.
	Seq   int64
	Type  Told
	State DeliveryState
	// Attempts is how often it was tried; Status, Took and Error are of the last
	// attempt: the HTTP status (0: none came), how long it took, and what was
	// wrong, with the attempt or with what was replied.
	Attempts int
	Status   int
	Took     time.Duration
	Error    string
	At       time.Time // of the event
	Tried    time.Time // when the last attempt began; zero: never
	Next     time.Time // when it is tried again; zero: it is not
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting   DeliveryState = "waiting"   // is tried, again and again
	DeliveryDelivered DeliveryState = "delivered" // was taken, with a status of 2xx
	DeliveryFailed    DeliveryState = "failed"    // was given up
)

// Outbox is what is written together of how far webhooks were told.
type Outbox struct {
	// Deliveries are those that changed, each webhook and event once.
	Deliveries []Delivery
	// Behind is up to which event each of some webhooks was told that are behind
	// the others; NotBehind for one that is no more.
	Behind map[string]int64
	// UpTo is up to which event all others were told; 0 leaves what was said.
	UpTo int64
	// Trim are webhooks of whose deliveries that wait no more only the newest
	// Keep stay, and none of an event before Before.
	Trim   []string
	Keep   int
	Before time.Time
}

// seqDigits is how many characters write a number of the log.
const seqDigits = 13

// ID is the delivery's: the webhook's own id with the event's number behind it.
// It is the same for each attempt, so that a receiver knows what it has had.
func (d Delivery) ID() string {
	tail := make([]byte, seqDigits)
	for i, n := seqDigits-1, d.Seq; i >= 0; i-- {
		tail[i] = base32[n&31]
		n >>= 5
	}
	return DeliveryPrefix + strings.TrimPrefix(d.Webhook, WebhookPrefix) + string(tail)
}

// WebhookOf reads the webhook's id and the event's number out of a delivery's id;
// ok is false where it is none.
func WebhookOf(id string) (webhook string, seq int64, ok bool) {
	tail, is := strings.CutPrefix(id, DeliveryPrefix)
	if !is || !validTail(tail, idLen+seqDigits) || tail[idLen] > '7' {
		return "", 0, false
	}
	for i := idLen; i < len(tail); i++ {
		seq = seq<<5 | int64(strings.IndexByte(base32, tail[i]))
	}
	return WebhookPrefix + tail[:idLen], seq, true
}
