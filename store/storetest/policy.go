package storetest

import (
	"fmt"
	"slices"

	"outcry"
	"outcry/policy"
	"outcry/store"
)

var policies = []promise{
	{"Policy_EachVersionOnce", func(m *market) {
		version, body, err := m.Policy(m.ctx)
		m.ok(err)
		if version != 0 || body != nil {
			m.Fatalf("before the first: %d %q", version, body)
		}
		m.fails(m.PutPolicy(m.ctx, 2, "mem_1", []byte("b"), m.tick()), outcry.Conflict, "stale")
		errs := together(8, func(int) error { return m.PutPolicy(m.ctx, 1, "mem_1", []byte("rules: 1\n\xff"), m.tick()) })
		m.same("taken", count(errs, ""), 1)
		m.same("stale", count(errs, "stale"), 7)
		m.ok(m.PutPolicy(m.ctx, 2, "mem_1", []byte("rules: 2"), m.tick()))
		version, body, err = m.Policy(m.ctx)
		m.ok(err)
		m.same("version", version, 2)
		m.same("body", string(body), "rules: 2")
	}},
	{"Policy_FindsEachVersionAndListsTheNewestFirst", func(m *market) {
		_, err := m.PolicyVersion(m.ctx, 1)
		m.fails(err, outcry.NotFound, "not_found")
		var want []policy.Version
		for n := 1; n <= 7; n++ {
			v := policy.Version{N: n, By: "mem_1", At: m.tick()}
			if n%2 == 0 {
				v.By = "file"
			}
			m.ok(m.PutPolicy(m.ctx, n, v.By, fmt.Appendf(nil, "# version %d\n{}\n", n), v.At))
			want = append(want, v)
		}
		slices.Reverse(want)
		got := pages(m, func(p outcry.Page) ([]policy.Version, string, error) { return m.Policies(m.ctx, p) })
		m.same("versions", got, want)
		for _, n := range []int{1, 4, 7} {
			body, err := m.PolicyVersion(m.ctx, n)
			m.ok(err)
			m.same("body", string(body), fmt.Sprintf("# version %d\n{}\n", n))
		}
		for _, n := range []int{-1, 0, 8} {
			_, err = m.PolicyVersion(m.ctx, n)
			m.fails(err, outcry.NotFound, "not_found")
		}
		_, _, err = m.Policies(m.ctx, outcry.Page{After: "x"})
		m.fails(err, outcry.Invalid, "invalid")
	}},
	{"Audit_ListsTheNewestFirst", func(m *market) {
		var want []store.Audit
		for _, target := range []string{"shop_1", "shop_2", "shop_3", "shop_4", "shop_5", "shop_6", "shop_7"} {
			a := store.Audit{At: m.tick(), Actor: "mem_1", Action: "suspend shop", Target: target, Detail: "spam"}
			m.ok(m.AddAudit(m.ctx, a))
			want = append(want, a)
		}
		slices.Reverse(want)
		got := pages(m, func(p outcry.Page) ([]store.Audit, string, error) { return m.Audits(m.ctx, p) })
		m.same("audits", got, want)
		_, _, err := m.Audits(m.ctx, outcry.Page{After: "x"})
		m.fails(err, outcry.Invalid, "invalid")
	}},
}
