// Package keyring keeps what proves who asks, per server, in files that only
// their owner may read: members' tokens in tokens.json and the keys of paired
// shop servers in shops.json.
package keyring

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Ring is a folder of such files.
type Ring struct{ dir string }

// Token is how a member signs in to a server.
type Token struct {
	Token  string `json:"token"`
	Member string `json:"member_id"`
	// Guest says that the member has no account: the token is all there is.
	Guest bool   `json:"guest,omitempty"`
	Email string `json:"email,omitempty"`
	// Expires is when the server forgets it; zero is not known.
	Expires time.Time `json:"expires_at,omitzero"`
}

// ShopKey is the key of a shop server that was paired on this machine.
type ShopKey struct {
	Shop string `json:"shop_id"`
	Name string `json:"name"`
	Key  string `json:"key"`
}

// In is the ring in a folder, which is made when something is put.
func In(dir string) Ring { return Ring{dir: dir} }

// Default is the ring in the user's own configuration folder.
func Default() (Ring, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return Ring{}, fmt.Errorf("find the folder for tokens: %w; set HOME or XDG_CONFIG_HOME", err)
	}
	return In(filepath.Join(dir, "outcry")), nil
}

// Token is the token remembered for a server; ok is false where there is none.
func (r Ring) Token(server string) (t Token, ok bool, err error) {
	all := map[string]Token{}
	if err := r.read("tokens.json", &all); err != nil {
		return Token{}, false, err
	}
	t, ok = all[name(server)]
	return t, ok, nil
}

// PutToken remembers a server's token in place of the one before.
func (r Ring) PutToken(server string, t Token) error {
	all := map[string]Token{}
	if err := r.read("tokens.json", &all); err != nil {
		return err
	}
	all[name(server)] = t
	return r.write("tokens.json", all)
}

// DropToken forgets a server's token.
func (r Ring) DropToken(server string) error {
	all := map[string]Token{}
	if err := r.read("tokens.json", &all); err != nil {
		return err
	}
	delete(all, name(server))
	return r.write("tokens.json", all)
}

// Shops are the shop servers that were paired with a server here, oldest first.
func (r Ring) Shops(server string) ([]ShopKey, error) {
	all := map[string][]ShopKey{}
	if err := r.read("shops.json", &all); err != nil {
		return nil, err
	}
	return all[name(server)], nil
}

// PutShop remembers a paired shop; a second pairing of it replaces the first.
func (r Ring) PutShop(server string, k ShopKey) error {
	all := map[string][]ShopKey{}
	if err := r.read("shops.json", &all); err != nil {
		return err
	}
	kept := slices.DeleteFunc(all[name(server)], func(old ShopKey) bool { return old.Shop == k.Shop })
	all[name(server)] = append(kept, k)
	return r.write("shops.json", all)
}

// File is where the keys of shops are kept.
func (r Ring) File() string { return filepath.Join(r.dir, "shops.json") }

// name is one name for all ways of writing a server's address.
func name(server string) string { return strings.ToLower(strings.TrimRight(server, "/")) }

// read reads a file into the map that into points at; a missing one changes
// nothing.
func (r Ring) read(file string, into any) error {
	path := filepath.Join(r.dir, file)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read what was remembered: %w", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read what was remembered: %s is damaged (%w); move it away and sign in again", path, err)
	}
	return nil
}

// write replaces a file at once, so that a reader never sees half of it.
func (r Ring) write(file string, from any) error {
	data, err := json.MarshalIndent(from, "", "  ")
	if err != nil {
		return fmt.Errorf("remember: %w", err)
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return fmt.Errorf("remember: %w", err)
	}
	f, err := os.CreateTemp(r.dir, file+".*") // made for its owner only
	if err != nil {
		return fmt.Errorf("remember: %w", err)
	}
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(r.dir, file))
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is left over harms nobody
		return fmt.Errorf("remember: %w", err)
	}
	return nil
}
