package keyring_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry/cmd/outcry/keyring"
)

func TestRing_RemembersEachServersToken(t *testing.T) {
	t.Parallel()
	ring := keyring.In(filepath.Join(t.TempDir(), "outcry"))
	if _, ok, err := ring.Token("http://a.test"); ok || err != nil {
		t.Fatalf("an empty ring has a token: %v", err)
	}
	guest := keyring.Token{Token: "ocs_1", Member: "mem_1", Guest: true}
	member := keyring.Token{Token: "ocs_2", Member: "mem_2", Email: "a@b.test", Expires: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	for server, token := range map[string]keyring.Token{"http://a.test": guest, "http://b.test/": member} {
		if err := ring.PutToken(server, token); err != nil {
			t.Fatal(err)
		}
	}
	for server, want := range map[string]keyring.Token{"HTTP://A.test/": guest, "http://b.test": member} {
		if got, ok, err := ring.Token(server); !ok || err != nil || !cmp.Equal(want, got) {
			t.Errorf("%s has %v, %v", server, got, err)
		}
	}
	if err := ring.DropToken("http://a.test"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := ring.Token("http://a.test"); ok {
		t.Error("a dropped token is still there")
	}
}

func TestRing_APairedShopIsThereOnce(t *testing.T) {
	t.Parallel()
	ring := keyring.In(t.TempDir())
	for _, k := range []keyring.ShopKey{{"shop_1", "Bakery", "ock_1"}, {"shop_2", "Cafe", "ock_2"}, {"shop_1", "Bakery", "ock_3"}} {
		if err := ring.PutShop("http://a.test", k); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ring.Shops("http://a.test")
	want := []keyring.ShopKey{{"shop_2", "Cafe", "ock_2"}, {"shop_1", "Bakery", "ock_3"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestRing_OnlyTheOwnerMayRead(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps rights in another way")
	}
	dir := filepath.Join(t.TempDir(), "outcry")
	ring := keyring.In(dir)
	// A file that was made readable for others is closed by the next write.
	if err := ring.PutShop("http://a.test", keyring.ShopKey{Shop: "shop_1"}); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(ring.File(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := ring.PutShop("http://a.test", keyring.ShopKey{Shop: "shop_2"}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, ring.File(): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the rights %v, %v", path, info.Mode().Perm(), err)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func TestRing_ADamagedFileSaysWhatToDo(t *testing.T) {
	t.Parallel()
	ring := keyring.In(t.TempDir())
	if err := os.WriteFile(ring.File(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Shops("http://a.test"); err == nil {
		t.Error("a damaged file was read")
	}
	if err := ring.PutShop("http://a.test", keyring.ShopKey{Shop: "shop_1"}); err == nil {
		t.Error("a damaged file was written over")
	}
}
