// Package sim is a simulated city: shops and buyers who trade in a running
// market. It gives the demo its life, and the load generator and the seeded
// market simulation their sellers. City makes the shops, Sellers answer for them
// (or for any other shop they are told to drive), Buyers ask. All chance comes
// from a seed and all time from a clock that is handed in, so a market in a test
// bubble comes out the same again.
//
// # What is fitted
//
// How shops answer calls follows two nights of the gateway traces of a national
// network (32,864 calls of 2,616 searches to 27 sellers, all of them software):
//
//   - Long-run answer rates are Beta(0.45, 0.37): U-shaped, 0.55 on average. The
//     traces have 54 to 56 % of calls answered and a fit of Beta(0.35-0.45, 0.37);
//     the upper end of it has the share that was seen. A fifth of the shops
//     answers at most every tenth call, three in ten at least nine of ten, and the
//     quarter that answers least at most 17 % of its calls (seen: 12 to 17 %).
//   - Answers come in spells of 15 minutes whose beginnings differ by shop: two
//     calls to one shop up to 5 minutes apart correlate 0.45, from 15 minutes on
//     not at all. The correlation is that within a shop: among all shops the
//     rates alone make answers alike for good.
//   - The time from call to answer has the quantiles 0.10 s at 10 %, 0.47 s at
//     50 %, 2 s at 79 %, 5 s at 88 %, 6.5 s at 90 % and 30 s at 98.5 %, with
//     logarithmic steps between: the first of seven answers comes after 0.1 s.
//
// # What is assumed
//
//   - People: the traces know none. At 60 % of the shops a person answers. They
//     answer the same share of calls; their answers are the slower ones of the
//     same distribution (of the shops with a share u of all shops faster than
//     them, 1-(1-u)^1.5 are people's), so they are faster than people are. Half of
//     the variance of speed is the shop's own, half the call's.
//   - Answers: 5 % are declines, and a shop declines where the budget is less than
//     its price by a sixth or more. 3 % of the offers are sent twice and 2 % of
//     the shops send each up to nine times; 5 % are made 3 to 12 % cheaper within
//     10 s, 2 % are withdrawn within 23 s.
//   - Prices: one typical price a trade (trade.tsv), times 0.75, 1, 1.35 or 1.9 for
//     the price level, times a factor of the shop (log-normal, 12 %) and of the
//     call (6 %). Currencies are those of the nearest town (town.tsv), with made-up
//     round rates.
//   - The city: kinds by Zipf's law with exponent 0.8, at least 3 shops each;
//     half of the shops gather at the centre and the others in quarters up to 5.5 km
//     from it, without regard to coasts and hills. One shop of three never closes,
//     most of them at the centre, so that the demo answers at any hour. A sixth has no rating yet.
//   - After a deal all is a time-lapse: shops confirm in 1.5 to 6.5 s (2 % refuse),
//     fulfil 5 to 40 s later and reply to a message in 1.5 to 7.5 s.
//   - Buyers come as a Poisson stream, ask for what there is most of, within 2 to
//     5 km and 15 to 45 s; half of them name a budget of 0.9 to 1.8 times the
//     typical price. 55 % of those who see offers take one, mostly the first, and
//     80 % of those rate it, around a quality that is the shop's for good.
//
// Forms are filled in from their JSON Schema: types, enum, const, bounds,
// multiples, lengths, patterns, formats, items and nested members. References and
// combined schemas (allOf and its like) are not read; a form that needs them for
// a required member is filled in wrongly, and the market says so.
package sim
