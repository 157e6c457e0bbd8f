package intake_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/intake"
)

func TestSignIn_LastsThirtyDays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.join("ada@example.org")
		secret, session, err := d.SignIn(t.Context(), "Ada@Example.org", password)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(secret, "ocs_") || len(secret) != 47 || session.Name != "" || session.Hash == secret {
			t.Errorf("the session is %+v, its secret %q", session, secret)
		}
		time.Sleep(30*24*time.Hour - time.Millisecond)
		d.who(secret)
		time.Sleep(time.Millisecond)
		_, err = d.Who(t.Context(), secret)
		wants(t, err, outcry.Unauthorized, "bad_token")
	})
}

func TestSignIn_DoesNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join("ada@example.org")
	_, _, wrong := d.SignIn(t.Context(), "ada@example.org", password+"!")
	_, _, nobody := d.SignIn(t.Context(), "eve@example.org", password)
	_, _, empty := d.SignIn(t.Context(), "", "")
	wants(t, wrong, outcry.Unauthorized, "wrong_password")
	if wrong.Error() != nobody.Error() || wrong.Error() != empty.Error() {
		t.Errorf("answers differ: %v; %v; %v", wrong, nobody, empty)
	}
}

func TestSignIn_GuestsHaveNoPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.guest()
	_, _, err := d.SignIn(t.Context(), "", password)
	wants(t, err, outcry.Unauthorized, "wrong_password")
}

func TestSignIn_HearsTenWrongPasswordsAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.join("ada@example.org")
		d.join("bea@example.org")
		var wrong, limited atomic.Int32
		var all sync.WaitGroup
		for range 25 {
			all.Go(func() {
				_, _, err := d.SignIn(t.Context(), "ADA@example.org", "wrong password")
				switch outcry.KindOf(err) {
				case outcry.Unauthorized:
					wrong.Add(1)
				case outcry.Limited:
					limited.Add(1)
				}
			})
		}
		all.Wait()
		if wrong.Load() != 10 || limited.Load() != 15 {
			t.Errorf("%d tries were heard and %d limited, want 10 and 15", wrong.Load(), limited.Load())
		}
		_, _, err := d.SignIn(t.Context(), "ada@example.org", password)
		wants(t, err, outcry.Limited, "too_many_tries")
		var e *outcry.Error
		if errors.As(err, &e) && (e.Retry < 1 || e.Retry > 60) {
			t.Errorf("to be tried again in %d s", e.Retry)
		}
		d.signIn("bea@example.org")
		time.Sleep(time.Minute)
		d.signIn("ada@example.org")
	})
}

func TestSignIn_RightPasswordsAreNotLimited(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join("ada@example.org")
	for range 11 {
		d.signIn("ada@example.org")
	}
}

func TestSignOut_EndsTheSessionAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.join("ada@example.org")
	secret, _, err := d.SignIn(t.Context(), "ada@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SignOut(t.Context(), d.who(secret)); err != nil {
		t.Fatal(err)
	}
	_, err = d.Who(t.Context(), secret)
	wants(t, err, outcry.Unauthorized, "bad_token")
	wants(t, d.SignOut(t.Context(), outcry.Actor{}), outcry.Unauthorized, "no_token")
	wants(t, d.SignOut(t.Context(), d.withKey(ada)), outcry.Conflict, "not_a_session")
}

func TestWho_RefusesWhatIsNoSecretWithoutALook(t *testing.T) {
	t.Parallel()
	looks := &countingTokens{}
	d := newDesk(t, func(c *intake.Config) { looks.Tokens = c.Tokens; c.Tokens = looks })
	for _, secret := range []string{"", "ocs_", "Bearer", "ocs_" + strings.Repeat("a", 42), "xyz_" + strings.Repeat("a", 43), strings.Repeat("a", 100_000)} {
		_, err := d.Who(t.Context(), secret)
		wants(t, err, outcry.Unauthorized, "bad_token")
	}
	if n := looks.n.Load(); n != 0 {
		t.Errorf("looked %d times", n)
	}
	_, err := d.Who(t.Context(), "ock_"+strings.Repeat("a", 43))
	wants(t, err, outcry.Unauthorized, "bad_token")
	if n := looks.n.Load(); n != 1 {
		t.Errorf("looked %d times for what might be one", n)
	}
}

func TestWho_RemembersForASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		looks := &countingTokens{}
		d := newDesk(t, func(c *intake.Config) { looks.Tokens = c.Tokens; c.Tokens = looks })
		_, secret, err := d.JoinAsGuest(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			d.who(secret)
		}
		if n := looks.n.Load(); n != 1 {
			t.Errorf("looked %d times within a second, want once", n)
		}
		time.Sleep(time.Second)
		d.who(secret)
		if n := looks.n.Load(); n != 2 {
			t.Errorf("looked %d times after a second, want twice", n)
		}
	})
}

func TestWho_SeesANewShopOnceTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join("ada@example.org")
	secret, session, err := d.SignIn(t.Context(), "ada@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	d.who(secret)
	shop := outcry.Shop{ID: "shop_1", Owner: session.Member, Name: "Bakery", TimeZone: "UTC", State: outcry.ShopActive, Answers: outcry.ByPerson}
	if err := d.store.AddShop(t.Context(), shop); err != nil {
		t.Fatal(err)
	}
	d.Forget(session.Member)
	if !d.who(secret).Serves("shop_1") {
		t.Error("the owner may not act for the shop")
	}
}

func TestWho_DoesNotRememberWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	looks := &countingTokens{}
	d := newDesk(t, func(c *intake.Config) { looks.Tokens = c.Tokens; c.Tokens = looks })
	ada := d.join("ada@example.org")
	secret, _, err := d.SignIn(t.Context(), "ada@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	looks.meanwhile = func() { d.Forget(ada.Member) } // between the look and the remembering
	d.who(secret)
	looks.meanwhile = nil
	before := looks.n.Load()
	d.who(secret)
	if looks.n.Load() == before {
		t.Error("what was read before the change is believed after it")
	}
}

func TestWho_TellsAFaultOfTheStore(t *testing.T) {
	t.Parallel()
	looks := &countingTokens{err: errors.New("the disk is gone")}
	d := newDesk(t, func(c *intake.Config) { looks.Tokens = c.Tokens; c.Tokens = looks })
	_, err := d.Who(t.Context(), "ock_"+strings.Repeat("a", 43))
	wants(t, err, outcry.Internal, "internal")
}

// countingTokens counts how often tokens are looked up.
type countingTokens struct {
	intake.Tokens
	n         atomic.Int32
	err       error
	meanwhile func()
}

func (c *countingTokens) TokenByHash(ctx context.Context, hash string) (outcry.Token, outcry.Member, []string, error) {
	c.n.Add(1)
	if c.err != nil {
		return outcry.Token{}, outcry.Member{}, nil, c.err
	}
	token, member, staff, err := c.Tokens.TokenByHash(ctx, hash)
	if c.meanwhile != nil {
		c.meanwhile()
	}
	return token, member, staff, err
}
