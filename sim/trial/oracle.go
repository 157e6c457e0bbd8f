package trial

import "context"

// know has selecting know the truth about a shop, now and in its further spells.
func (m *market) know(t *trader) {
	f, ends := t.truth(m.now)
	m.shops.Figure(t.ID, f)
	if ends.Before(opening.Add(m.Day)) {
		m.agenda.add(ends, func(context.Context) error { m.know(t); return nil })
	}
}

// correct puts the truth in the place of what was just learned.
func (m *market) correct() {
	for _, t := range m.taught {
		f, _ := t.truth(m.now)
		m.shops.Figure(t.ID, f)
	}
	m.taught = m.taught[:0]
}
