package web_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is the one browser of this package's tests; it ends with them.
var browser struct {
	once  sync.Once
	open  context.Context // it is how chromedp names a browser
	close func()
	err   error
}

// programs are the names under which a browser may be installed.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

func TestMain(m *testing.M) {
	m.Run()
	if browser.close != nil {
		browser.close()
	}
}

// startBrowser starts the browser, once.
func startBrowser(program string) {
	data, err := os.MkdirTemp("", "outcry-browser-")
	if err != nil {
		browser.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(program), chromedp.UserDataDir(data),
		chromedp.NoSandbox) // root in a container may have none, and only pages of the tests are opened
	started, end := chromedp.NewExecAllocator(context.Background(), options...)
	open, leave := chromedp.NewContext(started)
	browser.open = open
	browser.close = func() {
		_ = chromedp.Cancel(open)
		leave()
		end()
		_ = os.RemoveAll(data)
	}
	browser.err = chromedp.Do(open)
}

// tab is a tab of a real browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// openTab opens a page in a tab that is closed with the test. Where there is no
// browser the test is skipped, but in CI, where it fails.
func openTab(t *testing.T, page string) *tab {
	t.Helper()
	program := ""
	for _, name := range programs {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	switch {
	case program == "" && os.Getenv("CI") != "":
		t.Fatal("there is no Chromium or Chrome, and CI is set: scripts/need chromium chromium")
	case program == "":
		t.Skip("there is no Chromium or Chrome: install one, on Debian with apt-get install chromium")
	}
	browser.once.Do(func() { startBrowser(program) })
	if browser.err != nil {
		t.Fatal("the browser did not start:", browser.err)
	}
	ctx, closeTab := chromedp.NewContext(browser.open, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	within, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Do(within, chromedp.Navigate(page)); err != nil {
		t.Fatal("open", page, err)
	}
	return &tab{t, within}
}

// preamble is at hand in every script. What it keeps in window is there for the
// next one; when waits for something to be so.
const preamble = `const { Outcry, OutcryError } = await import('/assets/outcry.js');
const when = async (so) => { while (!await so()) await new Promise((done) => setTimeout(done, 20)); };
const refused = async (call) => {
  try { await call(); } catch (e) {
    return { ours: e instanceof OutcryError, status: e.status, code: e.code, detail: e.detail, fields: e.fields, requestId: e.requestId, retryAfter: e.retryAfter };
  }
  return { code: 'not refused' };
};
`

// run runs a script as the body of an asynchronous function, and gives what it
// returns.
func run[T any](tb *tab, script string) T {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, 40*time.Second)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T]("(async () => {"+preamble+script+"\n})()", chromedp.EvalAwaitPromise))
	if err != nil {
		tb.t.Fatalf("%v in\n%s", err, bytes.TrimSpace([]byte(script)))
	}
	return got
}

// do runs a script that gives nothing.
func (tb *tab) do(script string) {
	tb.t.Helper()
	run[bool](tb, script+"\nreturn true;")
}
