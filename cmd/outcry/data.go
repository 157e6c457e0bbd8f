package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// databaseFile is the name of a market's database in its folder.
const databaseFile = "outcry.db"

// dataFlags say where a market's database is.
type dataFlags struct {
	Data     string `help:"Folder of the market's database (default: outcry in your folder for data)." placeholder:"DIR" xor:"database"`
	Database string `help:"PostgreSQL database, as postgres://USER:PASSWORD@HOST/NAME, instead of a file." placeholder:"URL" xor:"database"`
}

// file is the database's file.
func (f dataFlags) file() (string, error) {
	dir, err := f.dir()
	return filepath.Join(dir, databaseFile), err
}

// dir is the folder of the database's file.
func (f dataFlags) dir() (string, error) {
	if f.Data != "" {
		return f.Data, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find your folder for data: %w; name one with --data DIR", err)
	}
	return filepath.Join(dataHome(home), "outcry"), nil
}

// dataHome is where this platform keeps programs' data.
func dataHome(home string) string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	switch runtime.GOOS {
	case "darwin", "ios":
		return filepath.Join(home, "Library", "Application Support")
	case "windows":
		if dir := os.Getenv("LocalAppData"); dir != "" {
			return dir
		}
		return filepath.Join(home, "AppData", "Local")
	}
	return filepath.Join(home, ".local", "share")
}

// onPostgres says whether the flags name a PostgreSQL database.
func (f dataFlags) onPostgres() bool {
	return strings.HasPrefix(f.Database, "postgres:") || strings.HasPrefix(f.Database, "postgresql:")
}

// shown is the database's address without its password.
func (f dataFlags) shown() string {
	u, err := url.Parse(f.Database)
	if err != nil {
		return "the address given"
	}
	return u.Redacted()
}
