package intake_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/intake"
)

func TestJoin_TellsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.Join(t.Context(), intake.Joining{Email: "nobody", Password: "short", Name: " ", Locale: "klingon!"})
	wantsFaults(t, err, "body.email", "body.password", "body.name", "body.locale")
}

func TestJoin_Faults(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	good := intake.Joining{Email: "ada@example.org", Password: password, Name: "Ada", Locale: "en"}
	for name, c := range map[string]struct {
		change   func(*intake.Joining)
		location string
	}{
		"an address with a name":      {func(j *intake.Joining) { j.Email = "Ada <ada@example.org>" }, "body.email"},
		"an address of two":           {func(j *intake.Joining) { j.Email = "a@example.org,b@example.org" }, "body.email"},
		"an address without a domain": {func(j *intake.Joining) { j.Email = "ada@" }, "body.email"},
		"a long address":              {func(j *intake.Joining) { j.Email = strings.Repeat("a", 250) + "@example.org" }, "body.email"},
		"an address with NUL":         {func(j *intake.Joining) { j.Email = "a\x00b@example.org" }, "body.email"},
		"an address that is no UTF-8": {func(j *intake.Joining) { j.Email = "a\xff@example.org" }, "body.email"},
		"9 characters":                {func(j *intake.Joining) { j.Password = "ひらがなひらがなひ" }, "body.password"},
		"201 characters":              {func(j *intake.Joining) { j.Password = strings.Repeat("a", 201) }, "body.password"},
		"a password that is no UTF-8": {func(j *intake.Joining) { j.Password = strings.Repeat("\xff", 12) }, "body.password"},
		"a long name":                 {func(j *intake.Joining) { j.Name = strings.Repeat("あ", 121) }, "body.name"},
		"a name of two lines":         {func(j *intake.Joining) { j.Name = "Ada\nBob" }, "body.name"},
		"no language":                 {func(j *intake.Joining) { j.Locale = "xx-nowhere" }, "body.locale"},
		"the undetermined language":   {func(j *intake.Joining) { j.Locale = "und" }, "body.locale"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := good
			c.change(&j)
			_, err := d.Join(t.Context(), j)
			wantsFaults(t, err, c.location)
		})
	}
}

func TestJoin_OneMemberAnAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join("ada@example.org")
	_, err := d.Join(t.Context(), intake.Joining{Email: "ADA@example.org", Password: password, Name: "Eve"})
	wants(t, err, outcry.Conflict, "email_taken")
}

func TestJoin_AgainIsTheSameMember(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := outcry.WithSeed(t.Context(), outcry.Seed{At: time.Now(), Key: "POST /v1/members retry-1"})
	j := intake.Joining{Email: " ada@example.org ", Password: password, Name: "Ada", Locale: "PT-br"}
	first, err := d.Join(ctx, j)
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.Join(ctx, j)
	if err != nil {
		t.Fatal(err)
	}
	if first.ID != second.ID || first.Email != "ada@example.org" || first.Locale != "pt-BR" {
		t.Errorf("joined as %+v, then %+v", first, second)
	}
}

func TestJoin_KeepsNoPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join("ada@example.org")
	_, hash, err := d.store.MemberByEmail(t.Context(), "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`).MatchString(hash) {
		t.Errorf("the hash is %q", hash)
	}
}

func TestJoinAsGuest_IsItsSession(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	m, secret, err := d.JoinAsGuest(t.Context(), "", "ko")
	if err != nil {
		t.Fatal(err)
	}
	actor := d.who(secret)
	if !m.Guest || m.Name == "" || m.Email != "" || m.Locale != "ko" || actor.Member != m.ID || !actor.Guest {
		t.Errorf("the guest is %+v, shown as %+v", m, actor)
	}
	_, _, err = d.JoinAsGuest(t.Context(), strings.Repeat("x", 121), "?")
	wantsFaults(t, err, "body.name", "body.locale")
}

