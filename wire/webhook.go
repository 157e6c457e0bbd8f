package wire

import "outcry"

// NewWebhook is the body of POST /v1/shops/{id}/webhooks.
type NewWebhook struct {
	URL    string   `json:"url" doc:"where events are sent, https" example:"https://till.example/outcry"`
	Events []string `json:"events" doc:"what is sent: some of call, closed, message, order, book"`
}

// Webhook is an address at which a shop's software takes events.
type Webhook struct {
	ID            string   `json:"id"`
	ShopID        string   `json:"shop_id"`
	URL           string   `json:"url"`
	Events        []string `json:"events"`
	State         string   `json:"state" enum:"active,failing,disabled" doc:"failing: it takes nothing just now; disabled: nothing is sent any more"`
	Reason        string   `json:"reason,omitempty" doc:"why it is disabled"`
	Secret        string   `json:"secret,omitempty" doc:"what is sent is signed with it; shown once"`
	FormerUntil   Time     `json:"former_until,omitzero" doc:"until when the secret before this one signs too"`
	FailingSince  Time     `json:"failing_since,omitzero"`
	NextAttemptAt Time     `json:"next_attempt_at,omitzero" doc:"when something is sent again to one that fails"`
	CreatedAt     Time     `json:"created_at"`
}

// The states of a webhook.
const (
	webhookActive   = "active"
	webhookDisabled = "disabled"
)

// WebhookOf is a webhook; its Secret where it is not empty.
func WebhookOf(w outcry.Webhook) Webhook {
	out := Webhook{
		ID: w.ID, ShopID: w.Shop, URL: w.URL, Events: Texts(w.Events), State: webhookActive, Reason: w.Reason,
		Secret: w.Secret, FormerUntil: Time(w.FormerUntil), CreatedAt: Time(w.Created),
	}
	if !w.Disabled.IsZero() {
		out.State = webhookDisabled
	}
	return out
}

// Rotation is the body of POST /v1/webhooks/{id}/rotate.
type Rotation struct {
	KeepFormerS *float64 `json:"keep_former_s,omitempty" doc:"for how many seconds the present secret signs too, up to 604800; a day unless said" example:"86400"`
}

// Delivery is an event on its way to a webhook.
type Delivery struct {
	ID        string               `json:"id" doc:"the header webhook-id of each attempt"`
	WebhookID string               `json:"webhook_id"`
	Type      string               `json:"type" enum:"call,closed,message,order,book,test"`
	State     outcry.DeliveryState `json:"state" enum:"waiting,delivered,failed"`
	Attempts  int                  `json:"attempts"`
	Status    int                  `json:"status,omitzero" doc:"of the last answer; none came where it is missing"`
	TookMS    int64                `json:"took_ms" doc:"how long the last attempt took"`
	Error     string               `json:"error,omitempty" doc:"what was wrong with the last attempt, or with what was replied"`
	EventAt   Time                 `json:"event_at"`
	TriedAt   Time                 `json:"tried_at,omitzero" doc:"when the last attempt began"`
	NextAt    Time                 `json:"next_at,omitzero" doc:"when it is tried again"`
}

// DeliveryOf is a delivery.
func DeliveryOf(d outcry.Delivery) Delivery {
	out := Delivery{
		ID: d.ID(), WebhookID: d.Webhook, Type: string(d.Type), State: d.State, Attempts: d.Attempts, Status: d.Status,
		TookMS: d.Took.Milliseconds(), Error: d.Error, EventAt: Time(d.At), TriedAt: Time(d.Tried),
	}
	if d.State == outcry.DeliveryWaiting {
		out.NextAt = Time(d.Next)
	}
	return out
}

// Hooked is what is sent to a webhook.
type Hooked struct {
	Type      string `json:"type"`
	Timestamp Time   `json:"timestamp" doc:"when it happened"`
	Data      any    `json:"data" doc:"as on the shop's line"`
}

// Decline is what software replies to a call that it refuses.
type Decline struct {
	Decline Reason `json:"decline"`
}
