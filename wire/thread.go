package wire

import "outcry"

// Text is the body of a new message.
type Text struct {
	Text string `json:"text" doc:"1 to 2,000 characters"`
}

// Message is one text between a buyer and a called shop.
type Message struct {
	ID        string       `json:"id"`
	RequestID string       `json:"request_id"`
	ShopID    string       `json:"shop_id"`
	From      outcry.Party `json:"from" enum:"buyer,shop"`
	Text      string       `json:"text"`
	CreatedAt Time         `json:"created_at"`
}

// MessageOf is a message.
func MessageOf(m outcry.Message) Message {
	return Message{ID: m.ID, RequestID: m.Request, ShopID: m.Shop, From: m.From, Text: m.Text, CreatedAt: Time(m.At)}
}
