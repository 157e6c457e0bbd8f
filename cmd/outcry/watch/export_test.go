package watch

import tea "charm.land/bubbletea/v2"

// Tick is the time going by.
func Tick() tea.Msg { return ticked{} }
