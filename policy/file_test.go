package policy_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"outcry/policy"
)

// desk is a Keeper that follows a file, in a bubble.
type desk struct {
	*testing.T
	*policy.Keeper
	ear   *ear
	shelf *shelf
	path  string
}

// following runs a test with a Keeper that follows a file, whose first text is
// given; "" for none.
func following(t *testing.T, text string, test func(*desk)) {
	t.Helper()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{T: t, ear: &ear{}, shelf: &shelf{}, path: filepath.Join(folder, "policy.yaml")}
		if text != "" {
			d.write(text)
		}
		k, err := policy.NewKeeper(t.Context(), seams(d.shelf, d.ear))
		if err != nil {
			t.Fatal(err)
		}
		d.Keeper = k
		ended := make(chan error)
		go func() { ended <- k.Follow(t.Context(), os.DirFS(folder), "policy.yaml") }()
		t.Cleanup(func() {
			if err := <-ended; err != nil {
				t.Errorf("it ends with %v", err)
			}
		})
		synctest.Wait()
		test(d)
	})
}

// written counts the writings of all tests: each has a time of its own, as the
// bubble's and the disk's clocks have not the same idea of it.
var (
	writing sync.Mutex
	written = noon
)

func (d *desk) write(text string) {
	d.Helper()
	if err := os.WriteFile(d.path, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
	d.touch()
}

func (d *desk) touch() {
	d.Helper()
	writing.Lock()
	defer writing.Unlock()
	written = written.Add(time.Millisecond)
	if err := os.Chtimes(d.path, written, written); err != nil {
		d.Fatal(err)
	}
}

// within waits so many looks at the file.
func (d *desk) within(seconds int) {
	time.Sleep(time.Duration(seconds)*time.Second + time.Millisecond)
	synctest.Wait()
}

// says checks the version in force, its margin and what was told, each by a part
// of it.
func (d *desk) says(version int, want float64, told ...string) {
	d.Helper()
	if d.Version() != version || margin(d.Now()) != want {
		d.Errorf("version %d with margin %v, want %d with %v", d.Version(), margin(d.Now()), version, want)
	}
	got := d.ear.heard()
	ok := len(got) == len(told)
	for i := range min(len(got), len(told)) {
		ok = ok && strings.Contains(got[i], told[i])
	}
	if !ok {
		d.Errorf("told %q, want %q", got, told)
	}
}

func TestFollow_TakesTheFileAtTheStartAndWheneverItChanges(t *testing.T) {
	t.Parallel()
	following(t, wanting(2), func(d *desk) {
		d.says(1, 2, "audit file: put policy version 1, policy.yaml", "level=INFO msg=\"the policy file is in force\"")
		d.within(60)
		d.says(1, 2)
		d.write(wanting(3))
		d.within(2)
		d.says(2, 3, "audit file: put policy version 2", "level=INFO")
		d.touch() // the same text again
		d.within(10)
		d.says(2, 3)
		if !slices.Equal(d.shelf.by, []string{"file", "file"}) || d.shelf.bodies[1] != wanting(3) {
			d.Errorf("kept by %v: %q", d.shelf.by, d.shelf.bodies)
		}
	})
}

func TestFollow_KeepsTheLastGoodPolicyAndSaysWhy(t *testing.T) {
	t.Parallel()
	following(t, wanting(2), func(d *desk) {
		d.ear.heard()
		d.write("waves:\n  margin: 0\n  triger: 1\n")
		d.within(30) // it says so once
		d.says(1, 2, `fault="policy.yaml:2:11: waves.margin: write a number from 0.1 to 1000000" in_force=1`, `policy.yaml:3:3: waves: there is no \"triger\"`)
		d.touch() // changed, but no better
		d.within(30)
		d.says(1, 2, "policy.yaml:2:11", "policy.yaml:3:3")
		d.write(wanting(2)) // as it was
		d.within(30)
		d.says(1, 2, "level=INFO")
	})
}

func TestFollow_SurvivesWhateverHappensToTheFile(t *testing.T) {
	t.Parallel()
	following(t, "", func(d *desk) {
		d.says(0, 3, "level=ERROR") // it is missing from the start
		d.within(30)
		d.says(0, 3)
		d.write(wanting(2))
		d.within(2)
		d.says(1, 2, "audit", "level=INFO")

		if err := os.Remove(d.path); err != nil {
			d.Fatal(err)
		}
		d.within(30)
		d.says(1, 2, "level=ERROR") // gone
		if err := os.Mkdir(d.path, 0o700); err != nil {
			d.Fatal(err)
		}
		d.within(30)
		d.says(1, 2, "level=ERROR") // a folder
		if err := os.Remove(d.path); err != nil {
			d.Fatal(err)
		}

		other := &desk{T: d.T, path: d.path + ".new"}
		other.write(wanting(3))
		if err := os.Rename(other.path, d.path); err != nil { // replaced, as editors do
			d.Fatal(err)
		}
		d.within(3)
		got := d.ear.heard()
		if d.Version() != 2 || margin(d.Now()) != 3 {
			d.Errorf("replaced: version %d, told %q", d.Version(), got)
		}

		d.write(strings.Repeat("#", policy.MaxText+1)) // far too long
		d.within(2)
		d.says(2, 3, "a policy has at most 65536")
		d.write("") // emptied
		d.within(2)
		d.says(2, 3, "there is nothing in it")
	})
}

// A file that somebody still writes is left alone until it stays as it is.
func TestFollow_WaitsUntilAFileIsWritten(t *testing.T) {
	t.Parallel()
	following(t, wanting(2), func(d *desk) {
		d.ear.heard()
		text := wanting(3) + "ranking:\n  price: 10\n  near: 30\n  rating: 30\n  soon: 30\n"
		for i := 1; i <= len(text); i++ {
			d.write(text[:i])
			d.within(1)
		}
		d.within(1)
		d.says(2, 3, "audit", "level=INFO")
		if p := d.Now().Policy(); p.Ranking.Soon != 30 {
			d.Errorf("%+v", p.Ranking)
		}
	})
}

func TestFollow_TriesAgainWhatTheStoreCouldNotKeep(t *testing.T) {
	t.Parallel()
	following(t, wanting(2), func(d *desk) {
		d.ear.heard()
		d.shelf.breaks(errDisk)
		d.write(wanting(3))
		d.within(30)
		d.says(1, 2, errDisk.Error())
		d.shelf.breaks(nil)
		d.within(1)
		d.says(2, 3, "audit", "level=INFO")
	})
}

// What an operator puts meanwhile stays until the file changes; what another node
// puts is no trouble.
func TestFollow_LeavesTheOperatorsChangesAlone(t *testing.T) {
	t.Parallel()
	following(t, wanting(2), func(d *desk) {
		d.ear.heard()
		put(d.T, d.Keeper, 1, wanting(7))
		d.within(30)
		d.says(2, 7)
		d.write(wanting(3))
		d.within(2)
		d.says(3, 3, "audit", "level=INFO")
		// The same file at another node, which comes first.
		if err := d.shelf.PutPolicy(d.Context(), 4, "file", []byte(wanting(4)), noon); err != nil {
			d.Fatal(err)
		}
		d.write(wanting(4))
		d.within(3)
		if d.Version() != 4 || margin(d.Now()) != 4 || d.shelf.count() != 4 {
			d.Errorf("version %d of %d, margin %v", d.Version(), d.shelf.count(), margin(d.Now()))
		}
	})
}

func TestFile_LooksOnce(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	k := keeper(t, s)
	folder := fstest.MapFS{"good.yaml": {Data: []byte(wanting(2))}, "bad.yaml": {Data: []byte("waves: 1\n")}}
	if err := k.File(folder, "good.yaml").Look(t.Context()); err != nil || k.Version() != 1 || margin(k.Now()) != 2 {
		t.Errorf("a good file: %v, version %d", err, k.Version())
	}
	if err := k.File(folder, "bad.yaml").Look(t.Context()); len(policy.FaultsOf(err)) != 1 || k.Version() != 1 {
		t.Errorf("a bad file: %v, version %d", err, k.Version())
	}
	if err := k.File(folder, "no.yaml").Look(t.Context()); !errors.Is(err, fs.ErrNotExist) || k.Version() != 1 {
		t.Errorf("no file: %v, version %d", err, k.Version())
	}
	// Where the newest version is of no use, the file mends it, though it says what
	// is in force already.
	s = &shelf{bodies: []string{wanting(2), "- 1"}, by: []string{"a", "a"}, at: []time.Time{noon, noon}}
	k = keeper(t, s)
	if err := k.File(folder, "good.yaml").Look(t.Context()); err != nil || k.Version() != 3 || k.Trouble() != nil {
		t.Errorf("in trouble: %v, version %d, %v", err, k.Version(), k.Trouble())
	}
}

// writer is a folder with a file that somebody writes while it is read.
type writer struct {
	fstest.MapFS
	left int // how often it is still written
}

func (w *writer) Open(name string) (fs.File, error) {
	f, err := w.MapFS.Open(name)
	if w.left > 0 {
		w.left--
		w.MapFS[name] = &fstest.MapFile{Data: []byte(wanting(3)), ModTime: noon.Add(time.Duration(w.left) * time.Minute)}
	}
	return f, err
}

// Stat looks without opening.
func (w *writer) Stat(name string) (fs.FileInfo, error) { return w.MapFS.Stat(name) }

func TestFile_TakesNothingThatIsWrittenWhileItIsRead(t *testing.T) {
	t.Parallel()
	k := keeper(t, &shelf{})
	f := k.File(&writer{fstest.MapFS{"policy.yaml": {Data: []byte(wanting(2))}}, 1}, "policy.yaml")
	if err := f.Look(t.Context()); err == nil || k.Version() != 0 {
		t.Errorf("%v, version %d", err, k.Version())
	}
	if err := f.Look(t.Context()); err != nil || margin(k.Now()) != 3 {
		t.Errorf("then %v, margin %v", err, margin(k.Now()))
	}
}

// endless is a folder with a file that has no end.
type endless struct{ fstest.MapFS }

type endlessFile struct{ fs.File }

func (e endless) Open(name string) (fs.File, error) {
	f, err := e.MapFS.Open(name)
	return endlessFile{f}, err
}

// Stat looks without opening.
func (e endless) Stat(name string) (fs.FileInfo, error) { return e.MapFS.Stat(name) }

func (endlessFile) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = '#'
	}
	if len(into) > 1<<24 {
		return 0, errors.New("more was read than a policy may have")
	}
	return len(into), nil
}

func TestFile_ReadsNoMoreThanAPolicyMayHave(t *testing.T) {
	t.Parallel()
	k := keeper(t, &shelf{})
	err := k.File(endless{fstest.MapFS{"policy.yaml": {}}}, "policy.yaml").Look(t.Context())
	if faults := policy.FaultsOf(err); len(faults) != 1 || !strings.Contains(faults[0].Message, "too long") {
		t.Errorf("an endless file: %v", err)
	}
}
