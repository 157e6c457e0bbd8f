package learning

import "encoding/json"

// Shops are the ids of all shops of which something is known, in no order.
func (l *Ledger) Shops() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	ids := make([]string, 0, len(l.shops))
	for id := range l.shops {
		ids = append(ids, id)
	}
	return ids
}

// Plainly reads a shop's body the short way, and writes what it read; false where
// it is left to the long one.
func Plainly(text []byte) (again string, ok bool) {
	b, ok := plain(text)
	if !ok {
		return "", false
	}
	return written(b), true
}

// Anyway reads it the long way.
func Anyway(text []byte) (again string, _ error) {
	var b shopBody
	if err := decode(text, &b, &b.V); err != nil {
		return "", err
	}
	return written(b), nil
}

func written(b shopBody) string {
	text, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return string(text)
}
