package store

import (
	"context"
	"fmt"
	"strings"

	"outcry"
)

const memberColumns = "m.id, m.email, m.name, m.locale, m.guest, m.operator, m.created"

// account is a member with the hash of its password.
type account struct {
	outcry.Member
	hash string
}

func scanMember(r row) (outcry.Member, error) {
	a, err := scanAccountTo(r)
	return a.Member, err
}

func scanAccount(r row) (a account, err error) {
	var hash string
	a, err = scanAccountTo(r, &hash)
	a.hash = hash
	return a, err
}

func scanAccountTo(r row, more ...any) (a account, err error) {
	var guest, operator, created int64
	err = r.Scan(append([]any{&a.ID, &a.Email, &a.Name, &a.Locale, &guest, &operator, &created}, more...)...)
	a.Guest, a.Operator, a.Created = guest == 1, operator == 1, fromMS(created)
	return a, err
}

// emailKey is the address as it is compared: whatever its case.
func emailKey(email string) string { return strings.ToLower(email) }

// AddMember adds m with the hash of its password, "" for none. The same id again
// does nothing; an address that another member has, whatever its case, is a
// Conflict with the code "email_taken".
func (s *Store) AddMember(ctx context.Context, m outcry.Member, passwordHash string) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		n, err := t.exec(ctx, `INSERT INTO members (id, email, email_key, name, locale, guest, operator, password, created)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
			m.ID, m.Email, orNull(emailKey(m.Email)), m.Name, m.Locale, flag(m.Guest), flag(m.Operator), passwordHash, ms(m.Created))
		if err != nil || n == 1 {
			return none, wrap("add member", err)
		}
		_, again, err := find(ctx, t, scanMember, "SELECT "+memberColumns+" FROM members m WHERE m.id = $1", m.ID)
		if err == nil && !again {
			err = emailTaken()
		}
		return none, wrap("add member", err)
	})
	return err
}

func emailTaken() error {
	return &outcry.Error{Kind: outcry.Conflict, Code: "email_taken", Msg: "another member has this email address"}
}

// wrap says what was being done, where err is an error that does not.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Member gives a member, or NotFound.
func (s *Store) Member(ctx context.Context, id string) (outcry.Member, error) {
	m, found, err := find(ctx, s.read, scanMember, "SELECT "+memberColumns+" FROM members m WHERE m.id = $1", id)
	if err == nil && !found {
		return m, outcry.Missing("member")
	}
	return m, wrap("read member", err)
}

// MemberByEmail gives the member of an address, whatever its case, and the hash
// of its password, or NotFound.
func (s *Store) MemberByEmail(ctx context.Context, email string) (outcry.Member, string, error) {
	a, found, err := find(ctx, s.read, scanAccount,
		"SELECT "+memberColumns+", m.password FROM members m WHERE m.email_key = $1", emailKey(email))
	if err == nil && (!found || email == "") {
		return outcry.Member{}, "", outcry.Missing("member")
	}
	return a.Member, a.hash, wrap("read member", err)
}

// UpdateMember writes all of m but its id and when it joined; passwordHash ""
// keeps the password. An address that another member has is a Conflict with the
// code "email_taken".
func (s *Store) UpdateMember(ctx context.Context, m outcry.Member, passwordHash string) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		holder, found, err := find(ctx, t, scanMember, "SELECT "+memberColumns+" FROM members m WHERE m.email_key = $1", emailKey(m.Email))
		switch {
		case err != nil:
			return none, wrap("update member", err)
		case found && holder.ID != m.ID && m.Email != "":
			return none, wrap("update member", emailTaken())
		}
		n, err := t.exec(ctx, `UPDATE members SET email = $1, email_key = $2, name = $3, locale = $4, guest = $5, operator = $6 WHERE id = $7`,
			m.Email, orNull(emailKey(m.Email)), m.Name, m.Locale, flag(m.Guest), flag(m.Operator), m.ID)
		if err == nil && n == 0 {
			return none, outcry.Missing("member")
		}
		if err == nil && passwordHash != "" {
			_, err = t.exec(ctx, "UPDATE members SET password = $1 WHERE id = $2", passwordHash, m.ID)
		}
		return none, wrap("update member", err)
	})
	return err
}

// HasOperator says whether anybody operates this server yet.
func (s *Store) HasOperator(ctx context.Context) (bool, error) {
	_, found, err := find(ctx, s.read, scanMember, "SELECT "+memberColumns+" FROM members m WHERE m.operator = 1 LIMIT 1")
	return found, wrap("look for an operator", err)
}

// Members lists members in the order in which they joined.
func (s *Store) Members(ctx context.Context, p outcry.Page) ([]outcry.Member, string, error) {
	f := filter{text: "SELECT " + memberColumns + " FROM members m"}
	f.order("m.id", false, p)
	items, next, err := page(ctx, s.read, &f, p, reading[outcry.Member]{scanMember, func(m outcry.Member) string { return m.ID }})
	return items, next, wrap("list members", err)
}
