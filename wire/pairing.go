package wire

// Pairing is a code by which one shop server may join, once.
type Pairing struct {
	Code      string `json:"code" example:"ABCD-EFGH"`
	ExpiresAt Time   `json:"expires_at"`
}

// Pair is the body of POST /v1/pairings/{code}.
type Pair struct {
	Name string `json:"name" doc:"what the shop server is called, such as the name of its machine"`
}

// Paired is what a shop server gets for a code.
type Paired struct {
	ShopID string `json:"shop_id"`
	Key    string `json:"key" doc:"the shop server's key, given once"`
}
