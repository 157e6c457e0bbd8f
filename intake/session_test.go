package intake_test

import (
	"testing"

	"outcry"
	"outcry/intake"
)

func TestChange_ANewPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	here := d.join("ada@example.com")
	elsewhere, _, err := d.SignIn(t.Context(), "ada@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := d.MakeKey(t.Context(), here, "till", []outcry.Scope{outcry.ScopeShop})
	if err != nil {
		t.Fatal(err)
	}
	d.who(elsewhere)
	if _, err := d.Change(t.Context(), here, intake.MemberChange{Password: new("another long one")}); err != nil {
		t.Fatal(err)
	}
	_, err = d.Who(t.Context(), elsewhere)
	wants(t, err, outcry.Unauthorized, "bad_token")
	d.who(key)
	if _, err := d.Me(t.Context(), here); err != nil {
		t.Errorf("the session that changed it: %v", err)
	}
}
