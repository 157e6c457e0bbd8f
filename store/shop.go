package store

import (
	"context"

	"outcry"
)

const shopColumns = `s.id, s.owner_id, s.name, s.lat, s.lon, s.service_radius_m, s.hours, s.time_zone, s.languages, s.price_level,
	s.capabilities, s.contact, s.answers, s.state, s.reason, s.created, s.updated, COALESCE(s.source, ''),
	s.quiet_hours, s.paused_until, s.most_open, s.most_hourly, s.stars, s.ratings`

var (
	shopTable = newTable("shops", "id, owner_id, name, lat, lon, service_radius_m, hours, time_zone, languages, price_level,"+
		" capabilities, contact, answers, state, reason, created, updated, source, quiet_hours, paused_until, most_open, most_hourly", " ON CONFLICT (id) DO NOTHING")
	staffTable = newTable("staff", "member_id, shop_id", " ON CONFLICT DO NOTHING")
)

func scanShop(r row) (outcry.Shop, error) { return newShopRow().scan(r) }

// shopRow is where the columns of a shop are read to. It serves one row after
// another.
type shopRow struct {
	shop                     outcry.Shop
	languages, capabilities  string
	created, updated, paused longCell
	to                       []any
}

// newShopRow reads shopColumns, and to more what stands behind them.
func newShopRow(more ...any) *shopRow {
	r := &shopRow{}
	s := &r.shop
	r.to = append([]any{&s.ID, &s.Owner, &s.Name, (*realCell)(&s.Place.Lat), (*realCell)(&s.Place.Lon), (*wholeCell)(&s.ServiceRadiusM),
		&s.Hours, &s.TimeZone, &r.languages, (*wholeCell)(&s.PriceLevel), &r.capabilities, &s.Contact,
		(*string)(&s.Answers), (*string)(&s.State), &s.Reason, &r.created, &r.updated, &s.Source,
		&s.QuietHours, &r.paused, (*wholeCell)(&s.MostOpen), (*wholeCell)(&s.MostHourly),
		(*wholeCell)(&s.Rating.Stars), (*wholeCell)(&s.Rating.Count)}, more...)
	return r
}

func (r *shopRow) scan(from row) (s outcry.Shop, err error) {
	if err := from.Scan(r.to...); err != nil {
		return s, err
	}
	s = r.shop
	s.Created, s.Updated, s.PausedUntil = fromMS(int64(r.created)), fromMS(int64(r.updated)), fromMS(int64(r.paused))
	if s.Languages, err = listFrom[string](r.languages); err != nil {
		return s, err
	}
	s.Capabilities, err = listFrom[outcry.Capability](r.capabilities)
	return s, err
}

// shopValues are the values of shopTable's columns.
func shopValues(s outcry.Shop) []any {
	return []any{
		s.ID, s.Owner, s.Name, s.Place.Lat, s.Place.Lon, int64(s.ServiceRadiusM), s.Hours, s.TimeZone,
		listJSON(s.Languages), int64(s.PriceLevel), listJSON(s.Capabilities), s.Contact, string(s.Answers), string(s.State),
		s.Reason, ms(s.Created), ms(s.Updated), orNull(s.Source), s.QuietHours, ms(s.PausedUntil), int64(s.MostOpen), int64(s.MostHourly),
	}
}

// AddShop adds a shop; its owner becomes staff. The same id again does nothing.
func (s *Store) AddShop(ctx context.Context, shop outcry.Shop) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		n, err := t.exec(ctx, shopTable.text(1), shopValues(shop)...)
		if err == nil && n == 1 {
			_, err = t.exec(ctx, staffTable.text(1), shop.Owner, shop.ID)
		}
		return none, wrap("add shop", err)
	})
	return err
}

// Shop gives a shop, or NotFound.
func (s *Store) Shop(ctx context.Context, id string) (outcry.Shop, error) {
	return shopOf(ctx, s.read, id)
}

func shopOf(ctx context.Context, q querier, id string) (outcry.Shop, error) {
	shop, found, err := find(ctx, q, scanShop, "SELECT "+shopColumns+" FROM shops s WHERE s.id = $1", id)
	if err == nil && !found {
		return shop, outcry.Missing("shop")
	}
	return shop, wrap("read shop", err)
}

// ShopFilter says which shops are listed; what is empty does not matter.
type ShopFilter struct {
	Staff string // a member who works there
	State outcry.ShopState
}

// Shops lists shops in the order in which they joined.
func (s *Store) Shops(ctx context.Context, which ShopFilter, p outcry.Page) ([]outcry.Shop, string, error) {
	f := filter{text: "SELECT " + shopColumns + " FROM shops s"}
	if which.Staff != "" {
		f.text += " JOIN staff w ON w.shop_id = s.id"
		f.and("w.member_id =", which.Staff)
	}
	if which.State != "" {
		f.and("s.state =", string(which.State))
	}
	f.order("s.id", false, p)
	items, next, err := page(ctx, s.read, &f, p, reading[outcry.Shop]{scanShop, func(s outcry.Shop) string { return s.ID }})
	return items, next, wrap("list shops", err)
}

// ChangeShop reads a shop, lets change change it and writes it back, while
// nobody else writes. What change refuses is the error, and nothing is written;
// NotFound where there is no such shop. change may be called more than once,
// each time with the shop as it stands, and must not call the store. Its id,
// owner, source, rating and day of joining stay whatever change does.
func (s *Store) ChangeShop(ctx context.Context, id string, change func(*outcry.Shop) error) (outcry.Shop, error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (outcry.Shop, error) {
		was, err := shopOf(ctx, t, id)
		if err != nil {
			return was, err
		}
		shop := was
		if err := change(&shop); err != nil {
			return was, err
		}
		shop.ID, shop.Owner, shop.Source, shop.Rating, shop.Created = was.ID, was.Owner, was.Source, was.Rating, was.Created
		shop.Updated, shop.PausedUntil = whole(shop.Updated), whole(shop.PausedUntil)
		return shop, wrap("change shop", t.updateShop(ctx, shop))
	})
}

// updateShop writes what may change of a shop.
func (t *tx) updateShop(ctx context.Context, s outcry.Shop) error {
	_, err := t.exec(ctx, `UPDATE shops SET name = $1, lat = $2, lon = $3, service_radius_m = $4, hours = $5, time_zone = $6,
		languages = $7, price_level = $8, capabilities = $9, contact = $10, answers = $11, state = $12, reason = $13, updated = $14,
		quiet_hours = $15, paused_until = $16, most_open = $17, most_hourly = $18
		WHERE id = $19`,
		s.Name, s.Place.Lat, s.Place.Lon, int64(s.ServiceRadiusM), s.Hours, s.TimeZone,
		listJSON(s.Languages), int64(s.PriceLevel), listJSON(s.Capabilities), s.Contact, string(s.Answers), string(s.State),
		s.Reason, ms(s.Updated), s.QuietHours, ms(s.PausedUntil), int64(s.MostOpen), int64(s.MostHourly), s.ID)
	return err
}

// AddStaff lets a member act for a shop. Again does nothing; NotFound where
// there is no such member or shop.
func (s *Store) AddStaff(ctx context.Context, shop, member string) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		_, err = t.exec(ctx, staffTable.text(1), member, shop)
		return none, wrap("add staff", err)
	})
	return err
}
