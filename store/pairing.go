package store

import (
	"context"
	"time"

	"outcry"
)

// AddPairing keeps the hash of a pairing code for a shop, good once and before
// expires.
func (s *Store) AddPairing(ctx context.Context, hash, shop string, expires time.Time) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		_, err = t.exec(ctx, "INSERT INTO pairings (hash, shop_id, expires) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
			hash, shop, ms(expires))
		return none, wrap("add pairing", err)
	})
	return err
}

// TakePairing uses up the pairing code with this hash: key becomes the key of
// its shop, of the shop's owner where it names no member, and software answers
// the shop's calls from now on. A code that was taken, has expired or never was
// is NotFound with the code "pairing_gone".
func (s *Store) TakePairing(ctx context.Context, hash string, now time.Time, key outcry.Token) (shop string, err error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (string, error) {
		id, found, err := find(ctx, t, scanText, "SELECT shop_id FROM pairings WHERE hash = $1 AND expires > $2", hash, ms(now))
		if err == nil && !found {
			return "", &outcry.Error{Op: "pair", Kind: outcry.NotFound, Code: "pairing_gone",
				Msg: "this pairing code was used, has expired or never was; ask for a new one"}
		}
		if err != nil {
			return "", wrap("pair", err)
		}
		if err := t.pair(ctx, id, now, key); err != nil {
			return "", wrap("pair", err)
		}
		_, err = t.exec(ctx, "DELETE FROM pairings WHERE hash = $1 OR expires <= $2", hash, ms(now))
		return id, wrap("pair", err)
	})
}

// pair adds the key of a shop server, and lets it answer.
func (t *tx) pair(ctx context.Context, id string, now time.Time, key outcry.Token) error {
	shop, err := shopOf(ctx, t, id)
	if err != nil {
		return err
	}
	if key.Shop = id; key.Member == "" {
		key.Member = shop.Owner
	}
	shop.Answers, shop.Updated = outcry.BySoftware, now
	if err := t.updateShop(ctx, shop); err != nil {
		return err
	}
	return t.addToken(ctx, key)
}
