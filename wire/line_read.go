package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"outcry"
)

const (
	// MaxUp is how many bytes a frame that goes up a line may have.
	MaxUp = 64 << 10
	// MaxUps is how many things it may say.
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

// memberNames are the members' names, in the order of their bits.
var memberNames = [...]string{
	"call_id", "offer_id", "version", "price", "attributes", "message", "available_at", "valid_until", "reason", "text",
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

// reader reads frames; it is used again and again.
type reader struct {
	*jsontext.Decoder
	from *bytes.Buffer
}

var readers = sync.Pool{New: func() any {
	from := new(bytes.Buffer)
	// Members that stand twice are found here, with words for which it is.
	return &reader{jsontext.NewDecoder(from, jsontext.AllowDuplicateNames(true)), from}
}}

// ReadUps reads a frame that came up a line. Each thing that was said is given to
// take, with what is wrong with it, if anything; an error of ReadUps itself says
// in words that the frame is none. Nothing of frame is kept.
func ReadUps(frame []byte, take func(*Up, error)) error {
	d, ok := readers.Get().(*reader)
	if !ok { // nothing else is put in
		return errFrame
	}
	defer readers.Put(d)
	d.from.Reset()
	d.from.Write(frame)
	d.Reset(d.from, jsontext.AllowDuplicateNames(true))
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
		u := new(Up)
		err := u.read(d)
		if errors.Is(err, errFrame) {
			return err
		}
		take(u, err)
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
func (u *Up) read(d *reader) error {
	if d.PeekKind() != '{' {
		return d.skip(outcry.BadField("frame", "say each thing as an object with type, ref and data"))
	}
	seen := 0
	err := d.object(func(name string) (err error) {
		bit := 0
		switch name {
		case "type":
			bit = 1
			u.Type, err = d.text("type")
		case "ref":
			bit = 2
			if u.Ref, err = d.text("ref"); err == nil && len(u.Ref) > maxRef {
				u.Ref = u.Ref[:maxRef]
				err = outcry.BadField("ref", "write at most %d bytes", maxRef)
			}
		case "data":
			bit = 4
			err = u.readData(d)
		default:
			return d.skip(unknown(name))
		}
		if seen&bit != 0 && err == nil {
			err = twice(name)
		}
		seen |= bit
		return err
	})
	switch {
	case err != nil:
		return err
	case seen&4 == 0:
		return outcry.BadField("data", "give an object")
	}
	return u.check()
}

// check says whether the type is one, and has what it needs and nothing else.
func (u *Up) check() error {
	say, ok := sayings[u.Type]
	if !ok {
		return outcry.BadField("type", "say ack, offer, revise, withdraw, decline or message")
	}
	missing, much := say.needs&^u.given, u.given&^(say.needs|say.takes)
	if missing|much == 0 {
		return nil
	}
	for i, name := range memberNames {
		switch m := member(1) << i; {
		case missing&m != 0:
			return outcry.BadField("data."+name, "say it: %s needs it", u.Type)
		case much&m != 0:
			return unknown("data." + name)
		}
	}
	return nil
}

// skip passes over a value, and gives err.
func (d *reader) skip(err error) error {
	if d.SkipValue() != nil {
		return errFrame
	}
	return err
}

// object reads an object; each is called for every member, and must read its
// value. The first error is given, after the whole object, but for errFrame, which is
// given at once.
func (d *reader) object(each func(name string) error) error {
	if _, err := d.ReadToken(); err != nil {
		return errFrame
	}
	var first error
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return errFrame
		}
		switch err := each(name.String()); {
		case errors.Is(err, errFrame):
			return err
		case first == nil:
			first = err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return errFrame
	}
	return first
}

func unknown(name string) error {
	if len(name) > maxRef {
		name = name[:maxRef]
	}
	return outcry.BadField(name, "there is no such member")
}

func twice(name string) error {
	return outcry.BadField(name, "this member stands twice; write it once")
}

// text reads a string.
func (d *reader) text(location string) (string, error) {
	if d.PeekKind() != '"' {
		return "", d.skip(outcry.BadField(location, "write text"))
	}
	token, err := d.ReadToken()
	if err != nil {
		return "", errFrame
	}
	return token.String(), nil
}

// whole reads a whole number.
func (d *reader) whole(location string) (int64, error) {
	wrong := outcry.BadField(location, "write a whole number")
	if d.PeekKind() != '0' {
		return 0, d.skip(wrong)
	}
	raw, err := d.ReadValue()
	if err != nil {
		return 0, errFrame
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0, wrong
	}
	return n, nil
}

// moment reads a time.
func (d *reader) moment(location string) (*Time, error) {
	if d.PeekKind() == 'n' {
		return nil, d.skip(nil)
	}
	said, err := d.text(location)
	if err != nil {
		return nil, err
	}
	t := new(Time)
	if err := t.UnmarshalText([]byte(said)); err != nil {
		return nil, outcry.BadField(location, "%s", err)
	}
	return t, nil
}

// readData reads the members that data may have.
func (u *Up) readData(d *reader) error {
	if d.PeekKind() != '{' {
		return d.skip(outcry.BadField("data", "give an object"))
	}
	return d.object(func(name string) error {
		i := slices.Index(memberNames[:], name)
		if i < 0 {
			return d.skip(unknown("data." + name))
		}
		m := member(1) << i
		had := u.given&m != 0
		u.given |= m
		if err := u.readMember(d, m); err != nil || !had {
			return err
		}
		return twice("data." + name)
	})
}

// readMember reads one member of data.
func (u *Up) readMember(d *reader, m member) (err error) {
	var n int64
	switch m {
	case memberCall:
		u.CallID, err = d.text("data.call_id")
	case memberOffer:
		u.OfferID, err = d.text("data.offer_id")
	case memberVersion:
		n, err = d.whole("data.version")
		u.Version = int(n)
	case memberPrice:
		err = u.readPrice(d)
	case memberAttributes:
		u.Bid.Attributes, err = d.raw("data.attributes")
	case memberMessage:
		u.Bid.Message, err = d.text("data.message")
	case memberAvailable:
		u.Bid.AvailableAt, err = d.moment("data.available_at")
	case memberValid:
		u.Bid.ValidUntil, err = d.moment("data.valid_until")
	case memberReason:
		u.Reason, err = d.text("data.reason")
	case memberText:
		u.Text, err = d.text("data.text")
	}
	return err
}

// raw reads a value as it stands.
func (d *reader) raw(location string) (json.RawMessage, error) {
	v, err := d.ReadValue()
	if err != nil {
		return nil, errFrame
	}
	if !v.IsValid() { // some member in it stands twice
		return nil, outcry.BadField(location, "write each member once")
	}
	return json.RawMessage(bytes.Clone(v)), nil
}

func (u *Up) readPrice(d *reader) error {
	if d.PeekKind() != '{' {
		return d.skip(outcry.BadField("data.price", `write {"amount": 250, "currency": "GBP"}, in minor units`))
	}
	return d.object(func(name string) (err error) {
		switch name {
		case "amount":
			u.Bid.Price.Amount, err = d.whole("data.price.amount")
		case "currency":
			u.Bid.Price.Currency, err = d.text("data.price.currency")
		default:
			err = d.skip(unknown("data.price." + name))
		}
		return err
	})
}
