package directory_test

import (
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/directory"
)

// phrases are what people type, and the codes that they may mean; the first
// found must be one of them.
var phrases = []struct{ locale, text, codes string }{
	{"en", "fresh bread", "shop=bakery"},
	{"en", "boiler repair", "craft=plumber craft=hvac"},
	{"en", "someone to fix a boiler", "craft=plumber craft=hvac"},
	{"en", "room for two", "tourism=hotel"},
	{"en", "a room for two tonight within 3 km", "tourism=hotel"},
	{"en", "running shoes", "shop=shoes"},
	{"en", "haircut", "shop=hairdresser"},
	{"en", "hair cut tomorrow morning", "shop=hairdresser"},
	{"en", "taxi to the airport", "amenity=taxi"},
	{"en", "a bunch of roses", "shop=florist"},
	{"en", "flowers for a funeral", "shop=florist"},
	{"en", "table for four", "amenity=restaurant"},
	{"en", "bike repair", "shop=bicycle"},
	{"en", "my bicycle has a puncture", "shop=bicycle"},
	{"en", "plumer", "craft=plumber"},
	{"en", "elecrician", "craft=electrician"},
	{"en", "leaking tap", "craft=plumber"},
	{"en", "locked out of my house", "shop=locksmith"},
	{"en", "wedding cake", "shop=pastry"},
	{"en", "sushi", "amenity=restaurant.cuisine=sushi"},
	{"en", "pizzas", "amenity=restaurant.cuisine=pizza"},
	{"en", "pain killers", "amenity=pharmacy shop=chemist"},
	{"en", "dentist", "amenity=dentist"},
	{"en", "vet for my cat", "amenity=veterinary"},
	{"en", "phone screen repair", "craft=electronics_repair"},
	{"en", "second hand sofa", "shop=second_hand"},
	{"en", "suit alterations", "shop=tailor"},
	{"en", "catering for a party of 30", "craft=caterer"},
	{"en", "lawyer for a divorce", "office=lawyer"},
	{"en", "piano lessons", "amenity=music_school"},
	{"en", "winter tyres", "shop=tyres"},
	{"en", "laptop", "shop=computer"},
	{"en", "new glasses", "shop=optician"},
	{"en", "gym", "leisure=fitness_centre"},
	{"en", "bakry", "shop=bakery"},
	{"en", "cheap hotel near the station", "tourism=hotel"},
	{"en", "paint my living room", "craft=painter"},
	{"en", "house removal", "office=moving_company"},
	{"en", "gardner", "craft=gardener"},
	{"ko", "빵", "shop=bakery"},
	{"ko", "빵집", "shop=bakery"},
	{"ko", "갓 구운 빵 사고 싶어요", "shop=bakery"},
	{"ko", "머리 커트", "shop=hairdresser"},
	{"ko", "보일러 수리", "craft=plumber craft=hvac"},
	{"ko", "꽃다발", "shop=florist"},
	{"ko", "두 명 방", "tourism=hotel"},
	{"ko", "운동화", "shop=shoes"},
	{"ko", "열쇠 수리", "shop=locksmith"},
	{"ko", "자전거 수리", "shop=bicycle"},
	{"ko", "커피", "amenity=cafe amenity=cafe.cuisine=coffee_shop shop=coffee"},
	{"ko", "택시", "amenity=taxi"},
	{"ko", "컴퓨터 수리", "craft=electronics_repair"},
	{"ko", "미욜실", "shop=hairdresser shop=hairdresser.hairdresser=barber"},
	{"ja", "パン屋", "shop=bakery"},
	{"ja", "パンが食べたい", "shop=bakery"},
	{"ja", "二人部屋", "tourism=hotel"},
	{"ja", "水漏れ修理", "craft=plumber"},
	{"ja", "花束", "shop=florist"},
	{"ja", "靴", "shop=shoes"},
	{"ja", "鍵をなくした", "shop=locksmith"},
	{"ja", "美容院", "shop=hairdresser"},
	{"ja", "自転車の修理", "shop=bicycle"},
	{"ja", "寿司", "amenity=restaurant.cuisine=sushi"},
	{"ja", "タクシー", "amenity=taxi"},
	{"ja", "歯医者", "amenity=dentist"},
	{"de", "Schlüsseldienst", "shop=locksmith"},
	{"de", "Schluesseldienst", "shop=locksmith"},
	{"de", "frische Brötchen", "shop=bakery"},
	{"de", "Heizung kaputt", "craft=hvac craft=plumber"},
	{"de", "Doppelzimmer für zwei", "tourism=hotel"},
	{"de", "Laufschuhe", "shop=shoes"},
	{"de", "Fahrradreparatur", "shop=bicycle"},
	{"de", "Haare schneiden", "shop=hairdresser"},
	{"de", "Klempner", "craft=plumber"},
	{"de", "Blumenstrauss", "shop=florist"},
	{"de", "Tisch für vier Personen", "amenity=restaurant"},
	{"de", "Zahnarzt", "amenity=dentist"},
	{"de", "Baeckerei", "shop=bakery"},
	{"es", "zapatería", "shop=shoes"},
	{"es", "zapateria", "shop=shoes"},
	{"es", "pan fresco", "shop=bakery"},
	{"es", "habitación doble", "tourism=hotel"},
	{"es", "fontanero", "craft=plumber"},
	{"es", "cerrajero urgente", "shop=locksmith"},
	{"es", "corte de pelo", "shop=hairdresser"},
	{"es", "reparar bicicleta", "shop=bicycle"},
	{"es", "ramo de flores", "shop=florist"},
	{"es", "mesa para cuatro", "amenity=restaurant"},
	{"es", "taller mecánico", "shop=car_repair"},
	{"es", "pelukeria", "shop=hairdresser"},
	// In another language than the one asked in.
	{"en", "빵", "shop=bakery"},
	{"en", "zapatería", "shop=shoes"},
	{"ko", "Schlüsseldienst", "shop=locksmith"},
	{"ja", "hotel", "tourism=hotel"},
	{"fr", "pizza", "amenity=restaurant.cuisine=pizza"},
}

