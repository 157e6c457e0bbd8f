package directory

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"outcry"
	"outcry/directory/form"
)

//go:embed forms/*.json
var formFiles embed.FS

// A Side is who fills a form in.
type Side string

// The sides.
const (
	RequestSide Side = "request" // the buyer, in a request
	OfferSide   Side = "offer"   // the shop, in an offer
)

// defaultForms are the forms of folder forms by the codes that they are for.
var defaultForms = sync.OnceValue(func() map[outcry.Code]outcry.Forms {
	out := map[outcry.Code]outcry.Forms{}
	names, err := fs.Glob(formFiles, "forms/*.json")
	if err != nil {
		panic("directory: " + err.Error())
	}
	for _, name := range names {
		text, err := formFiles.ReadFile(name)
		if err != nil {
			panic("directory: " + err.Error())
		}
		var file struct {
			Codes          []outcry.Code
			Request, Offer json.RawMessage
		}
		if err := json.Unmarshal(text, &file); err != nil {
			panic("directory: " + name + ": " + err.Error())
		}
		for _, code := range file.Codes {
			out[code] = outcry.Forms{Request: file.Request, Offer: file.Offer}
		}
	}
	return out
})

// Forms are the forms that hold for a code: for each side its own, or that of
// the nearest code above that has one; zero where none has.
func (t *Tree) Forms(code outcry.Code) outcry.Forms {
	var forms outcry.Forms
	for _, c := range t.Ancestors(code) {
		f := t.signals[c].Forms
		if len(forms.Request) == 0 {
			forms.Request = f.Request
		}
		if len(forms.Offer) == 0 {
			forms.Offer = f.Offer
		}
	}
	return forms
}

// CheckForm says what is wrong with the attributes that one side sends for a
// code: an Invalid error whose fields lie below location, such as
// body.attributes.nights. No attributes are an empty object. Where no form
// holds, a flat object of at most 32 short values will do.
func (d *Directory) CheckForm(code outcry.Code, side Side, attributes []byte, location string) error {
	forms := d.Tree().Forms(code)
	text := forms.Request
	if side == OfferSide {
		text = forms.Offer
	}
	if len(text) == 0 {
		return form.Flat(attributes, location).Err()
	}
	f, err := d.forms.Form(text)
	if err != nil {
		return fmt.Errorf("read the %s form of %s: %w", side, code, err)
	}
	return f.Validate(attributes, location).Err()
}

// CheckRequest is CheckForm for the attributes of a request.
func (d *Directory) CheckRequest(code outcry.Code, attributes []byte, location string) error {
	return d.CheckForm(code, RequestSide, attributes, location)
}

// CheckOffer is CheckForm for the attributes of an offer.
func (d *Directory) CheckOffer(code outcry.Code, attributes []byte, location string) error {
	return d.CheckForm(code, OfferSide, attributes, location)
}
