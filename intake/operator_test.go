package intake_test

import (
	"fmt"
	"sync"
	"testing"

	"outcry"
	"outcry/intake"
)

func TestJoinAsOperator_OnceByTheLink(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	j := intake.Joining{Email: "op@example.org", Password: password, Name: "Op"}
	_, err := d.JoinAsOperator(t.Context(), "", j) // before there is a link
	wants(t, err, outcry.Forbidden, "link_gone")
	old, needed, err := d.OperatorLink(t.Context())
	if err != nil || !needed {
		t.Fatal(old, needed, err)
	}
	code, _, err := d.OperatorLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.JoinAsOperator(t.Context(), old, j)
	wants(t, err, outcry.Forbidden, "link_gone")
	_, err = d.JoinAsOperator(t.Context(), code, intake.Joining{})
	wantsFaults(t, err, "body.email", "body.password", "body.name")
	if m, err := d.JoinAsOperator(t.Context(), code, j); err != nil || !m.Operator {
		t.Fatal(m, err)
	}
	if !d.signIn("op@example.org").Operates() {
		t.Error("the operator may not operate")
	}
	j.Email = "second@example.org"
	_, err = d.JoinAsOperator(t.Context(), code, j)
	wants(t, err, outcry.Forbidden, "link_gone")
	if code, needed, err := d.OperatorLink(t.Context()); err != nil || needed || code != "" {
		t.Errorf("a further link: %q, %v, %v", code, needed, err)
	}
}

func TestJoinAsOperator_OneOfTwoAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	code, _, err := d.OperatorLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	errs := make([]error, 2)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			_, errs[i] = d.JoinAsOperator(t.Context(), code, intake.Joining{
				Email: fmt.Sprintf("op%d@example.org", i), Password: password, Name: "Op",
			})
		})
	}
	all.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("want one operator: %v; %v", errs[0], errs[1])
	}
}

func TestJoinAsOperator_TheLinkIsOfNoUseOnceThereIsOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	code, _, err := d.OperatorLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.EnsureOperator(t.Context(), "op@example.org", password); err != nil {
		t.Fatal(err)
	}
	_, err = d.JoinAsOperator(t.Context(), code, intake.Joining{Email: "eve@example.org", Password: password, Name: "Eve"})
	wants(t, err, outcry.Forbidden, "link_gone")
}

func TestEnsureOperator(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 2 {
		if err := d.EnsureOperator(t.Context(), "op@example.org", password); err != nil {
			t.Fatal(err)
		}
	}
	if !d.signIn("op@example.org").Operates() {
		t.Error("the new member may not operate")
	}
	ada := d.join("ada@example.org")
	if ada.Operates() {
		t.Error("any member operates")
	}
	if err := d.EnsureOperator(t.Context(), "ada@example.org", password); err != nil {
		t.Fatal(err)
	}
	if a := d.signIn("ada@example.org"); !a.Operates() || a.Member != ada.Member {
		t.Error("the promoted member may not operate")
	}
	if _, _, err := d.MakeKey(t.Context(), d.signIn("ada@example.org"), "k", []outcry.Scope{outcry.ScopeOperate}); err != nil {
		t.Errorf("the operator may not give its own scope: %v", err)
	}
}

func TestEnsureOperator_NotWhoeverTookTheAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join("op@example.org")
	wants(t, d.EnsureOperator(t.Context(), "op@example.org", "the real password"), outcry.Conflict, "email_taken")
	if d.signIn("op@example.org").Operates() {
		t.Error("whoever took the address operates")
	}
	wantsFaults(t, d.EnsureOperator(t.Context(), "op", "short"), "body.email", "body.password")
}