func TestChange_MakesAGuestAMember(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	guest := d.guest()
	_, err := d.Change(t.Context(), guest, intake.MemberChange{Email: new("ada@example.org")})
	wantsFaults(t, err, "body.password")
	_, err = d.Change(t.Context(), guest, intake.MemberChange{Password: new(password)})
	wantsFaults(t, err, "body.email")

	m, err := d.Change(t.Context(), guest, intake.MemberChange{Email: new("ada@example.org"), Password: new(password)})
	if err != nil {
		t.Fatal(err)
	}
	if m.Guest || m.ID != guest.Member {
		t.Errorf("the guest became %+v", m)
	}
	if again := d.signIn("ada@example.org"); again.Member != guest.Member || again.Guest {
		t.Errorf("signs in as %+v", again)
	}
}

func TestChange_TakesEffectAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	actor := d.join("ada@example.org")
	_, err := d.Change(t.Context(), actor, intake.MemberChange{
		Email: new("bea@example.org"), Password: new("another long one"), Name: new(" Bea "), Locale: new("ja"),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = d.SignIn(t.Context(), "bea@example.org", password)
	wants(t, err, outcry.Unauthorized, "wrong_password")
	secret, _, err := d.SignIn(t.Context(), "bea@example.org", "another long one")
	if err != nil {
		t.Fatal(err)
	}
	if a := d.who(secret); a.Name != "Bea" || a.Locale != "ja" || a.Member != actor.Member {
		t.Errorf("shown as %+v", a)
	}
}

func TestChange_Faults(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	actor := d.join("ada@example.org")
	d.join("bea@example.org")
	_, err := d.Change(t.Context(), actor, intake.MemberChange{})
	wantsFaults(t, err, "body")
	_, err = d.Change(t.Context(), actor, intake.MemberChange{Email: new(""), Password: new(""), Name: new(""), Locale: new("?")})
	wantsFaults(t, err, "body.email", "body.password", "body.name", "body.locale")
	_, err = d.Change(t.Context(), actor, intake.MemberChange{Email: new("BEA@example.org")})
	wants(t, err, outcry.Conflict, "email_taken")
}

func TestAccount_WhoMayChangeIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	change := func(ctx context.Context, a outcry.Actor) error {
		_, err := d.Change(ctx, a, intake.MemberChange{Name: new("Eve")})
		return err
	}
	makeKey := func(ctx context.Context, a outcry.Actor) error {
		_, _, err := d.MakeKey(ctx, a, "k", nil)
		return err
	}
	removeKey := func(ctx context.Context, a outcry.Actor) error { return d.RemoveKey(ctx, a, "key_x") }
	for name, c := range map[string]struct {
		actor outcry.Actor
		kind  outcry.Kind
		code  string
	}{
		"a stranger":      {outcry.Actor{}, outcry.Unauthorized, "no_token"},
		"a key to buy":    {d.withKey(ada, outcry.ScopeBuy), outcry.Forbidden, "scope"},
		"a key that acts": {d.withKey(ada, outcry.ScopeBuy, outcry.ScopeShop), outcry.Forbidden, "scope"},
		"a key to read":   {d.withKey(ada, outcry.ScopeRead), outcry.Forbidden, "read_only"},
		"a shop server":   {shopServer(ada), outcry.Forbidden, "scope"},
	} {
		for what, do := range map[string]func(context.Context, outcry.Actor) error{"change": change, "make key": makeKey, "remove key": removeKey} {
			t.Run(name+" may not "+what, func(t *testing.T) {
				t.Parallel()
				wants(t, do(t.Context(), c.actor), c.kind, c.code)
			})
		}
	}
	if err := makeKey(t.Context(), d.withKey(ada)); err != nil {
		t.Errorf("a key without scopes may not make keys: %v", err)
	}
}

func TestMe(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	if m, err := d.Me(t.Context(), ada); err != nil || m.ID != ada.Member || m.Email != "ada@example.org" {
		t.Errorf("Me is %+v, %v", m, err)
	}
	_, err := d.Me(t.Context(), outcry.Actor{})
	wants(t, err, outcry.Unauthorized, "no_token")
}

func TestPassword_ComposedAndDecomposedAreTheSame(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	composed, decomposed := "caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301"
	if bytes.Equal([]byte(composed), []byte(decomposed)) {
		t.Fatal("the test says nothing")
	}
	j := intake.Joining{Email: "ada@example.org", Password: composed + " 1", Name: "Ada"}
	if _, err := d.Join(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.SignIn(t.Context(), j.Email, decomposed+" 1"); err != nil {
		t.Errorf("the same password, typed on another keyboard: %v", err)
	}
}
