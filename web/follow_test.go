package web_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry"
)

// asked joins as a guest, asks for bread and watches the board.
const asked = `
window.client = new Outcry();
await client.joinAsGuest('Bo', 'en');
window.request = await client.ask({ code: 'osm:shop=bakery', place: { lat: 55.951, lon: -3.191 }, radius_m: 3000, deadline_s: 600, wanted_offers: 9 });
window.heard = []; window.states = []; window.leave = new AbortController();
window.watching = client.watch(request.id, {
  on: (event) => { heard.push(event); }, onState: (state) => { states.push(state); }, signal: leave.signal,
});
return [request.id, client.token];`

func TestFollow_EveryEventOnceAndInOrderAcrossCuts(t *testing.T) {
	t.Parallel()
	m := openMarket(t, "Adam", "Bell", "Cook")
	page := openTab(t, m.url()+"/operator")
	who := run[[]string](page, asked)
	request, token := who[0], who[1]
	var offers []outcry.Offer
	for i, shop := range m.shops {
		offers = append(offers, m.offer(shop, int64(300+i)))
	}
	chance := rand.New(rand.NewPCG(4, 1971))
	const rounds = 4
	for round := range rounds {
		m.caughtUp(page, request, token)
		m.cutAfter(1 + chance.IntN(1500)) // within one of the next events
		for i, shop := range m.shops {
			revised, err := m.Market.Revise(t.Context(), shop.staff, offers[i].ID, offers[i].Version, bid(int64(280-10*round+i)))
			m.must(err)
			offers[i] = revised
			_, err = m.Market.Say(t.Context(), shop.staff, request, shop.id, fmt.Sprint("round ", round))
			m.must(err)
		}
	}
	m.caughtUp(page, request, token)
	if m.done() != rounds {
		t.Errorf("%d cuts of %d", m.done(), rounds)
	}
	m.cutAll()
	m.stop()
	m.start()
	_, err := m.Market.WithdrawOffer(t.Context(), m.shops[0].staff, offers[0].ID, offers[0].Version)
	m.must(err)
	m.caughtUp(page, request, token)

	got := run[[]mark](page, `return heard.map(({ seq, type }) => ({ seq, type }));`)
	if diff := cmp.Diff(m.log(request, token), got); diff != "" {
		t.Error("what the market told and what the page heard:", diff)
	}
	if len(got) != 1+3+rounds*6+1 {
		t.Errorf("heard %d events: %v", len(got), got)
	}
	states := run[[]string](page, `leave.abort(); await watching; return states;`)
	for i, state := range states {
		if want := []string{"back", "lost"}[i%2]; i > 0 && state != want || i == 0 && state != "live" {
			t.Fatalf("the states were %v", states)
		}
	}
	if len(states) < 1+2*(rounds+1) {
		t.Errorf("after %d cuts the states were %v", rounds+1, states)
	}
}

// caughtUp waits until the page has heard the last event of the log.
func (m *market) caughtUp(page *tab, request, token string) {
	m.t.Helper()
	log := m.log(request, token)
	page.do(fmt.Sprintf(`await when(() => heard.at(-1)?.seq >= %d);`, log[len(log)-1].Seq))
}

func TestFollow_AResetBringsTheBoard(t *testing.T) {
	t.Parallel()
	m := openMarket(t, "Adam")
	page := openTab(t, m.url()+"/operator")
	who := run[[]string](page, asked)
	m.offer(m.shops[0], 300)
	got := run[[]any](page, `
		await when(() => heard.some(({ type }) => type === 'offer'));
		const anew = [];
		const leave = new AbortController();
		const watching = client.watch(request.id, { after: 1e9, signal: leave.signal, on: (event) => { anew.push(event); } });
		await when(() => anew.length > 0);
		await client.say(request.id, heard.at(-1).data.shop.id, 'sliced, please');
		await when(() => anew.length > 1);
		leave.abort();
		await watching;
		return [anew.map(({ type }) => type).join(), anew[0].data.offers.length, anew[0].seq === anew[0].data.seq && anew[0].seq < anew[1].seq];`)
	if diff := cmp.Diff([]any{"reset,message", 1.0, true}, got); diff != "" {
		t.Error(diff, m.log(who[0], who[1]))
	}
}

func TestFollow_EndsWithWhatDoesNotMend(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	page := openTab(t, m.url()+"/operator")
	got := run[[]string](page, `
		const client = new Outcry();
		await client.joinAsGuest();
		const gone = await refused(() => client.watch('req_none', { on() {} }));
		const who = await refused(() => new Outcry({ token: 'ocs_wrong' }).watch('req_none', { on() {} }));
		return [gone.code, who.code];`)
	if diff := cmp.Diff([]string{"not_found", "bad_token"}, got); diff != "" {
		t.Error(diff)
	}
}
