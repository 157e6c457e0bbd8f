package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"outcry"
)

const (
	// MaxUp is how many bytes a frame that goes up a line may have, and MaxUps how
	// many things it may say.
	MaxUp  = 64 << 10
	MaxUps = 256
	// maxRef bounds a ref.
	maxRef = 64
)

// Up is one thing that a shop said on its line. Which of the members its data
// had depends on Type.
type Up struct {
	Type    string
	Ref     string
	CallID  string
	OfferID string
	Version int
	Bid     Bid
	Reason  string
	Text    string
	given   member
}

// About is the request that it is about; "" where it is about none.
func (u *Up) About() string {
	id := u.CallID
	if id == "" {
		id = u.OfferID
	}
	request, _, _ := outcry.RequestOf(id)
	return request
}

// A member is one bit for each of the members that data may have.
type member uint16

const (
	memberCall member = 1 << iota
	memberOffer
	memberVersion
	memberPrice
	memberAttributes
	memberMessage
	memberAvailable
	memberValid
	memberReason
	memberText
)

var members = map[string]member{
	"call_id": memberCall, "offer_id": memberOffer, "version": memberVersion, "price": memberPrice,
	"attributes": memberAttributes, "message": memberMessage, "available_at": memberAvailable,
	"valid_until": memberValid, "reason": memberReason, "text": memberText,
}

const memberBid = memberPrice | memberAttributes | memberMessage | memberAvailable | memberValid

// saying is what the data of a type has to have, and may have.
type saying struct{ needs, takes member }

var sayings = map[string]saying{
	UpAck:      {memberVersion, 0},
	UpOffer:    {memberCall | memberPrice, memberBid},
	UpRevise:   {memberOffer | memberPrice, memberBid | memberVersion},
	UpWithdraw: {memberOffer, memberVersion},
	UpDecline:  {memberCall, memberReason},
	UpMessage:  {memberCall | memberText, 0},
}

var (
	errFrame = errors.New("send one JSON array of what you have to say a frame")
	errMany  = fmt.Errorf("send at most %d things a frame", MaxUps)
)

// ReadUps reads a frame that came up a line. Each thing that was said is given to
// take, with what is wrong with it, if anything; an error of ReadUps itself says
// in words that the frame is none. Nothing of frame is kept.
func ReadUps(frame []byte, take func(*Up, error)) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(frame))
	if d.PeekKind() != '[' {
		return errFrame
	}
	if _, err := d.ReadToken(); err != nil {
		return errFrame
	}
	for n := 0; d.PeekKind() != ']'; n++ {
		if n == MaxUps {
			return errMany
		}
		raw, err := d.ReadValue()
		if err != nil {
			return errFrame
		}
		u := new(Up)
		take(u, u.read(raw))
	}
	if _, err := d.ReadToken(); err != nil {
		return errFrame
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errFrame
	}
	return nil
}

// read takes one thing apart.
func (u *Up) read(raw jsontext.Value) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if d.PeekKind() != '{' {
		return outcry.BadField("frame", "say each thing as an object with type, ref and data")
	}
	var data jsontext.Value
	err := object(d, func(name string) (err error) {
		switch name {
		case "type":
			u.Type, err = text(d, "type")
		case "ref":
			if u.Ref, err = text(d, "ref"); err == nil && len(u.Ref) > maxRef {
				u.Ref = u.Ref[:maxRef]
				err = outcry.BadField("ref", "write at most %d bytes", maxRef)
			}
		case "data":
			var v jsontext.Value
			v, err = d.ReadValue()
			data = append(data, v...)
		default:
			_ = d.SkipValue() // it was read once already
			err = unknown(name)
		}
		return err
	})
	if err != nil {
		return err
	}
	say, ok := sayings[u.Type]
	if !ok {
		return outcry.BadField("type", "say ack, offer, revise, withdraw, decline or message")
	}
	if data.Kind() != '{' {
		return outcry.BadField("data", "give an object")
	}
	if err := u.readData(jsontext.NewDecoder(bytes.NewBuffer(data)), say); err != nil {
		return err
	}
	return u.whole(say)
}

