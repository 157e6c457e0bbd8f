package gauge

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"outcry"
	"outcry/sim/crowd"
)

// postGIS is PostgreSQL with PostGIS: a row for each code that a shop holds, and
// one GiST index over code and place.
type postGIS struct {
	conn  *pgx.Conn
	codes map[outcry.Code]int32
}

// nearestRows takes the nearest of each code from the index and the nearest of
// those: faster than one scan for all codes, which cannot use the index's order.
const nearestRows = `SELECT shop FROM unnest($1::int[]) AS wanted(code), LATERAL (
		SELECT shop, geog <-> ST_MakePoint($2, $3)::geography AS away FROM held
		WHERE held.code = wanted.code AND ST_DWithin(geog, ST_MakePoint($2, $3)::geography, $4, false)
		ORDER BY geog <-> ST_MakePoint($2, $3)::geography LIMIT $5
	) AS near GROUP BY shop ORDER BY min(away) LIMIT $5`

// allRows takes all rows within the radius. OFFSET 0 keeps the planner from
// joining the other way round, which looks at all codes nearby.
const allRows = `SELECT DISTINCT shop FROM unnest($1::int[]) AS wanted(code), LATERAL (
		SELECT shop FROM held
		WHERE held.code = wanted.code AND ST_DWithin(geog, ST_MakePoint($2, $3)::geography, $4, false) OFFSET 0
	) AS near`

// PostGIS opens a database as a peer, address being postgres://... It makes a
// schema outcry_gauge there, and drops it when it is closed.
func PostGIS(ctx context.Context, address string) (Finder, string, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, "", fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	version := ""
	for _, statement := range []string{
		"CREATE EXTENSION IF NOT EXISTS postgis", "CREATE EXTENSION IF NOT EXISTS btree_gist",
		"DROP SCHEMA IF EXISTS outcry_gauge CASCADE", "CREATE SCHEMA outcry_gauge", "SET search_path = outcry_gauge, public",
		"SET jit = off",
	} {
		if _, err = conn.Exec(ctx, statement); err != nil {
			break
		}
	}
	if err == nil {
		err = conn.QueryRow(ctx, "SELECT split_part(version(), ' ', 2) || ', PostGIS ' || split_part(postgis_version(), ' ', 1)").Scan(&version)
	}
	if err != nil {
		_ = conn.Close(ctx) // the first error is the one to tell
		return nil, "", fmt.Errorf("set up PostGIS: %w", err)
	}
	return &postGIS{conn: conn, codes: map[outcry.Code]int32{}}, version, nil
}

// Load copies the rows in and builds the index.
func (p *postGIS) Load(ctx context.Context, c *crowd.Crowd, note func(format string, args ...any)) error {
	for i, code := range c.Codes() {
		p.codes[code] = int32(i)
	}
	if _, err := p.conn.Exec(ctx, "CREATE UNLOGGED TABLE raw (code int, shop text, lon float8, lat float8)"); err != nil {
		return err
	}
	note("PostGIS: copying")
	next, stop := iter.Pull2(held(c))
	defer stop()
	_, err := p.conn.CopyFrom(ctx, pgx.Identifier{"raw"}, []string{"code", "shop", "lon", "lat"}, pgx.CopyFromFunc(func() ([]any, error) {
		code, l, ok := next()
		if !ok {
			return nil, nil
		}
		return []any{p.codes[code], l.ID, l.Place.Lon, l.Place.Lat}, nil
	}))
	if err != nil {
		return err
	}
	note("PostGIS: building the index")
	for _, statement := range []string{
		"CREATE UNLOGGED TABLE held AS SELECT code, shop, ST_MakePoint(lon, lat)::geography AS geog FROM raw",
		"DROP TABLE raw", "CREATE INDEX held_near ON held USING gist (code, geog)", "VACUUM ANALYSE held",
	} {
		if _, err := p.conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{"nearest": nearestRows, "all": allRows, "ping": "SELECT 1"} {
		if _, err := p.conn.Prepare(ctx, name, text); err != nil {
			return err
		}
	}
	return nil
}

// Ping asks for a row that is nowhere.
func (p *postGIS) Ping(ctx context.Context) error {
	var one int
	return p.conn.QueryRow(ctx, "ping").Scan(&one)
}

// Nearest runs a prepared query.
func (p *postGIS) Nearest(ctx context.Context, n Nearby, most int) ([]string, error) {
	codes := make([]int32, len(n.Codes))
	for i, code := range n.Codes {
		codes[i] = p.codes[code]
	}
	name, args := "all", []any{codes, n.Place.Lon, n.Place.Lat, float64(n.RadiusM)}
	if most > 0 {
		name, args = "nearest", append(args, most)
	}
	rows, err := p.conn.Query(ctx, name, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Close drops the schema.
func (p *postGIS) Close(ctx context.Context) error {
	_, err := p.conn.Exec(ctx, "DROP SCHEMA IF EXISTS outcry_gauge CASCADE")
	if closeErr := p.conn.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}
