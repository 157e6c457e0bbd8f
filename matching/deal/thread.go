package deal

import (
	"unicode/utf8"

	"outcry"
)

// MaxThread is how many messages a thread holds.
const MaxThread = 500

// Say checks a message and makes its event; before is how many messages the
// thread holds.
func Say(m outcry.Message, before int) (outcry.Event, error) {
	if before >= MaxThread {
		return outcry.Event{}, &outcry.Error{Op: "say", Kind: outcry.Conflict, Code: "thread_full",
			Msg: "the thread holds all the messages it may"}
	}
	if n := utf8.RuneCountInString(m.Text); n < 1 || n > outcry.MaxMessage {
		return outcry.Event{}, outcry.BadField("body.text", "write 1 to %d characters", outcry.MaxMessage)
	}
	return outcry.Event{At: m.At, Kind: outcry.EventMessage, Request: m.Request, Shop: m.Shop, Message: &m}, nil
}
