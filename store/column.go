package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// ms is t in milliseconds since 1970; 0 for the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// fromMS is the time that ms gave.
func fromMS(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// whole is t as the store keeps it.
func whole(t time.Time) time.Time { return fromMS(ms(t)) }

// optional is t in milliseconds, or NULL.
func optional(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMilli()
}

// fromOptional is the time that optional gave.
func fromOptional(n *int64) *time.Time {
	if n == nil {
		return nil
	}
	t := time.UnixMilli(*n).UTC()
	return &t
}

// flag is 1 for true.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// orNull is s, or NULL where it is empty.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// toJSON writes v as the text of a column.
func toJSON(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("write column: %w", err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte{'\n'})), nil
}

// listJSON writes a list; it has nothing in it that could not be written.
func listJSON[T ~string](items []T) string {
	if len(items) == 0 {
		return "[]"
	}
	text, err := json.Marshal(items)
	if err != nil {
		panic("store: a list of strings: " + err.Error())
	}
	return string(text)
}

// fromJSON reads the text of a column into v. An empty text, list or object
// leaves v as it is.
func fromJSON(text string, v any) error {
	if text == "" || text == "[]" || text == "{}" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read column: %w", err)
	}
	return nil
}
