package store

import (
	"context"

	"outcry"
)

const tokenColumns = "t.hash, t.id, t.member_id, t.name, t.scopes, t.shop_id, t.created, t.expires"

func scanToken(r row) (outcry.Token, error) { return scanTokenTo(r) }

func scanTokenTo(r row, more ...any) (k outcry.Token, err error) {
	var scopes string
	var created, expires int64
	err = r.Scan(append([]any{&k.Hash, &k.ID, &k.Member, &k.Name, &scopes, &k.Shop, &created, &expires}, more...)...)
	if err != nil {
		return k, err
	}
	k.Created, k.Expires = fromMS(created), fromMS(expires)
	return k, fromJSON(scopes, &k.Scopes)
}

// AddToken adds a session or a key. The same hash again does nothing.
func (s *Store) AddToken(ctx context.Context, k outcry.Token) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		return none, wrap("add token", t.addToken(ctx, k))
	})
	return err
}

func (t *tx) addToken(ctx context.Context, k outcry.Token) error {
	_, err := t.exec(ctx, `INSERT INTO tokens (hash, id, member_id, name, scopes, shop_id, created, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (hash) DO NOTHING`,
		k.Hash, k.ID, k.Member, k.Name, listJSON(k.Scopes), k.Shop, ms(k.Created), ms(k.Expires))
	return err
}

// shown is a token with its member.
type shown struct {
	token  outcry.Token
	member outcry.Member
}

func scanShown(r row) (w shown, err error) {
	var guest, operator, created int64
	m := &w.member
	w.token, err = scanTokenTo(r, &m.ID, &m.Email, &m.Name, &m.Locale, &guest, &operator, &created)
	m.Guest, m.Operator, m.Created = guest == 1, operator == 1, fromMS(created)
	return w, err
}

// TokenByHash gives the token whose secret has this hash, its member, and the
// shops where the member is staff; for the key of one shop, that shop at most.
// It is NotFound where there is none. Whether the token has expired is for the
// caller to see.
func (s *Store) TokenByHash(ctx context.Context, hash string) (outcry.Token, outcry.Member, []string, error) {
	w, found, err := find(ctx, s.read, scanShown, "SELECT "+tokenColumns+", "+memberColumns+
		" FROM tokens t JOIN members m ON m.id = t.member_id WHERE t.hash = $1", hash)
	if err == nil && !found {
		return w.token, w.member, nil, outcry.Missing("token")
	}
	if err != nil {
		return w.token, w.member, nil, wrap("read token", err)
	}
	f := filter{text: "SELECT shop_id FROM staff"}
	f.and("member_id =", w.member.ID)
	if w.token.Shop != "" {
		f.and("shop_id =", w.token.Shop)
	}
	staff, err := list(ctx, s.read, scanText, f.text+" ORDER BY shop_id", f.args...)
	return w.token, w.member, staff, wrap("read token", err)
}

// Keys lists a member's keys, the oldest first; sessions are not among them.
func (s *Store) Keys(ctx context.Context, member string) ([]outcry.Token, error) {
	keys, err := list(ctx, s.read, scanToken,
		"SELECT "+tokenColumns+" FROM tokens t WHERE t.member_id = $1 AND t.name <> '' ORDER BY t.id", member)
	return keys, wrap("list keys", err)
}

// RemoveToken ends one of a member's sessions or keys; NotFound where the member
// has no such one.
func (s *Store) RemoveToken(ctx context.Context, member, id string) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		n, err := t.exec(ctx, "DELETE FROM tokens WHERE id = $1 AND member_id = $2", id, member)
		if err == nil && n == 0 {
			return none, outcry.Missing("key")
		}
		return none, wrap("remove token", err)
	})
	return err
}

// EndSessions ends all sessions of a member but the one with the id keep; its
// keys stay.
func (s *Store) EndSessions(ctx context.Context, member, keep string) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		_, err = t.exec(ctx, "DELETE FROM tokens WHERE member_id = $1 AND name = '' AND id <> $2", member, keep)
		return none, wrap("end sessions", err)
	})
	return err
}
