package watch

import (
	"fmt"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/live"
	"outcry/shop"
	"outcry/wire/dial"
)

// Words say an event for people who read lines: what it is, and more about it; ""
// where there is nothing to say.
func Words(e shop.Event, now time.Time) (what, words string) {
	switch {
	case e.Hello != nil:
		return "line", fmt.Sprintf("%s (%s), book version %d", column.Clean(e.Hello.Name), e.Hello.ShopID, e.Hello.Book.Version)
	case e.Book != nil:
		return "book", fmt.Sprintf("version %d, %s", e.Book.Version, live.Counted(len(e.Book.Codes), "code"))
	case e.Call != nil:
		s, l := State{}, Line{Call: *e.Call}
		d := drawing{State: s, now: now}
		words := s.need(&l) + ", " + strings.Join(d.terms(&l)[1:], ", ")
		return "call", words + ", " + live.Clock(l.left(now)) + " to answer"
	case e.Closed != nil:
		return "closed", fmt.Sprintf("%s: %s", e.Closed.State, e.Closed.Reason)
	case e.Message != nil && e.Message.From == outcry.PartyBuyer:
		return "message", column.Clean(e.Message.Text)
	case e.Order != nil:
		return "order", fmt.Sprintf("%s is %s", e.Order.ID, e.Order.State)
	case e.Kind == dial.Lost:
		return "lost", "no connection, trying again: " + column.Clean(e.Err.Error())
	case e.Kind == dial.Back:
		return "back", "on the line again"
	}
	return "", ""
}
