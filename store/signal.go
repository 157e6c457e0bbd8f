package store

import (
	"context"
	"encoding/json"
	"slices"

	"outcry"
)

// signalsAtOnce is how many signals one transaction takes.
const signalsAtOnce = 1024

var signalTable = newTable("signals", "code, parent, names, synonyms, request_form, offer_form, retired, replaced_by",
	` ON CONFLICT (code) DO UPDATE SET parent = excluded.parent, names = excluded.names, synonyms = excluded.synonyms,
	request_form = excluded.request_form, offer_form = excluded.offer_form, retired = excluded.retired, replaced_by = excluded.replaced_by`)

func scanSignal(r row) (g outcry.Signal, err error) {
	var names, synonyms, request, offer string
	var retired int64
	if err := r.Scan(&g.Code, &g.Parent, &names, &synonyms, &request, &offer, &retired, &g.ReplacedBy); err != nil {
		return g, err
	}
	g.Retired = retired == 1
	g.Forms = outcry.Forms{Request: raw(request), Offer: raw(offer)}
	if err := fromJSON(names, &g.Names); err != nil {
		return g, err
	}
	return g, fromJSON(synonyms, &g.Synonyms)
}

// raw is the JSON that a column holds as it is.
func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// Signals gives the whole tree of codes, sorted by code.
func (s *Store) Signals(ctx context.Context) ([]outcry.Signal, error) {
	all, err := list(ctx, s.read, scanSignal,
		"SELECT code, parent, names, synonyms, request_form, offer_form, retired, replaced_by FROM signals ORDER BY code")
	return all, wrap("read signals", err)
}

// PutSignals adds signals, and puts them in the place of those that have their
// codes. Some thousand at a time are taken all or nothing: after an error the
// same call again does the rest. Of one code given twice the last one counts.
func (s *Store) PutSignals(ctx context.Context, signals []outcry.Signal) error {
	return s.ChangeSignals(ctx, signals, outcry.Distribution{})
}

// ChangeSignals is PutSignals for a change that shops are to be told: what d
// says of the codes that a signal is the cause of is kept together with that
// signal. d.N is given by the store, one more than the last.
func (s *Store) ChangeSignals(ctx context.Context, signals []outcry.Signal, d outcry.Distribution) error {
	caused := make(map[outcry.Code][]outcry.Redefined)
	for _, r := range d.Codes {
		caused[r.Cause] = append(caused[r.Cause], r)
	}
	for part := range slices.Chunk(lastOfEachCode(signals), signalsAtOnce) {
		rows, err := signalValues(part)
		if err != nil {
			return err
		}
		var concerned []outcry.Redefined
		for _, g := range part {
			concerned = append(concerned, caused[g.Code]...)
		}
		d.N, err = write(ctx, s, "", func(ctx context.Context, t *tx) (int64, error) {
			if err := t.insert(ctx, signalTable, rows); err != nil {
				return d.N, wrap("put signals", err)
			}
			n, err := t.addDistribution(ctx, d.N, d.By, concerned)
			return n, wrap("put signals", err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// signalValues gives the rows of signals, one after another.
func signalValues(signals []outcry.Signal) ([]any, error) {
	rows := make([]any, 0, signalTable.columns*len(signals))
	for _, g := range signals {
		names, err := toJSON(g.Names)
		if err != nil {
			return nil, err
		}
		synonyms, err := toJSON(g.Synonyms)
		if err != nil {
			return nil, err
		}
		rows = append(rows, string(g.Code), string(g.Parent), names, synonyms,
			string(g.Forms.Request), string(g.Forms.Offer), flag(g.Retired), string(g.ReplacedBy))
	}
	return rows, nil
}

// lastOfEachCode gives the last signal of each code: PostgreSQL refuses to
// change one row twice in a statement.
func lastOfEachCode(signals []outcry.Signal) []outcry.Signal {
	at := make(map[outcry.Code]int, len(signals))
	out := make([]outcry.Signal, 0, len(signals))
	for _, g := range signals {
		if i, twice := at[g.Code]; twice {
			out[i] = g
			continue
		}
		at[g.Code] = len(out)
		out = append(out, g)
	}
	return out
}

// AddPick counts that a buyer who typed words took code.
func (s *Store) AddPick(ctx context.Context, words string, code outcry.Code) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		_, err = t.exec(ctx, "INSERT INTO picks (words, code, n) VALUES ($1, $2, 1) ON CONFLICT (words, code) DO UPDATE SET n = picks.n + 1",
			words, string(code))
		return none, wrap("add pick", err)
	})
	return err
}

// Picks gives how often each code was taken after each words.
func (s *Store) Picks(ctx context.Context) (map[string]map[outcry.Code]int, error) {
	type pick struct {
		words string
		code  outcry.Code
		n     int
	}
	all, err := list(ctx, s.read, func(r row) (p pick, err error) {
		err = r.Scan(&p.words, &p.code, &p.n)
		return p, err
	}, "SELECT words, code, n FROM picks")
	if err != nil {
		return nil, wrap("read picks", err)
	}
	picks := make(map[string]map[outcry.Code]int)
	for _, p := range all {
		if picks[p.words] == nil {
			picks[p.words] = make(map[outcry.Code]int)
		}
		picks[p.words][p.code] = p.n
	}
	return picks, nil
}

// ErasePicks forgets what buyers took.
func (s *Store) ErasePicks(ctx context.Context) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		_, err = t.exec(ctx, "DELETE FROM picks")
		return none, wrap("erase picks", err)
	})
	return err
}
