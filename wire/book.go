package wire

import "outcry"

// BookBody is the body of PUT /v1/shops/{id}/book.
type BookBody struct {
	Codes []string `json:"codes" doc:"all signal codes that the shop holds, at most 2,000"`
}

// Acknowledgement is the body of POST /v1/shops/{id}/book/acknowledge.
type Acknowledgement struct {
	Version int `json:"version" doc:"the version that the shop server holds now"`
}

// Book is the set of signal codes that a shop holds.
type Book struct {
	ShopID       string   `json:"shop_id"`
	Version      int      `json:"version" doc:"counts up with every change; 0 before the first"`
	Codes        []string `json:"codes"`
	Acknowledged int      `json:"acknowledged_version" doc:"the version that the shop server says it holds"`
	UpdatedAt    Time     `json:"updated_at,omitzero"`
}

// BookOf is a book.
func BookOf(b outcry.Book) Book {
	return Book{
		ShopID: b.Shop, Version: b.Version, Codes: Texts(b.Codes), Acknowledged: b.Acknowledged, UpdatedAt: Time(b.Updated),
	}
}
