package intake_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/directory"
	"outcry/intake"
	"outcry/matching"
	"outcry/policy"
	"outcry/store"
)

var (
	_ intake.Members   = (*store.Store)(nil)
	_ intake.Operators = (*store.Store)(nil)
	_ intake.Tokens    = (*store.Store)(nil)
	_ intake.Sessions  = (*store.Store)(nil)
	_ intake.Requests  = (*store.Store)(nil)
	_ intake.Signals   = (*directory.Directory)(nil)
	_ intake.Matcher   = (*matching.Market)(nil)
)

// desk is an intake on a store in memory.
type desk struct {
	*intake.Intake
	t       *testing.T
	store   *store.Store
	matcher *matcher
	config  intake.Config
}

// newDesk opens a desk; change may put other things into its configuration.
func newDesk(t *testing.T, change ...func(*intake.Config)) *desk {
	t.Helper()
	st, err := store.OpenMemory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	m := &matcher{}
	c := intake.Config{
		Members: st, Operators: st, Tokens: st, Sessions: st, Requests: st, Signals: signals{}, Matcher: m,
		Policy: policy.Default, PolicyVersion: func() int { return 7 }, Clock: time.Now, Random: rand.Reader,
	}
	for _, do := range change {
		do(&c)
	}
	return &desk{intake.New(c), t, st, m, c}
}

const password = "correct horse battery"

// join makes a member and shows its session.
func (d *desk) join(email string) outcry.Actor {
	d.t.Helper()
	if _, err := d.Join(d.t.Context(), intake.Joining{Email: email, Password: password, Name: "Ada"}); err != nil {
		d.t.Fatal(err)
	}
	return d.signIn(email)
}

func (d *desk) signIn(email string) outcry.Actor {
	d.t.Helper()
	secret, _, err := d.SignIn(d.t.Context(), email, password)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.who(secret)
}

func (d *desk) who(secret string) outcry.Actor {
	d.t.Helper()
	actor, err := d.Who(d.t.Context(), secret)
	if err != nil {
		d.t.Fatal(err)
	}
	return actor
}

// guest makes a guest.
func (d *desk) guest() outcry.Actor {
	d.t.Helper()
	_, secret, err := d.JoinAsGuest(d.t.Context(), "", "")
	if err != nil {
		d.t.Fatal(err)
	}
	return d.who(secret)
}

// withKey is the actor as a key with the scopes shows it.
func (d *desk) withKey(actor outcry.Actor, scopes ...outcry.Scope) outcry.Actor {
	d.t.Helper()
	_, secret, err := d.MakeKey(d.t.Context(), actor, "a program", scopes)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.who(secret)
}

// shopServer is the owner's shop server as its paired key shows it.
func shopServer(owner outcry.Actor) outcry.Actor {
	const shop = "shop_1"
	return outcry.NewActor(outcry.Member{ID: owner.Member},
		outcry.Token{ID: "key_shop", Member: owner.Member, Name: "till", Shop: shop, Scopes: []outcry.Scope{outcry.ScopeShop}}, []string{shop})
}

// matcher notes what was started.
type matcher struct {
	mu      sync.Mutex
	started []string
	err     error
}

func (m *matcher) Start(ctx context.Context, r outcry.Request) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	m.started = append(m.started, r.ID)
	return m.err
}

func (m *matcher) Continue(ctx context.Context, request string) error {
	return m.Start(ctx, outcry.Request{ID: request})
}

// signals is a tree of three codes, one of them retired. Bread has a form that
// wants slices.
type signals struct{}

func (signals) Get(code outcry.Code) (outcry.Signal, bool) {
	switch code {
	case "osm:shop=bakery", "osm:shop=bread":
		return outcry.Signal{Code: code}, true
	case "osm:shop=ironmonger":
		return outcry.Signal{Code: code, Retired: true, ReplacedBy: "osm:shop=hardware"}, true
	case "osm:shop=telegraph":
		return outcry.Signal{Code: code, Retired: true}, true
	}
	return outcry.Signal{}, false
}

func (signals) Suggest(code outcry.Code) []outcry.Code {
	if strings.HasPrefix(string(code), "osm:shop=ba") {
		return []outcry.Code{"osm:shop=bakery"}
	}
	return nil
}

func (signals) Best(words, locale string) (outcry.Code, bool) {
	if words == "fresh bread" && locale == "en" || words == "빵" && locale == "ko" {
		return "osm:shop=bread", true
	}
	return "", false
}

func (signals) CheckRequest(code outcry.Code, attributes []byte, location string) error {
	switch {
	case string(attributes) == `"broken"`:
		return errors.New("the form is broken")
	case code == "osm:shop=bread" && len(attributes) > 0 && !strings.Contains(string(attributes), "slices"):
		return outcry.BadField(location+".slices", "write how many slices")
	}
	return nil
}

// wants checks the kind and code of an error.
func wants(t *testing.T, err error, kind outcry.Kind, code string) {
	t.Helper()
	if outcry.KindOf(err) != kind || outcry.CodeOf(err) != code {
		t.Errorf("error is %v (%s, %s), want %s, %s", err, outcry.KindOf(err), outcry.CodeOf(err), kind, code)
	}
}

// faults are the locations that an error complains about, sorted.
func faults(err error) []string {
	var e *outcry.Error
	if !errors.As(err, &e) {
		return nil
	}
	var all []string
	for _, f := range e.Fields {
		all = append(all, f.Location)
	}
	slices.Sort(all)
	return all
}

// wantsFaults checks that an error is about these locations and no others.
func wantsFaults(t *testing.T, err error, locations ...string) {
	t.Helper()
	wants(t, err, outcry.Invalid, "invalid")
	slices.Sort(locations)
	if got := faults(err); !slices.Equal(got, locations) {
		t.Errorf("complains about %q, want %q", got, locations)
	}
}

//go:fix inline
