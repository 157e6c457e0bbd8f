package wire

// LineProtocol is the subprotocol of a shop's line, GET /v1/shops/{id}/line: a
// WebSocket whose messages are texts, each a JSON array of Frame. Down come
// hello, book, call, closed, message, order, reset, and ok or problem in answer to
// what went up with a ref.
const LineProtocol = "outcry.line.v1"

// The types of the frames that shops send up a line.
const (
	UpAck      = "ack"      // Acknowledgement: the shop server holds this version of its book
	UpOffer    = "offer"    // UpBid with a call_id
	UpRevise   = "revise"   // UpBid with an offer_id and a version
	UpWithdraw = "withdraw" // UpOut
	UpDecline  = "decline"  // UpOut with a call_id and a reason
	UpMessage  = "message"  // UpText
)

// The types of the frames that answer those with the same ref.
const (
	FrameOK      = "ok"      // Offer, Call, Message or Book: what came of it
	FrameProblem = "problem" // Problem
)

// UpFrame is one thing that a shop says. Ref is its own, at most 64 bytes; the
// answer has the same one. Without a ref there is no answer, but for a problem.
type UpFrame struct {
	Type string `json:"type"`
	Ref  string `json:"ref,omitempty"`
	Data any    `json:"data"`
}

// UpBid is the data of offer and revise.
type UpBid struct {
	CallID  string `json:"call_id,omitempty"`
	OfferID string `json:"offer_id,omitempty"`
	Version int    `json:"version,omitzero" doc:"the one that the shop saw; 0: whichever stands"`
	Bid
}

// UpOut is the data of withdraw (offer_id and version) and decline (call_id and
// reason).
type UpOut struct {
	CallID  string `json:"call_id,omitempty"`
	OfferID string `json:"offer_id,omitempty"`
	Version int    `json:"version,omitzero"`
	Reason  string `json:"reason,omitempty"`
}

// UpText is the data of message.
type UpText struct {
	CallID string `json:"call_id"`
	Text   string `json:"text"`
}
