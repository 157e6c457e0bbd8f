package wire

import (
	"encoding/json"
	"fmt"
	"time"
)

// Pause is the body of POST /v1/shops/{id}/pause. One of both says for how long;
// neither is until told otherwise.
type Pause struct {
	Until *Time    `json:"until,omitempty" doc:"until when it takes no calls"`
	ForS  *float64 `json:"for_s,omitempty" doc:"the same, in seconds from now" example:"7200"`
}

// Until is a moment that a change may set or take away. The zero value is left
// out and changes nothing.
type Until struct {
	said bool
	text string
}

// UntilTime sets the moment; the zero time takes it away.
func UntilTime(t time.Time) Until {
	if t.IsZero() {
		return Until{said: true}
	}
	return Until{said: true, text: Time(t).String()}
}

// IsZero says whether nothing is changed.
func (u Until) IsZero() bool { return !u.said }

// MarshalJSON writes the moment, or null.
func (u Until) MarshalJSON() ([]byte, error) {
	if u.text == "" {
		return []byte("null"), nil
	}
	data, err := json.Marshal(u.text)
	if err != nil {
		return nil, fmt.Errorf("write a moment: %w", err)
	}
	return data, nil
}

// UnmarshalJSON takes any text, or null; Time says what is wrong with it.
func (u *Until) UnmarshalJSON(data []byte) error {
	*u = Until{said: true}
	if err := json.Unmarshal(data, &u.text); err != nil { // null leaves it empty
		return fmt.Errorf("read a moment: %w", err)
	}
	return nil
}

// Time is the moment: nil where nothing is changed, the zero time where it is
// taken away. The error says how to write one.
func (u Until) Time() (*time.Time, error) {
	if !u.said {
		return nil, nil
	}
	var t Time
	if u.text != "" {
		if err := t.UnmarshalText([]byte(u.text)); err != nil {
			return nil, err
		}
	}
	return t.Std(), nil
}

var (
	_ json.Marshaler   = Until{}
	_ json.Unmarshaler = (*Until)(nil)
)
