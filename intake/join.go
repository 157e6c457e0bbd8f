package intake

import (
	"context"
	"fmt"
	"strings"

	"outcry"
)

// Joining is what somebody says to become a member. Locale is a BCP 47 tag, ""
// for English.
type Joining struct {
	Email    string
	Password string
	Name     string
	Locale   string
}

// check gives the member that somebody becomes, or all that is wrong.
func (j Joining) check() (outcry.Member, error) {
	var bad outcry.Complaints
	m := outcry.Member{Email: checkEmail(&bad, j.Email), Name: checkName(&bad, j.Name), Locale: checkLocale(&bad, j.Locale)}
	checkPassword(&bad, j.Password)
	return m, bad.Err()
}

// Join makes a member. An address that another member has is a Conflict with
// the code "email_taken".
func (in *Intake) Join(ctx context.Context, j Joining) (outcry.Member, error) {
	m, err := j.check()
	if err != nil {
		return outcry.Member{}, err
	}
	return in.join(ctx, m, j.Password)
}

func (in *Intake) join(ctx context.Context, m outcry.Member, password string) (outcry.Member, error) {
	hash, err := in.passwords.hash(ctx, password)
	if err != nil {
		return outcry.Member{}, err
	}
	m.Created = in.now()
	m.ID = outcry.MakeID(ctx, outcry.MemberPrefix, m.Created, in.Random)
	if err := in.Members.AddMember(ctx, m, hash); err != nil {
		return outcry.Member{}, fmt.Errorf("join: %w", err)
	}
	return m, nil
}

// guestName is the name of a guest who gives none.
const guestName = "Guest"

// JoinAsGuest makes a buyer without an account, and the session that is its only
// proof of who it is. A guest has tighter limits until Change gives it an
// address and a password.
func (in *Intake) JoinAsGuest(ctx context.Context, name, locale string) (outcry.Member, string, error) {
	var bad outcry.Complaints
	if strings.TrimSpace(name) == "" {
		name = guestName
	}
	m := outcry.Member{Name: checkName(&bad, name), Locale: checkLocale(&bad, locale), Guest: true, Created: in.now()}
	if err := bad.Err(); err != nil {
		return outcry.Member{}, "", err
	}
	m.ID = outcry.MakeID(ctx, outcry.MemberPrefix, m.Created, in.Random)
	if err := in.Members.AddMember(ctx, m, ""); err != nil {
		return outcry.Member{}, "", fmt.Errorf("join as guest: %w", err)
	}
	secret, _, err := in.session(ctx, m.ID)
	if err != nil {
		return outcry.Member{}, "", err
	}
	return m, secret, nil
}

// Me is the actor's member.
func (in *Intake) Me(ctx context.Context, actor outcry.Actor) (outcry.Member, error) {
	if !actor.Known() {
		return outcry.Member{}, actor.MayWrite()
	}
	m, err := in.Members.Member(ctx, actor.Member)
	if err != nil {
		return outcry.Member{}, fmt.Errorf("read member: %w", err)
	}
	return m, nil
}

// MemberChange is what a member changes of itself; nil stays as it is.
type MemberChange struct {
	Email    *string
	Password *string
	Name     *string
	Locale   *string
}

// Change changes the actor's member. A guest who gives an address and a password
// is a guest no more, and keeps all it has; it must give both. A new password ends
// all other sessions; keys stay.
func (in *Intake) Change(ctx context.Context, actor outcry.Actor, change MemberChange) (outcry.Member, error) {
	if err := mayManage(actor); err != nil {
		return outcry.Member{}, err
	}
	m, err := in.Me(ctx, actor)
	if err != nil {
		return outcry.Member{}, err
	}
	if m, err = change.check(m); err != nil {
		return outcry.Member{}, err
	}
	var hash string
	if change.Password != nil {
		if hash, err = in.passwords.hash(ctx, *change.Password); err != nil {
			return outcry.Member{}, err
		}
	}
	defer in.Forget(m.ID)
	if err := in.Members.UpdateMember(ctx, m, hash); err != nil {
		return outcry.Member{}, fmt.Errorf("change member: %w", err)
	}
	if change.Password != nil { // whoever knew the old one is out
		if err := in.Sessions.EndSessions(ctx, m.ID, actor.Token().ID); err != nil {
			return outcry.Member{}, fmt.Errorf("end the other sessions: %w", err)
		}
	}
	return m, nil
}

// check gives the member as changed, or all that is wrong with the change.
func (change MemberChange) check(m outcry.Member) (outcry.Member, error) {
	var bad outcry.Complaints
	if change == (MemberChange{}) {
		bad.Add("body", "write email, password, name or locale")
	}
	if change.Email != nil {
		m.Email = checkEmail(&bad, *change.Email)
	}
	if change.Password != nil {
		checkPassword(&bad, *change.Password)
	}
	if change.Name != nil {
		m.Name = checkName(&bad, *change.Name)
	}
	if change.Locale != nil {
		m.Locale = checkLocale(&bad, *change.Locale)
	}
	if m.Guest && change.Email != nil && change.Password == nil {
		bad.Add("body.password", "a guest becomes a member by an address and a password; write both")
	}
	if m.Guest && change.Email == nil && change.Password != nil {
		bad.Add("body.email", "a guest becomes a member by an address and a password; write both")
	}
	m.Guest = m.Guest && change.Email == nil
	return m, bad.Err()
}
