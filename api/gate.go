package api

import "outcry"

// room is how many calls fit into the server at once.
type room struct{ calls, streams chan struct{} }

func newRoom(l Limits) room {
	return room{make(chan struct{}, l.Open), make(chan struct{}, l.Streams)}
}

// enter takes a place, or says that there is none. leave must be called after
// it.
func (r room) enter(stream bool) (leave func(), err error) {
	places := r.calls
	if stream {
		places = r.streams
	}
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	default:
		return nil, &outcry.Error{Kind: outcry.Unavailable, Code: "overloaded", Retry: 1,
			Msg: "as many calls are being worked on as may; try again"}
	}
}
