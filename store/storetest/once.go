package storetest

import (
	"time"

	"outcry"
	"outcry/store"
)

var onces = []promise{
	{"Once_FirstCallRunsAndLaterOnesGetItsAnswer", func(m *market) {
		at := m.tick()
		o := store.Once{Member: "mem_1", Key: "k", Route: "POST /v1/requests", BodyHash: "b", At: at, Run: "run 1"}
		prior, err := m.BeginOnce(m.ctx, o)
		m.ok(err)
		if prior != nil {
			m.Fatalf("the first call found %+v", prior)
		}
		later := o
		later.At = at.Add(time.Second)
		prior, err = m.BeginOnce(m.ctx, later)
		m.ok(err)
		m.same("while it runs", *prior, store.OnceRecord{BodyHash: "b", At: at, Run: "run 1"})
		answer := store.OnceAnswer{Status: 201, Header: []byte("Location: /x"), Body: []byte{0, 255, '{'}}
		m.ok(m.FinishOnce(m.ctx, o, answer))
		prior, err = m.BeginOnce(m.ctx, later)
		m.ok(err)
		m.same("afterwards", *prior, store.OnceRecord{BodyHash: "b", At: at, Run: "run 1", Answer: answer})
	}},
	{"Once_KeysAreOfTheirMemberAndRoute", func(m *market) {
		o := store.Once{Member: "mem_1", Key: "k", Route: "r", At: m.tick(), Run: "run 1"}
		for _, change := range []func(*store.Once){
			func(*store.Once) {},
			func(o *store.Once) { o.Member = "mem_2" },
			func(o *store.Once) { o.Key = "k2" },
			func(o *store.Once) { o.Route = "r2" },
		} {
			one := o
			change(&one)
			prior, err := m.BeginOnce(m.ctx, one)
			m.ok(err)
			if prior != nil {
				m.Fatalf("%+v found %+v", one, prior)
			}
		}
	}},
	{"Once_AnEarlierProcessIsTakenOver", func(m *market) {
		at := m.tick()
		first := store.Once{Member: "mem_1", Key: "k", Route: "r", BodyHash: "b", At: at, Run: "run 1"}
		_, err := m.BeginOnce(m.ctx, first)
		m.ok(err)
		other := first
		other.Run, other.At, other.BodyHash = "run 2", at.Add(time.Minute), "another body"
		prior, err := m.BeginOnce(m.ctx, other)
		m.ok(err)
		m.same("another body", *prior, store.OnceRecord{BodyHash: "b", At: at, Run: "run 1"})
		other.BodyHash = "b"
		prior, err = m.BeginOnce(m.ctx, other)
		m.ok(err)
		m.same("taken over", *prior, store.OnceRecord{BodyHash: "b", At: at, Run: "run 1"})
		prior, err = m.BeginOnce(m.ctx, other)
		m.ok(err)
		m.same("taken over already", *prior, store.OnceRecord{BodyHash: "b", At: at, Run: "run 2"})
		m.fails(m.FinishOnce(m.ctx, first, store.OnceAnswer{Status: 500}), outcry.NotFound, "not_found")
		m.ok(m.FinishOnce(m.ctx, other, store.OnceAnswer{Status: 201}))
	}},
	{"Once_RacedForIsRunOnce", func(m *market) {
		at := m.tick()
		found := make([]*store.OnceRecord, 32)
		for _, err := range together(len(found), func(i int) (err error) {
			found[i], err = m.BeginOnce(m.ctx, store.Once{Member: "mem_1", Key: "k", Route: "r", At: at, Run: "run 1"})
			return err
		}) {
			m.ok(err)
		}
		n := 0
		for _, prior := range found {
			if prior == nil {
				n++
			}
		}
		m.same("runs", n, 1)
	}},
	{"Once_IsForgottenAfterADay", func(m *market) {
		o := store.Once{Member: "mem_1", Key: "k", Route: "r", BodyHash: "b", At: m.tick(), Run: "run 1"}
		_, err := m.BeginOnce(m.ctx, o)
		m.ok(err)
		m.ok(m.FinishOnce(m.ctx, o, store.OnceAnswer{Status: 201, Body: []byte("x")}))
		next := o
		next.At = o.At.Add(store.OnceLife - time.Millisecond)
		prior, err := m.BeginOnce(m.ctx, next)
		m.ok(err)
		m.same("status within the day", prior.Answer.Status, 201)
		next.At = o.At.Add(store.OnceLife)
		next.BodyHash = "c"
		prior, err = m.BeginOnce(m.ctx, next)
		m.ok(err)
		if prior != nil {
			m.Fatalf("found %+v after a day", prior)
		}
		prior, err = m.BeginOnce(m.ctx, next)
		m.ok(err)
		m.same("replaced", *prior, store.OnceRecord{BodyHash: "c", At: next.At, Run: "run 1"})
	}},
	{"Once_ForgetsAndSweeps", func(m *market) {
		at := m.tick()
		done := store.Once{Member: "mem_1", Key: "done", Route: "r", At: at, Run: "run 1"}
		running := store.Once{Member: "mem_1", Key: "running", Route: "r", At: at.Add(time.Hour), Run: "run 1"}
		for _, o := range []store.Once{done, running} {
			_, err := m.BeginOnce(m.ctx, o)
			m.ok(err)
		}
		m.ok(m.FinishOnce(m.ctx, done, store.OnceAnswer{Status: 200}))
		m.ok(m.ForgetOnce(m.ctx, done)) // is finished, so it stays
		prior, err := m.BeginOnce(m.ctx, done)
		m.ok(err)
		m.same("status", prior.Answer.Status, 200)
		n, err := m.SweepOnce(m.ctx, at.Add(time.Minute))
		m.ok(err)
		m.same("swept", n, 1)
		m.ok(m.ForgetOnce(m.ctx, running))
		for _, o := range []store.Once{done, running} {
			prior, err := m.BeginOnce(m.ctx, o)
			m.ok(err)
			if prior != nil {
				m.Fatalf("%s is still there: %+v", o.Key, prior)
			}
		}
	}},
}
