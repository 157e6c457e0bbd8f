package selection

import "time"

// Busy is what a shop has on its hands at that moment: the calls that wait for
// its answer, and those of the last hour, which are an estimate where the shop
// has no limit of them. A shop that is not known has none.
func (x *Index) Busy(id string, now time.Time) (open int, hour float64) {
	if d := x.deskOf(id); d != nil {
		return int(d.load.open.Load()), d.load.hour(now)
	}
	return 0, 0
}
