package deal

import (
	"unicode/utf8"

	"outcry"
)

// Rate checks a rating: stars from 1 to 5, once by each party, after completion.
func Rate(o outcry.Order, by outcry.Party, stars int, text string) (outcry.OrderRating, error) {
	if stars < 1 || stars > 5 {
		return outcry.OrderRating{}, outcry.BadField("body.stars", "give 1 to 5 stars")
	}
	if utf8.RuneCountInString(text) > outcry.MaxMessage {
		return outcry.OrderRating{}, outcry.BadField("body.text", "write at most %d characters", outcry.MaxMessage)
	}
	if o.State != outcry.OrderCompleted {
		return outcry.OrderRating{}, &outcry.Error{Op: "rate", Kind: outcry.Conflict, Code: "wrong_state",
			Msg: "the order is " + string(o.State) + "; rate it when it is completed"}
	}
	if by == outcry.PartyBuyer && o.BuyerRated != 0 || by == outcry.PartyShop && o.ShopRated != 0 {
		return outcry.OrderRating{}, &outcry.Error{Op: "rate", Kind: outcry.Conflict, Code: "already_rated",
			Msg: "you have rated this order"}
	}
	return outcry.OrderRating{Order: o.ID, Shop: o.Shop, By: by, Stars: stars, Text: text}, nil
}
