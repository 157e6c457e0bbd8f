package rush

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"outcry"
	"outcry/policy"
)

const (
	// called is how many shops each request calls, and how many offers it wants.
	called = 20
	// signal is what is asked for and what all shops sell.
	signal outcry.Code = "osm:shop=bakery"
	// radius is how far round its place a request looks, in metres; all shops stand
	// within.
	radius = 5000
)

// middle is where buyers ask.
var middle = outcry.Place{Lat: 55.95, Lon: -3.19}

// town are the members and shops of a market. Their ids and keys follow from the
// seed, so that every side knows them.
type town struct {
	Seed   uint64 `json:"seed"`
	Shops  int    `json:"shops"`
	Buyers int    `json:"buyers"`
}

// digest is what follows from the seed for number i of a kind.
func (t town) digest(kind string, i int) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s %d", t.Seed, kind, i))
}

func (t town) id(prefix, kind string, i int) string {
	sum := t.digest(kind, i)
	return outcry.NewID(prefix, time.UnixMilli(int64(i)), bytes.NewReader(sum[:]))
}

func (t town) shop(i int) string { return t.id(outcry.ShopPrefix, "shop", i) }

// shopKey and buyerKey are the secrets by which they show themselves.
func (t town) shopKey(i int) string  { return t.key("shop key", i) }
func (t town) buyerKey(i int) string { return t.key("buyer key", i) }

func (t town) key(kind string, i int) string {
	sum := t.digest(kind, i)
	return "ock_" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// token is a key as the server keeps it.
func (t town) token(kind string, i int, member, shop string) outcry.Token {
	hash := sha256.Sum256([]byte(t.key(kind, i)))
	return outcry.Token{
		ID: t.id(outcry.KeyPrefix, kind, i), Hash: hex.EncodeToString(hash[:]), Member: member, Name: "rush", Shop: shop, Created: time.Now(),
	}
}

// opening is a market with everybody in it.
func (t town) opening() Opening {
	o := Opening{Owner: t.member("owner", 0)}
	for i := range t.Shops {
		o.Shops = append(o.Shops, t.listing(i))
		o.Keys = append(o.Keys, t.token("shop key", i, o.Owner.ID, t.shop(i)))
	}
	for i := range t.Buyers {
		m := t.member("buyer", i)
		o.Buyers = append(o.Buyers, m)
		o.Keys = append(o.Keys, t.token("buyer key", i, m.ID, ""))
	}
	return o
}

func (t town) member(kind string, i int) outcry.Member {
	return outcry.Member{
		ID: t.id(outcry.MemberPrefix, kind, i), Email: fmt.Sprintf("%s%d@rush.example", kind, i), Name: "Member", Locale: "en", Created: time.Now(),
	}
}

// listing is shop number i with its book: open all day, answered by software,
// within 2 km of where buyers ask.
func (t town) listing(i int) outcry.Listing {
	sum := t.digest("place", i)
	place := outcry.Place{Lat: middle.Lat + (float64(sum[0])-128)/8000, Lon: middle.Lon + (float64(sum[1])-128)/8000}
	return outcry.Listing{
		Shop: outcry.Shop{
			ID: t.shop(i), Name: fmt.Sprintf("Shop %d", i), Place: place, ServiceRadiusM: 2 * radius, Hours: "24/7", TimeZone: "Europe/London",
			Languages: []string{"en"}, PriceLevel: 1 + int(sum[2])%4, Capabilities: []outcry.Capability{outcry.Pickup}, Contact: "at the door",
			Answers: outcry.BySoftware, State: outcry.ShopActive, Created: time.Now(), Updated: time.Now(),
		},
		Codes: []outcry.Code{signal},
	}
}

// rules is the policy of the market, as its file says it: a request calls 20
// shops at once, the best ones, and closes as soon as it has enough; nobody is at
// a limit.
func rules() ([]byte, error) {
	p := policy.Default()
	w := &p.Waves
	w.Ends, w.Margin, w.Trigger, w.LoadMargin, w.LoadFrom, w.LoadFull = []float64{1}, 1000, 0, 1000, 1, 1
	w.MostCalls, w.StopAtEnough, w.Rest, w.StopS = called, true, 0, 0
	p.Exploring.Share = 0
	p.Limits = policy.Limits{OpenRequests: 1_000_000, OpenGuestRequests: 1000}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	return text, nil
}
