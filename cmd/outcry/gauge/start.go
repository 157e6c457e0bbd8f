package gauge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"outcry"
	"outcry/sim/crowd"
	"outcry/store"
)

// Start is how long a market needs until it can select, with its shops in a
// SQLite file that the machine has in its memory.
type Start struct {
	Shops int     `json:"shops"`
	FileB int64   `json:"file_bytes"`
	MakeS float64 `json:"make_s"` // to write the file, for comparison
	// TotalS is the sum of the others: opening the file, reading all shops and
	// putting them in, and building the trees.
	OpenS  float64 `json:"open_s"`
	ReadS  float64 `json:"read_s"`
	TreesS float64 `json:"trees_s"`
	TotalS float64 `json:"total_s"`
}

// Start writes a file with the plan's shops in a folder of its own, which is
// removed in the end, and reads an index from it.
func (p Plan) Start(ctx context.Context) (s Start, err error) {
	dir, err := os.MkdirTemp("", "outcry-gauge-*")
	if err != nil {
		return s, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	g := p.begin()
	path := filepath.Join(dir, "outcry.db")
	begin := time.Now()
	if err := g.write(ctx, path); err != nil {
		return s, err
	}
	s.Shops, s.MakeS = p.Shops, time.Since(begin).Seconds()
	info, err := os.Stat(path)
	if err != nil {
		return s, fmt.Errorf("look at the file: %w", err)
	}
	s.FileB = info.Size()
	p.Note("reading %s shops from SQLite", Grouped(p.Shops))
	return s, g.read(ctx, path, &s)
}

// write makes the file.
func (g *gauge) write(ctx context.Context, path string) (err error) {
	db, err := store.Open(ctx, path)
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	owner := outcry.Member{ID: outcry.MemberPrefix + "crowd", Email: "owner@crowd.example", Created: crowd.Now}
	if err := db.AddMember(ctx, owner, ""); err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	for from := 0; from < g.Shops; from += atOnce {
		to := min(g.Shops, from+atOnce)
		listings := make([]outcry.Listing, 0, to-from)
		for i := from; i < to; i++ {
			listings = append(listings, g.crowd.Listing(i))
		}
		if _, err := db.ImportShops(ctx, owner.ID, listings); err != nil {
			return fmt.Errorf("write shops: %w", err)
		}
		g.progress(to, "written")
	}
	return nil
}

// read opens the file and fills the index from it, as a server does.
func (g *gauge) read(ctx context.Context, path string, s *Start) (err error) {
	begin := time.Now()
	db, err := store.Open(ctx, path)
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	opened := time.Now()
	read := 0
	err = db.EachListing(ctx, func(l outcry.Listing) error {
		read++
		return g.index.Put(l)
	})
	if err != nil {
		return fmt.Errorf("read the shops: %w", err)
	}
	if read != g.Shops {
		return fmt.Errorf("the file has %d shops, not %d", read, g.Shops)
	}
	put := time.Now()
	g.index.Build()
	s.OpenS, s.ReadS, s.TreesS = opened.Sub(begin).Seconds(), put.Sub(opened).Seconds(), time.Since(put).Seconds()
	s.TotalS = s.OpenS + s.ReadS + s.TreesS
	return nil
}
