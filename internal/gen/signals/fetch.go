package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// The package and the version that the tables are made from. Raise the version
// by hand, run the command, and read the difference in the tables.
const (
	schemaPackage = "@openstreetmap/id-tagging-schema"
	schemaVersion = "6.19.2"
)

// maxFile is the largest file of the package that is unpacked, in bytes.
const maxFile = 16 << 20

// fetchPackage gets the package with the npm client that is installed and
// unpacks it below folder. It returns the folder with package.json.
func fetchPackage(folder string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", schemaPackage+"@"+schemaVersion)
	cmd.Dir = folder
	cmd.Stderr = os.Stderr
	name, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("fetch %s with npm (is it installed, and the network up?): %w", schemaPackage, err)
	}
	if err := unpack(filepath.Join(folder, strings.TrimSpace(string(name))), folder); err != nil {
		return "", fmt.Errorf("unpack %s: %w", schemaPackage, err)
	}
	return filepath.Join(folder, "package"), nil
}

// unpack writes the regular files of a .tgz below folder.
func unpack(tgz, folder string) error {
	f, err := os.Open(tgz) //nolint:gosec // the file that npm has just written
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if err := unpackFile(root, h.Name, r); err != nil {
			return err
		}
	}
}

// unpackFile writes one file below root, which lets nothing out of it.
func unpackFile(root *os.Root, name string, r io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return err
	}
	return root.WriteFile(name, text, 0o600)
}
