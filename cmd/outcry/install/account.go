package install

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
)

// Account is the user whose key the service runs with.
type Account struct {
	Name, Home string
	// Root says that whoever installs may do so for the whole machine.
	Root bool
	// Sudo says that whoever installs has another's rights at the moment: the
	// account is that of the one who called sudo.
	Sudo bool
}

// Me is the account of whoever runs the program, also through sudo.
func Me() (Account, error) {
	u, err := user.Current()
	if err != nil {
		return Account{}, fmt.Errorf("find out who you are: %w", err)
	}
	a := Account{Name: u.Username, Home: u.HomeDir, Root: runtime.GOOS == "windows" || os.Geteuid() == 0}
	if home, err := os.UserHomeDir(); err == nil {
		a.Home = home
	}
	if by := os.Getenv("SUDO_USER"); a.Root && by != "" && by != u.Username {
		u, err := user.Lookup(by)
		if err != nil {
			return Account{}, fmt.Errorf("find the account of %s, who called sudo: %w", by, err)
		}
		a.Name, a.Home, a.Sudo = u.Username, u.HomeDir, true
	}
	return a, nil
}

// Keys is the folder in which the account keeps its keys, where that is not the
// folder of whoever runs the program: after sudo.
func (a Account) Keys() string {
	if runtime.GOOS == "darwin" {
		return filepath.Join(a.Home, "Library", "Application Support", "outcry")
	}
	return filepath.Join(a.Home, ".config", "outcry")
}

// Scope is for whom a service is installed: as was asked for, or else for the
// machine by its administrator and for the user by anybody else. ask is "" where
// nothing was asked for.
func (a Account) Scope(system string, ask Scope) (Scope, error) {
	switch {
	case system == Windows && ask == ForUser:
		return "", errors.New("a Windows service is one of the whole machine: leave --user away")
	case ask == ForUser && a.Sudo:
		return "", errors.New("the service of a user is installed by that user: leave sudo away, or give --system")
	case ask == ForSystem && !a.Root:
		return "", errors.New("a service of the whole machine needs the administrator's rights: put sudo before the command, or give --user")
	case ask != "":
		return ask, nil
	case a.Root:
		return ForSystem, nil
	}
	return ForUser, nil
}

// Temporary are the folders that are emptied by themselves.
func Temporary() []string {
	folders := []string{os.TempDir(), "/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/folders"}
	if cache, err := os.UserCacheDir(); err == nil {
		folders = append(folders, filepath.Join(cache, "go-build"))
	}
	return folders
}

// Lasting is the path of a program without links. It is an error where it lies
// in one of the temporary folders: the service would lose it.
func Lasting(program string, temporary []string) (string, error) {
	path, err := filepath.EvalSymlinks(program)
	if err != nil {
		return "", fmt.Errorf("find the program: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", fmt.Errorf("find the program: %w", err)
	}
	inside := strings.Contains(path, "/AppTranslocation/")
	for _, folder := range temporary {
		if target, err := filepath.EvalSymlinks(folder); err == nil {
			folder = target
		}
		rest, err := filepath.Rel(folder, path)
		inside = inside || err == nil && rest != ".." && !strings.HasPrefix(rest, ".."+string(filepath.Separator))
	}
	if inside {
		return "", fmt.Errorf("the program lies in a temporary folder, %s; copy it to where it stays, such as %s, and install from there",
			filepath.Dir(path), lastingPlace())
	}
	return path, nil
}

// lastingPlace is where programs are put on this system.
func lastingPlace() string {
	if runtime.GOOS == "windows" {
		return `C:\Program Files\Outcry\outcry.exe`
	}
	return "/usr/local/bin/outcry"
}
