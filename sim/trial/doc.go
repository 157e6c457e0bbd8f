// Package trial measures the quality of matching: a seeded city trades in
// virtual time through the real market of package matching, under several
// policies, and what buyers get and shops are asked is counted. Shops, requests
// and what each shop would say to each request come from the seed alone, so that
// all policies meet the same world, and the same seed gives the same figures to
// the last digit.
//
// # What is fitted
//
// How shops answer: their rates, their spells and their delays are package sim's
// Temper, fitted to the gateway traces of a national network.
//
// # What is assumed
//
//   - The city: package sim's City, on a Wednesday from 9 to 19 o'clock after a
//     part of the Tuesday that is not measured, in which the market learns. All
//     shops have a live line. A twentieth join during the measured day; nothing
//     is known of them.
//   - Requests: a Poisson stream with peaks at noon and in the late afternoon,
//     0.13 an hour and shop, for what there is most of (one of seven for the
//     rarest kinds), near shops (Gaussian, 1 km) and the narrower the more shops
//     sell it, with 20 to 60 s for answers and 3 to 5 offers wanted, without
//     budgets.
//   - People: 60 % of the shops. They answer as often as software does, and are
//     the slower ones of one distribution. Whoever has 6 calls to answer, or was
//     called 20 times in the hour, does not see another one: it stays open and
//     without an answer. So a policy without limits gets less from people.
//   - Answers: 5 % are declines; 3 % of the offers are sent twice and 2 % of the
//     shops send each up to nine times. A shop that has heard that a request is
//     closed does not answer it any more.
//   - Prices: against the typical price of a code, log-normal: 12 % by shop, 8 %
//     by shop and code, 6 % by call, and 10 % more for each price level above 2.
//   - Buyers: an offer is worth 1.35 - price/typical - 0.02 a km + 0.03 for each
//     star of the shop's rating above 4, at least 0; no offer and a deal that the
//     shop breaks are worth 0. They look 2 to 8 s after the closing at the board
//     as the market ranks it and take its first offer, 75 % of them.
//   - Deals: a shop refuses 3 % of the orders. Bait shops, in the setting that has
//     them, ask a quarter less than they would and refuse 90 %.
//   - Nobody revises or withdraws an offer, rates an order or changes a book.
package trial
