package onboarding

import (
	"context"
	"fmt"
	"io"

	"outcry"
)

// The bounds of an import.
const (
	// MaxImportBytes bounds a file, as it is and unpacked.
	MaxImportBytes = 50 << 20
	// MaxImportRows bounds its rows.
	MaxImportRows = 200_000
	// importBatch is how many shops go to the store together.
	importBatch = 500
)

// Report tells what became of the rows of a file.
type Report struct {
	Rows    int // all that were read
	Taken   int // Added and Updated
	Added   int // shops that are new
	Updated int // shops that an earlier import brought
	Skipped []Skip
	Notes   []Note
	DryRun  bool
}

// Skip is a row that was not taken.
type Skip struct {
	Row    int // the line on which it starts, where 1 has the headings; of GeoJSON the feature, from 1
	Name   string
	Source string
	Reason string // with what to do about it
}

// Note is a row that was taken otherwise than it was written, such as without
// the opening hours that could not be read. Row 0 is about the whole file.
type Note struct {
	Row    int
	Name   string
	Source string
	Text   string
}

// Import takes in shops from a file of comma-separated values (or semicolons,
// tabs, bars) with a line of headings, or from GeoJSON; gzip or not. The plan
// names their columns where their headings do not, and what holds for all. Each
// row's kind becomes a book of codes. A row is known again by its id, so that
// the next import of the file updates what this one brought.
//
// Only the operator may import, one file at a time. A row that cannot be taken
// is skipped and told, the others are. After an error in the midst of a file the
// report says what was taken so far; the same import again does the rest.
func (o *Onboarding) Import(ctx context.Context, actor outcry.Actor, r io.Reader, plan Plan) (Report, error) {
	if err := actor.MayOperate(); err != nil {
		return Report{}, err
	}
	plan, err := plan.ready()
	if err != nil {
		return Report{}, err
	}
	if !o.importing.TryLock() {
		return Report{}, &outcry.Error{Op: "import shops", Kind: outcry.Conflict, Code: "import_running",
			Msg: "another file is being imported; try again when it is done"}
	}
	defer o.importing.Unlock()
	file, err := openFile(r, plan)
	if err != nil {
		return Report{}, err
	}
	m := &importing{
		o: o, plan: plan, owner: actor.Member, rows: map[string]int{},
		taker:  &taker{plan: plan, kinds: o.Kinds, now: o.now(), random: o.Random},
		report: Report{DryRun: plan.DryRun},
	}
	if m.known, err = o.knownSources(ctx); err != nil {
		return Report{}, err
	}
	return m.run(ctx, file)
}

// importing is one import.
type importing struct {
	o      *Onboarding
	plan   Plan
	owner  string
	taker  *taker
	known  map[string]knownShop // by source: shops that earlier imports brought
	rows   map[string]int       // by source: the rows taken so far
	batch  []outcry.Listing
	report Report
}

// knownShop is what is compared of a shop that an earlier import brought.
type knownShop struct {
	name  string
	place outcry.Place
}

// knownSources are the shops that earlier imports brought.
func (o *Onboarding) knownSources(ctx context.Context) (map[string]knownShop, error) {
	known := map[string]knownShop{}
	err := o.Books.EachListing(ctx, func(l outcry.Listing) error {
		if l.Source != "" {
			known[l.Source] = knownShop{l.Name, l.Place}
		}
		return nil
	})
	return known, wrapped("read shops", err)
}

// run takes the rows of a file. Whatever is in the store in the end is selected
// from, also when the file or the store failed in between.
func (m *importing) run(ctx context.Context, file *file) (Report, error) {
	err := m.takeRows(ctx, file)
	if err == nil {
		err = m.flush(ctx)
	}
	if n := file.text.converted(); n > 0 {
		m.note(row{}, "%d bytes were not UTF-8 and were read as Windows-1252; look whether the accents are right", n)
	}
	if n := m.taker.guessed; n > 0 {
		m.note(row{}, "no time zone was told: the opening hours of %d shops go by their longitude, without summer time; give time_zone, for example Europe/London, and import again", n)
	}
	if m.report.Taken > 0 && !m.plan.DryRun {
		if failed := m.list(context.WithoutCancel(ctx)); err == nil {
			err = failed
		}
	}
	return m.report, err
}

func (m *importing) takeRows(ctx context.Context, file *file) error {
	for row, err := range file.rows {
		if err != nil {
			return err
		}
		if m.report.Rows++; m.report.Rows > MaxImportRows {
			m.report.Rows--
			return &outcry.Error{Op: "import shops", Kind: outcry.Invalid, Code: "too_many_rows",
				Msg: fmt.Sprintf("a file has at most %d rows; the first %d were read: split it", MaxImportRows, MaxImportRows)}
		}
		m.take(row)
		if len(m.batch) == importBatch {
			if err := m.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// take puts a row into the batch, or notes why not.
func (m *importing) take(r row) {
	taken := m.taker.take(r)
	r.name, r.source = taken.listing.Name, taken.listing.Source
	if taken.reason == "" {
		taken.reason = m.refuse(taken.listing)
	}
	if taken.reason != "" {
		m.report.Skipped = append(m.report.Skipped, Skip{Row: r.n, Name: r.name, Source: r.source, Reason: taken.reason})
		return
	}
	for _, text := range taken.notes {
		m.note(r, "%s", text)
	}
	m.rows[r.source] = r.n
	m.batch = append(m.batch, taken.listing)
}

func (m *importing) note(r row, format string, args ...any) {
	m.report.Notes = append(m.report.Notes, Note{Row: r.n, Name: r.name, Source: r.source, Text: fmt.Sprintf(format, args...)})
}

// elsewhereM is how far a shop may have moved, in metres, before another shop is
// thought to have its id.
const elsewhereM = 20_000

// refuse says why a row would overwrite what it should not.
func (m *importing) refuse(l outcry.Listing) string {
	if first, twice := m.rows[l.Source]; twice {
		return fmt.Sprintf("row %d has the same id, or without one the same name and place; give each shop its own", first)
	}
	was, known := m.known[l.Source]
	if far := was.place.DistanceM(l.Place); known && far > elsewhereM && was.name != l.Name {
		return fmt.Sprintf("its id is that of %q, %.0f km away, from an earlier import; give this file's ids a source of their own",
			clip(was.name), far/1000)
	}
	return ""
}

// flush hands the batch to the store.
func (m *importing) flush(ctx context.Context) error {
	if len(m.batch) == 0 {
		return nil
	}
	if !m.plan.DryRun {
		if _, err := m.o.Config.Shops.ImportShops(ctx, m.owner, m.batch); err != nil {
			return fmt.Errorf("import rows up to the %dth: %w", m.report.Rows, err)
		}
		m.o.Actors.Forget(m.owner)
	}
	for _, l := range m.batch {
		if _, known := m.known[l.Source]; known {
			m.report.Updated++
		} else {
			m.report.Added++
		}
	}
	m.report.Taken += len(m.batch)
	m.batch = m.batch[:0]
	return nil
}
