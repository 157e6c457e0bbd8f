package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// locales are the languages that the table has, English first.
var locales = []string{"en", "ko", "ja", "de", "es"}

// keys are the tag keys whose values are kinds of places that trade. Where a
// place has several, the first one here names its code.
var keys = []string{"shop", "craft", "amenity", "office", "leisure", "tourism", "healthcare"}

// preset is one kind of place in the schema.
type preset struct {
	Tags        map[string]string `json:"tags"`
	AddTags     map[string]string `json:"addTags"`
	Name        string            `json:"name"` // "{other/preset}" where it borrows its words
	Searchable  *bool             `json:"searchable"`
	LocationSet struct {
		Include []string `json:"include"`
	} `json:"locationSet"`
}

// words are a preset's name and search terms in one language.
type words struct {
	Name    string `json:"name"`
	Terms   string `json:"terms"`   // separated by commas
	Aliases string `json:"aliases"` // one a line
}

// deprecation says which tags stand today for tags of former times.
type deprecation struct {
	Old     map[string]string `json:"old"`
	Replace map[string]string `json:"replace"`
}

// schema is what the package says.
type schema struct {
	version  string
	licence  string
	presets  map[string]preset
	words    map[string]map[string]words // locale, preset
	outdated []deprecation
}

// readSchema reads the unpacked package in folder.
func readSchema(folder string) (*schema, error) {
	s := &schema{words: map[string]map[string]words{}}
	var about struct{ Version string }
	if err := readJSON(filepath.Join(folder, "package.json"), &about); err != nil {
		return nil, err
	}
	s.version = about.Version
	licence, err := os.ReadFile(filepath.Join(folder, "LICENSE.md")) //nolint:gosec // the package that was asked for
	if err != nil {
		return nil, fmt.Errorf("read the licence: %w", err)
	}
	s.licence = string(licence)
	if err := readJSON(filepath.Join(folder, "dist/presets.json"), &s.presets); err != nil {
		return nil, err
	}
	if err := readJSON(filepath.Join(folder, "dist/deprecated.json"), &s.outdated); err != nil {
		return nil, err
	}
	for _, l := range locales {
		var file map[string]struct {
			Presets struct{ Presets map[string]words }
		}
		if err := readJSON(filepath.Join(folder, "dist/translations", l+".json"), &file); err != nil {
			return nil, err
		}
		s.words[l] = file[l].Presets.Presets
	}
	return s, nil
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path) //nolint:gosec // the package that was asked for
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return nil
}