// object reads an object; each is called for every member, and must read its
// value. The first error is given, after the whole object.
func object(d *jsontext.Decoder, each func(name string) error) error {
	if _, err := d.ReadToken(); err != nil {
		return errFrame
	}
	var first error
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return errFrame
		}
		if err := each(name.String()); err != nil && first == nil {
			first = err
		}
	}
	_, _ = d.ReadToken()
	return first
}

func unknown(name string) error {
	if len(name) > maxRef {
		name = name[:maxRef]
	}
	return outcry.BadField(name, "there is no such member")
}

// text reads a string.
func text(d *jsontext.Decoder, location string) (string, error) {
	if d.PeekKind() != '"' {
		_ = d.SkipValue()
		return "", outcry.BadField(location, "write text")
	}
	token, err := d.ReadToken()
	return token.String(), err
}

// whole reads a whole number.
func whole(d *jsontext.Decoder, location string) (int64, error) {
	wrong := outcry.BadField(location, "write a whole number")
	if d.PeekKind() != '0' {
		_ = d.SkipValue()
		return 0, wrong
	}
	raw, err := d.ReadValue()
	if err != nil {
		return 0, wrong
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0, wrong
	}
	return n, nil
}

// moment reads a time.
func moment(d *jsontext.Decoder, location string) (*Time, error) {
	if d.PeekKind() == 'n' {
		return nil, d.SkipValue()
	}
	said, err := text(d, location)
	if err != nil {
		return nil, err
	}
	t := new(Time)
	if err := t.UnmarshalText([]byte(said)); err != nil {
		return nil, outcry.BadField(location, "%s", err)
	}
	return t, nil
}

// readData reads the members of data that the type may have.
func (u *Up) readData(d *jsontext.Decoder, say saying) error {
	return object(d, func(name string) error {
		m := members[name]
		if m&(say.needs|say.takes) == 0 {
			_ = d.SkipValue()
			return unknown("data." + name)
		}
		u.given |= m
		return u.readMember(d, m)
	})
}

// readMember reads one member of data.
func (u *Up) readMember(d *jsontext.Decoder, m member) (err error) {
	var n int64
	switch m {
	case memberCall:
		u.CallID, err = text(d, "data.call_id")
	case memberOffer:
		u.OfferID, err = text(d, "data.offer_id")
	case memberVersion:
		n, err = whole(d, "data.version")
		u.Version = int(n)
	case memberPrice:
		err = u.readPrice(d)
	case memberAttributes:
		var raw jsontext.Value
		raw, err = d.ReadValue()
		u.Bid.Attributes = json.RawMessage(bytes.Clone(raw))
	case memberMessage:
		u.Bid.Message, err = text(d, "data.message")
	case memberAvailable:
		u.Bid.AvailableAt, err = moment(d, "data.available_at")
	case memberValid:
		u.Bid.ValidUntil, err = moment(d, "data.valid_until")
	case memberReason:
		u.Reason, err = text(d, "data.reason")
	case memberText:
		u.Text, err = text(d, "data.text")
	}
	return err
}

func (u *Up) readPrice(d *jsontext.Decoder) error {
	if d.PeekKind() != '{' {
		_ = d.SkipValue()
		return outcry.BadField("data.price", `write {"amount": 250, "currency": "GBP"}, in minor units`)
	}
	return object(d, func(name string) (err error) {
		switch name {
		case "amount":
			u.Bid.Price.Amount, err = whole(d, "data.price.amount")
		case "currency":
			u.Bid.Price.Currency, err = text(d, "data.price.currency")
		default:
			_ = d.SkipValue()
			err = unknown("data.price." + name)
		}
		return err
	})
}

// whole says what is missing.
func (u *Up) whole(say saying) error {
	missing := say.needs &^ u.given
	for name, m := range members {
		if missing&m != 0 {
			return outcry.BadField("data."+name, "say it: %s needs it", u.Type)
		}
	}
	return nil
}