func TestSearch_FindsWhatPeopleMean(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	for _, p := range phrases {
		code, ok := d.Best(p.text, p.locale)
		if short := strings.TrimPrefix(string(code), "osm:"); !ok || !slices.Contains(strings.Fields(p.codes), short) {
			t.Errorf("%s %q: found %q, want %s", p.locale, p.text, code, p.codes)
		}
	}
}

func TestSearch_FindsPlacesAndProductsTogether(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{signals: append(directory.DefaultSignals(), shopify(t)...)})
	for _, p := range []struct{ text, codes string }{
		{"fresh bread", "osm:shop=bakery shopify:fb-2-1-3 shopify:fb-2-1"},
		{"running shoes", "osm:shop=shoes shopify:aa-8-1"},
		{"room for two", "osm:tourism=hotel"},
		{"someone to fix a boiler", "osm:craft=plumber osm:craft=hvac"},
		{"table for four", "osm:amenity=restaurant"},
		{"haircut", "osm:shop=hairdresser"},
		{"laptop", "shopify:el-6-6 osm:shop=computer"},
		{"locked out of my house", "osm:shop=locksmith"},
		{"coffe table", "shopify:fr-24-1-1"},
	} {
		code, ok := d.Best(p.text, "en")
		if !ok || !slices.Contains(strings.Fields(p.codes), string(code)) {
			t.Errorf("%q: found %q, want %s", p.text, code, p.codes)
		}
	}
}

func TestSearch_FindsNothingInNonsense(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	for _, text := range []string{"", "   ", "xqzvw", "!!!", "12345", "asdf qwer", "quantum flux capacitor", "\xff\xfe", strings.Repeat("x", 10_000), "ㅁㄴㅇㄹ"} {
		if code, ok := d.Best(text, "en"); ok {
			t.Errorf("%.20q: found %s", text, code)
		}
	}
}

func TestSearch_GivesNamesAndPathsInTheLocale(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	hits := d.Search("빵집", "ko", 3)
	if len(hits) == 0 || hits[0].Code != "osm:shop=bakery" || hits[0].Name != "제과점" || !slices.Equal(hits[0].Path, []string{"가게", "제과점"}) {
		t.Fatalf("hits %+v", hits)
	}
	for i, h := range hits {
		if h.Score <= 0 || h.Score > 1 || i > 0 && h.Score > hits[i-1].Score {
			t.Errorf("hit %d has the score %f", i, h.Score)
		}
	}
	if n := len(d.Search("shop repair hotel", "en", 1000)); n > directory.MostHits || n < 10 {
		t.Errorf("%d hits, want many but at most %d", n, directory.MostHits)
	}
	if n := len(d.Search("bread", "en", -1)); n != 0 {
		t.Errorf("%d hits for a limit of -1", n)
	}
}

func TestSearch_LeavesRetiredCodesOut(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	if _, err := d.Retire(t.Context(), operates(), "osm:shop=bakery", "osm:shop=pastry"); err != nil {
		t.Fatal(err)
	}
	for _, h := range d.Search("bakery", "en", 50) {
		if h.Code == "osm:shop=bakery" {
			t.Error("a retired code is found")
		}
	}
	if s, ok := d.Get("osm:shop=bakery"); !ok || s.ReplacedBy != "osm:shop=pastry" {
		t.Errorf("the retired code is %+v", s)
	}
}

// operator is an actor who may change the tree.
func operates() outcry.Actor {
	return outcry.NewActor(outcry.Member{ID: "mem_1", Operator: true}, outcry.Token{Member: "mem_1"}, nil)
}

func BenchmarkSearch(b *testing.B) {
	d := open(b, &keeper{signals: append(directory.DefaultSignals(), shopify(b)...)})
	for i := 0; b.Loop(); i++ {
		d.Search(phrases[i%len(phrases)].text, phrases[i%len(phrases)].locale, 5)
	}
}
