package gauge_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/cmd/outcry/gauge"
)

// redisServer answers each command by its name and its key, or its name alone;
// whatever it does not know is fine.
func redisServer(t *testing.T, answers map[string]string) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan struct{})
	t.Cleanup(func() {
		stop()
		_ = l.Close()
		<-served
	})
	go func() {
		defer close(served)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		serveRedis(conn, answers)
	}()
	return l.Addr().String()
}

func serveRedis(conn net.Conn, answers map[string]string) {
	in := bufio.NewReader(conn)
	line := func() string {
		s, _ := in.ReadString('\n')
		return strings.TrimRight(s, "\r\n")
	}
	for {
		var n int
		if _, err := fmt.Sscanf(line(), "*%d", &n); err != nil {
			return
		}
		words := make([]string, n)
		for i := range words {
			line() // the length
			words[i] = line()
		}
		answer, ok := answers[strings.Join(words[:min(2, n)], " ")]
		if !ok {
			answer = "+OK\r\n"
		}
		if _, err := conn.Write([]byte(answer)); err != nil {
			return
		}
	}
}

func TestRedis_TakesTheNearestOfAllCodesEachShopOnce(t *testing.T) {
	t.Parallel()
	address := redisServer(t, map[string]string{
		"DBSIZE": ":0\r\n", "INFO server": "$29\r\n# Server\r\nredis_version:7.0\r\n\r\n",
		"GEOSEARCH outcry-gauge:crowd:a":   "*2\r\n*2\r\n$1\r\na\r\n$2\r\n10\r\n*2\r\n$1\r\nb\r\n$4\r\n30.5\r\n",
		"GEOSEARCH outcry-gauge:crowd:a-1": "*2\r\n*2\r\n$1\r\nc\r\n$2\r\n20\r\n*2\r\n$1\r\nb\r\n$4\r\n30.5\r\n",
		"GEOSEARCH outcry-gauge:crowd:a-2": "*0\r\n",
	})
	finder, version, err := gauge.Redis(t.Context(), address)
	if err != nil || version != "7.0" {
		t.Fatalf("version %q, %v", version, err)
	}
	n := gauge.Nearby{Codes: []outcry.Code{"crowd:a", "crowd:a-1", "crowd:a-2"}, RadiusM: 1000}
	for most, want := range map[int][]string{20: {"a", "c", "b"}, 2: {"a", "c"}, 0: {"a", "b", "c"}} {
		got, err := finder.Nearest(t.Context(), n, most)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("at most %d: %s %v", most, diff, err)
		}
	}
	if err := finder.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRedis_LeavesAServerWithKeysAlone(t *testing.T) {
	t.Parallel()
	if _, _, err := gauge.Redis(t.Context(), redisServer(t, map[string]string{"DBSIZE": ":3\r\n"})); err == nil {
		t.Error("it takes a server with 3 keys, which it would remove")
	}
}

func TestRedis_ReadsAnswers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"+OK\r\n": "OK", ":42\r\n": int64(42), ":-1\r\n": int64(-1), "$5\r\na\r\nbc\r\n": "a\r\nbc", "$-1\r\n": nil, "*-1\r\n": nil,
		"*2\r\n$1\r\na\r\n:1\r\n": []any{"a", int64(1)}, "*0\r\n": []any{}, "$0\r\n\r\n": "",
	} {
		if got, err := gauge.ReadAnswer([]byte(text)); err != nil || !cmp.Equal(want, got) {
			t.Errorf("%q reads as %#v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "\r\n", "+OK", "-ERR no\r\n", "$5\r\nab\r\n", "*2\r\n:1\r\n", ":x\r\n", "?1\r\n", "$99999999999\r\n", strings.Repeat("*1\r\n", 20) + ":1\r\n",
	} {
		if got, err := gauge.ReadAnswer([]byte(text)); err == nil {
			t.Errorf("%q reads as %#v", text, got)
		}
	}
}

func FuzzRedis_ReadsAnyAnswer(f *testing.F) {
	f.Add([]byte("*2\r\n*2\r\n$1\r\na\r\n$2\r\n10\r\n:1\r\n"))
	f.Add([]byte("*9\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if answer, err := gauge.ReadAnswer(text); err != nil && answer != nil {
			t.Errorf("%q reads as %v and as an error, %v", text, answer, err)
		}
	})
}
