package outcry_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// chance is bytes of chance, all the same.
type chance byte

func (c chance) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

func TestNewID_SortsByTimeWhateverTheChance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(0, 1<<48-2).Draw(t, "ms"))
		later := at.Add(time.Duration(rapid.Int64Range(1, 1_000_000).Draw(t, "more")) * time.Millisecond)
		if later.UnixMilli() >= 1<<48 {
			t.Skip("beyond the year 10889")
		}
		a, b := outcry.NewID(outcry.OrderPrefix, at, chance(255)), outcry.NewID(outcry.OrderPrefix, later, chance(0))
		if a >= b {
			t.Fatalf("%s of %v does not come before %s of %v", a, at, b, later)
		}
	})
}

func TestNewID_IsPrefixedAndOpaque(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, prefix := range []string{
		outcry.MemberPrefix, outcry.ShopPrefix, outcry.RequestPrefix, outcry.CallPrefix, outcry.OfferPrefix,
		outcry.OrderPrefix, outcry.MessagePrefix, outcry.KeyPrefix,
	} {
		for range 50 {
			id := outcry.NewID(prefix, noon, rand.Reader)
			tail, ok := strings.CutPrefix(id, prefix)
			if !ok || len(tail) != 26 || strings.Trim(tail, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
				t.Fatalf("%q is not %s and 26 characters", id, prefix)
			}
			if seen[id] {
				t.Fatalf("%s was made twice in a millisecond", id)
			}
			seen[id] = true
		}
	}
}

// eachBit makes ids from chance in which one bit is set.
type eachBit struct{ bit int }

func (e eachBit) Read(p []byte) (int, error) {
	clear(p)
	p[e.bit/8] = 1 << (e.bit % 8)
	return len(p), nil
}

func TestNewID_KeepsEveryBitOfChance(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for bit := range 80 {
		id := outcry.NewID(outcry.KeyPrefix, noon, eachBit{bit})
		if other, ok := seen[id]; ok {
			t.Errorf("bits %d and %d of chance make the same id", other, bit)
		}
		seen[id] = bit
	}
}

func TestRequestOf_ReadsWhatCallAndOfferIDsSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, outcry.MaxCalls-1).Draw(t, "n")
		request := outcry.NewID(outcry.RequestPrefix, noon, chance(rapid.Byte().Draw(t, "chance")))
		for _, id := range []string{outcry.CallID(request, n), outcry.OfferID(request, n)} {
			gotRequest, gotN, ok := outcry.RequestOf(id)
			if !ok || gotRequest != request || gotN != n {
				t.Fatalf("%s reads %s, %d, %v; want %s, %d", id, gotRequest, gotN, ok, request, n)
			}
		}
	})
}

func TestRequestOf_NumbersOfOneRequestNeverMeet(t *testing.T) {
	t.Parallel()
	request := outcry.NewID(outcry.RequestPrefix, noon, rand.Reader)
	last := ""
	for n := range outcry.MaxCalls {
		id := outcry.CallID(request, n)
		if id <= last {
			t.Fatalf("call %d is %s, the one before it %s", n, id, last)
		}
		last = id
	}
}

func TestRequestOf_RefusesForeignIDs(t *testing.T) {
	t.Parallel()
	request := outcry.NewID(outcry.RequestPrefix, noon, rand.Reader)
	call := outcry.CallID(request, 7)
	for _, id := range []string{
		"", "call_", "off_", request, outcry.NewID(outcry.OrderPrefix, noon, rand.Reader),
		call[:len(call)-1], call + "0", strings.ToUpper(call), "call_" + call, " " + call,
		call[:len(call)-1] + "u", call[:len(call)-1] + "-", call[:10] + "\x00" + call[11:], call[:10] + "é" + call[12:],
		outcry.NewID(outcry.OfferPrefix, noon, rand.Reader),
	} {
		if got, n, ok := outcry.RequestOf(id); ok || got != "" || n != 0 {
			t.Errorf("%q is read as call %d of %q", id, n, got)
		}
	}
}

func TestMakeID_IsRepeatableUnderASeed(t *testing.T) {
	t.Parallel()
	under := func(key string, at time.Time) context.Context {
		return outcry.WithSeed(t.Context(), outcry.Seed{At: at, Key: key})
	}
	id := func(ctx context.Context, prefix string, now time.Time) string {
		return outcry.MakeID(ctx, prefix, now, rand.Reader)
	}
	first := id(under("mem_a accept k1", noon), outcry.OrderPrefix, noon)
	if again := id(under("mem_a accept k1", noon), outcry.OrderPrefix, noon.Add(time.Hour)); again != first {
		t.Errorf("the retry made %s, the first try %s", again, first)
	}
	for name, other := range map[string]string{
		"another key":    id(under("mem_a accept k2", noon), outcry.OrderPrefix, noon),
		"another prefix": strings.Replace(id(under("mem_a accept k1", noon), outcry.KeyPrefix, noon), "key_", "ord_", 1),
		"another time":   id(under("mem_a accept k1", noon.Add(time.Second)), outcry.OrderPrefix, noon),
		"no seed":        id(t.Context(), outcry.OrderPrefix, noon),
	} {
		if other == first || !strings.HasPrefix(other, outcry.OrderPrefix) {
			t.Errorf("with %s: %s, and %s without", name, other, first)
		}
	}
	if a, b := id(t.Context(), outcry.OrderPrefix, noon), id(t.Context(), outcry.OrderPrefix, noon); a == b {
		t.Errorf("without a seed %s was made twice", a)
	}
}
