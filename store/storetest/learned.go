package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"outcry"
)

// learned reads all that was learned.
func (m *market) learned() []outcry.Learned {
	m.Helper()
	var all []outcry.Learned
	m.ok(m.EachLearned(m.ctx, func(l outcry.Learned) error {
		all = append(all, l)
		return nil
	}))
	return all
}

// learnedTo fails where the lessons that are kept do not end at seq.
func (m *market) learnedTo(seq int64) {
	m.Helper()
	got, err := m.LearnedUpTo(m.ctx)
	m.ok(err)
	m.same("learned up to", got, seq)
}

// row is what a subject's row says after so many events.
func row(subject string, seq int64) outcry.Learned {
	return outcry.Learned{Subject: subject, Seq: seq, Body: fmt.Appendf(nil, `{"v":1,"at":%d,"note":"가 <b>"}`, seq)}
}

// made is a call as CallsSince tells of it.
type made struct {
	Shop string
	At   time.Time
}

// since reads the calls from a moment on.
func (m *market) since(at time.Time) []made {
	m.Helper()
	var all []made
	m.ok(m.CallsSince(m.ctx, at, func(shop string, at time.Time) error {
		all = append(all, made{shop, at})
		return nil
	}))
	return all
}

var lessons = []promise{
	{"Learned_KeepsTheRowThatKnowsMost", func(m *market) {
		m.same("before the first", m.learned(), []outcry.Learned(nil))
		m.learnedTo(0)
		m.ok(m.SaveLearned(m.ctx, []outcry.Learned{row("shop_b", 5), row("class:person", 5), row("usual:osm:shop=a GBP", 7)}, 7))
		m.ok(m.SaveLearned(m.ctx, []outcry.Learned{row("shop_b", 9), row("shop_a", 9), row("class:person", 4)}, 9))
		same := outcry.Learned{Subject: "shop_a", Seq: 9, Body: []byte(`{"v":2}`)}
		m.ok(m.SaveLearned(m.ctx, []outcry.Learned{same}, 9))
		m.same("rows", m.learned(), []outcry.Learned{
			row("class:person", 5), same, row("shop_b", 9), row("usual:osm:shop=a GBP", 7),
		})
		m.learnedTo(9)
	}},
	{"Learned_TheLastRowOfASubjectCounts", func(m *market) {
		m.ok(m.SaveLearned(m.ctx, []outcry.Learned{row("shop_a", 1), row("shop_b", 1), row("shop_a", 3)}, 0))
		m.same("rows", m.learned(), []outcry.Learned{row("shop_a", 3), row("shop_b", 1)})
	}},
	{"Learned_UpToNeverGoesBack", func(m *market) {
		m.ok(m.SaveLearned(m.ctx, nil, 8))
		m.ok(m.SaveLearned(m.ctx, []outcry.Learned{row("shop_a", 6)}, 6))
		m.learnedTo(8)
		m.ok(m.SaveLearned(m.ctx, []outcry.Learned{row("shop_b", 7)}, 0))
		m.learnedTo(8)
		m.same("rows", len(m.learned()), 2)
	}},
	{"Learned_AllOrNothing", func(m *market) {
		for _, bad := range []outcry.Learned{{Seq: 2}, {Subject: "shop_\x00", Seq: 2}, {Subject: "shop_x", Seq: 2, Body: []byte("\xff")}} {
			m.fails(m.SaveLearned(m.ctx, []outcry.Learned{row("shop_a", 2), bad}, 2), outcry.Invalid, "invalid")
		}
		m.same("rows", m.learned(), []outcry.Learned(nil))
		m.learnedTo(0)
	}},
	{"Learned_OfManyEachIsReadOnce", func(m *market) {
		const many = 2345
		rows := make([]outcry.Learned, many)
		for i := range rows {
			rows[i] = row(fmt.Sprintf("shop_%05d", i), int64(i+1))
		}
		m.ok(m.SaveLearned(m.ctx, rows, many))
		m.same("rows", m.learned(), rows)
		enough, n := errors.New("enough"), 0
		err := m.EachLearned(m.ctx, func(outcry.Learned) error {
			n++
			if n == 1500 {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) || n != 1500 {
			m.Fatalf("error %v after %d rows, want the callback's after 1500", err, n)
		}
	}},
	{"Learned_ReadingEndsWithItsContext", func(m *market) {
		const many = 4500 // more than is read ahead
		rows := make([]outcry.Learned, many)
		for i := range rows {
			rows[i] = row(fmt.Sprintf("shop_%05d", i), int64(i+1))
		}
		m.ok(m.SaveLearned(m.ctx, rows, many))
		ctx, stop := context.WithCancel(m.ctx)
		defer stop()
		n := 0
		err := m.EachLearned(ctx, func(l outcry.Learned) error {
			m.same("row", l, rows[n])
			n++
			stop()
			return nil
		})
		if !errors.Is(err, context.Canceled) || n == 0 || n == many {
			m.Fatalf("error %v after %d rows of %d, want the context's after some", err, n, many)
		}
	}},
	{"Learned_SurvivesAndIsSeenByOthers", func(m *market) {
		m.ok(m.SaveLearned(m.ctx, []outcry.Learned{row("shop_a", 3)}, 3))
		other := m.another()
		if other == nil {
			return
		}
		upTo, err := other.LearnedUpTo(m.ctx)
		m.ok(err)
		m.same("learned up to", upTo, int64(3))
		m.ok(other.EachLearned(m.ctx, func(l outcry.Learned) error {
			m.same("row", l, row("shop_a", 3))
			return nil
		}))
	}},
	{"Lessons_AreClosingsAndOrdersInTheirOrder", func(m *market) {
		shops := m.shops(2)
		var want []outcry.Event
		for range 3 {
			q := m.request(1)
			for _, e := range m.write(q.ID, m.everything(q, shops)...) {
				if e.Kind == outcry.EventClosed || e.Kind == outcry.EventOrder {
					want = append(want, e)
				}
			}
		}
		m.same("lessons there are", len(want), 6)
		for after := range len(want) + 1 {
			from := int64(0)
			if after > 0 {
				from = want[after-1].Seq
			}
			got, err := m.Lessons(m.ctx, from, 0)
			m.ok(err)
			m.same("lessons", append([]outcry.Event{}, got...), want[after:])
		}
		got, err := m.Lessons(m.ctx, 0, 2)
		m.ok(err)
		m.same("the first two", got, want[:2])
	}},
	{"CallsSince_GivesTheCallsFromAMomentOn", func(m *market) {
		shops, start := m.shops(5), m.tick()
		m.same("before the first", m.since(start), []made(nil))
		var want []made
		for range 3 {
			q := m.request(1)
			w := m.called(1, 0, shops[:3]...)
			later := m.called(2, 3, shops[3:]...)
			later.At = w.At // one millisecond, two waves
			m.write(q.ID, w, later, m.declined(0, shops[0]), m.closed(outcry.ClosedWithdrawn))
			for _, s := range shops {
				want = append(want, made{s, w.At})
			}
		}
		m.same("all", m.since(start), want)
		m.same("from the second on", m.since(want[5].At), want[5:])
		m.same("from within its millisecond on", m.since(want[5].At.Add(999*time.Microsecond)), want[5:])
		m.same("later than the second", m.since(want[5].At.Add(time.Millisecond)), want[10:])
		m.same("from the future on", m.since(m.tick().Add(time.Hour)), []made(nil))
	}},
	{"CallsSince_GoesByTheClockWhereThatWasSetBack", func(m *market) {
		shop, now := m.shop().ID, m.tick().Add(time.Hour)
		times := []time.Time{now, now.Add(-time.Hour), now.Add(-30 * time.Minute), now.Add(-2 * time.Hour)}
		for _, at := range times {
			w := m.called(1, 0, shop)
			w.At = at
			m.write(m.request(1).ID, w)
		}
		m.same("calls", m.since(times[2]), []made{{shop, times[2]}, {shop, times[0]}})
	}},
	{"CallsSince_OfManyEachIsGivenOnce", func(m *market) {
		const waves = 1203 // more than are read at once, many of one moment, by a clock that goes back
		at := m.tick()
		q := m.request(1)
		batch := outcry.Batch{Request: q.ID}
		for i := range waves {
			w := m.called(i+1, 2*i, fmt.Sprintf("shop_%d", i), fmt.Sprintf("shop_x%d", i))
			w.At = at.Add(time.Duration((waves-i)/400) * time.Millisecond)
			batch.Events = append(batch.Events, w)
		}
		m.commit(batch)
		seen := map[string]int{}
		for _, c := range m.since(at) {
			seen[c.Shop]++
		}
		for i := range waves {
			if seen[fmt.Sprintf("shop_%d", i)] != 1 || seen[fmt.Sprintf("shop_x%d", i)] != 1 {
				m.Fatalf("wave %d was given %d times", i, seen[fmt.Sprintf("shop_%d", i)])
			}
		}
		m.same("shops", len(seen), 2*waves)
		enough, n := errors.New("enough"), 0
		err := m.CallsSince(m.ctx, at, func(string, time.Time) error {
			n++
			return enough
		})
		if !errors.Is(err, enough) || n != 1 {
			m.Fatalf("error %v after %d calls, want the callback's after one", err, n)
		}
	}},
}
