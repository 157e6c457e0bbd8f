package trial

import "slices"

// Figures are what a policy makes of a market in the measured day.
type Figures struct {
	Requests float64 `json:"requests"`
	Calls    float64 `json:"calls"`  // a request
	Offers   float64 `json:"offers"` // a request
	// Of50 and Of12 are the calls as a share of all shops that might be called,
	// for requests with 50 or more of them and with 10 to 14.
	Of50 float64 `json:"calls_share_50_eligible"`
	Of12 float64 `json:"calls_share_12_eligible"`
	// Got is the share of the requests that got as many offers as wanted, of
	// those that get them by calling everybody alone.
	Got float64 `json:"got_k"`
	// Price is the lowest price offered against that of calling everybody alone,
	// the mean and the 90th percentile of requests that got an offer.
	Price    float64 `json:"best_price_ratio"`
	PriceP90 float64 `json:"best_price_ratio_p90"`
	// Worth is what the first offer of the boards is worth to the buyers against
	// the best one of calling everybody alone; Best is that of the best on them.
	Worth float64 `json:"utility"`
	Best  float64 `json:"utility_best"`
	// First and Third are the medians of the seconds to the first and the third
	// offer, of the requests that get three by calling everybody alone; one that
	// does not come counts as 60.
	First float64 `json:"first_offer_p50_s"`
	Third float64 `json:"third_offer_p50_s"`
	// Over is the median of the seconds to the closing.
	Over float64 `json:"closed_p50_s"`
	// Median and Most are the calls a shop and hour, the median and the 99th
	// percentile of shops, and Gini is their inequality, of shops that were there
	// all day.
	Median float64 `json:"calls_shop_hour_p50"`
	Most   float64 `json:"calls_shop_hour_p99"`
	Gini   float64 `json:"gini"`
	// Beyond is the share of the calls to people that came while 6 waited or
	// after 20 in an hour.
	Beyond float64 `json:"limits_broken"`
	// Forgotten is the share of the good shops that were never called, of those
	// that might have been for ten requests or more. Good ones answer more than
	// six of ten calls and are cheaper than the average.
	Forgotten float64 `json:"good_never_called"`
	// Exposed is the share of the shops that joined during the day that were
	// called in the first ten requests for which they might have been.
	Exposed float64 `json:"newcomers_called"`
	// Broken is the share of the deals that the shop broke.
	Broken float64 `json:"deals_broken"`
	// Repeats counts the offers that were sent again, and Repeated those of them
	// that were taken for new ones.
	Repeats  float64 `json:"repeats"`
	Repeated float64 `json:"repeats_taken"`
}

// figures are what the tally of a market comes to.
func (t *tally) figures(w *world) Figures {
	f := Figures{Requests: float64(len(t.ended)), Repeats: float64(t.repeats), Repeated: float64(t.taken)}
	t.ofRequests(&f)
	t.ofOffers(&f)
	t.ofShops(w, &f)
	return f
}

// ofRequests counts calls, offers and deals.
func (t *tally) ofRequests(f *Figures) {
	var calls, offers, of50, of12, got, broken ratio
	for _, c := range t.ended {
		calls.add(float64(c.calls), 1)
		offers.add(float64(c.offers), 1)
		switch n := c.alone.eligible; {
		case n >= 50:
			of50.add(float64(c.calls), float64(n))
		case n >= 10 && n <= 14:
			of12.add(float64(c.calls), float64(n))
		}
		if c.alone.offers >= c.Wanted {
			got.add(one(c.offers >= c.Wanted), 1)
		}
		if c.deal {
			broken.add(one(c.broken), 1)
		}
	}
	f.Calls, f.Offers, f.Of50, f.Of12 = calls.share(), offers.share(), of50.share(), of12.share()
	f.Got, f.Broken = got.share(), broken.share()
}

// ofOffers compares what was offered with what calling everybody alone brings.
func (t *tally) ofOffers(f *Figures) {
	var worth, best ratio
	var prices, first, third, over []float64
	for _, c := range t.ended {
		over = append(over, c.over.Seconds())
		worth.add(c.first, c.alone.worth)
		best.add(c.any, c.alone.worth)
		if c.best > 0 && c.alone.best > 0 {
			prices = append(prices, float64(c.best)/float64(c.alone.best))
		}
		if c.alone.offers >= 3 {
			first = append(first, seconds(c.offers >= 1, c.soonest.Seconds()))
			third = append(third, seconds(c.offers >= 3, c.third.Seconds()))
		}
	}
	f.Worth, f.Best = worth.share(), best.share()
	f.Price, f.PriceP90 = mean(prices), quantile(prices, 0.9)
	f.First, f.Third = quantile(first, 0.5), quantile(third, 0.5)
	f.Over = quantile(over, 0.5)
}

// ofShops counts by shop.
func (t *tally) ofShops(w *world, f *Figures) {
	var forgotten, exposed ratio
	var calls []float64
	for i, s := range w.traders {
		if !s.joins.IsZero() {
			if s.tenth >= 0 {
				exposed.add(one(t.exposed[i]), 1)
			}
			continue
		}
		calls = append(calls, float64(t.calls[i])/w.Day.Hours())
		if s.good() && s.eligible >= 10 {
			forgotten.add(one(t.calls[i] == 0), 1)
		}
	}
	f.Forgotten, f.Exposed = forgotten.share(), exposed.share()
	f.Median, f.Most, f.Gini = quantile(calls, 0.5), quantile(calls, 0.99), gini(calls)
	if t.people > 0 {
		f.Beyond = float64(t.beyond) / float64(t.people)
	}
}

// ratio is a sum against another.
type ratio struct{ part, whole float64 }

func (r *ratio) add(part, whole float64) { r.part, r.whole = r.part+part, r.whole+whole }

// share is the one against the other; 0 where there was nothing.
func (r *ratio) share() float64 {
	if r.whole == 0 {
		return 0
	}
	return r.part / r.whole
}

// one counts what is so.
func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// never is what an offer that did not come counts as, in seconds: the longest
// that a buyer waits.
const never = 60.

// seconds is a time that may not have come.
func seconds(came bool, s float64) float64 {
	if !came {
		return never
	}
	return s
}

// mean is the mean of values; 0 of none.
func mean(values []float64) float64 {
	var r ratio
	for _, v := range values {
		r.add(v, 1)
	}
	return r.share()
}

// quantile is the value that a share of the values does not exceed; 0 of none.
func quantile(values []float64, share float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)-1, int(share*float64(len(values))))]
}

// gini is Gini's measure of inequality: 0 where all have the same, towards 1
// where one has all.
func gini(values []float64) float64 {
	slices.Sort(values)
	var r ratio
	n := float64(len(values))
	for i, v := range values {
		r.add(v*(2*float64(i+1)-n-1), v*n)
	}
	return r.share()
}
