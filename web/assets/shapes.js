// The shapes of the interface that outcry.js names, for editors; nothing in here runs. A test compares them with
// docs/openapi.json, and writes them: go test ./web -run Shapes -update

/**
 * @typedef {object} Bid
 * @property {Money} price
 * @property {any} [attributes] an object that fills in the code's offer form
 * @property {string} [available_at] when the buyer can have it; none: at once
 * @property {string} [message] to the buyer, at most 2,000 characters
 * @property {string} [valid_until] how long the shop stands by it; the policy's time unless said
 */

/**
 * @typedef {object} Board
 * @property {Request} request
 * @property {Array<BoardOffer>} offers the live ones in their rank, then the others
 * @property {number} seq the cursor from which the events go on
 * @property {string} at when the board stood so
 */

/**
 * @typedef {object} BoardOffer
 * @property {string} id
 * @property {BoardShop} shop
 * @property {Money} price
 * @property {string} valid_until
 * @property {number} rank from 1 among the live offers; 0 for others
 * @property {number} score points of 100
 * @property {Array<Part>} reasons what the score is made of
 * @property {number} version
 * @property {'live'|'withdrawn'|'expired'|'accepted'|'lost'} state
 * @property {string} created_at
 * @property {string} updated_at
 * @property {any} [attributes]
 * @property {string} [available_at]
 * @property {string} [message]
 */

/**
 * @typedef {object} BoardShop
 * @property {string} id
 * @property {string} name
 * @property {number} rating stars, 1 to 5
 * @property {number} ratings how many rated it
 * @property {number} distance_m
 */

/**
 * @typedef {object} Book
 * @property {string} shop_id
 * @property {number} version counts up with every change; 0 before the first
 * @property {Array<string>} codes
 * @property {number} acknowledged_version the version that the shop server says it holds
 * @property {string} [updated_at]
 */

/**
 * @typedef {object} Budget
 * @property {Money} max
 */

/**
 * @typedef {object} Call
 * @property {string} id
 * @property {string} shop_id
 * @property {Need} request
 * @property {string} deadline
 * @property {number} wave
 * @property {'waiting'|'offered'|'declined'|'missed'|'closed'} state
 * @property {string} called_at
 * @property {string} [closed_at]
 * @property {'enough'|'deadline'|'withdrawn'|'accepted'|'nobody'} [closed_reason]
 * @property {string} [declined_reason]
 * @property {Offer} [offer] the shop's own
 */

/**
 * @typedef {object} CodeName
 * @property {string} code
 * @property {string} name
 */

/**
 * @typedef {object} Counts
 * @property {number} called
 * @property {number} offered
 * @property {number} declined
 * @property {number} waiting
 */

/**
 * @typedef {object} Extension
 * @property {string} [deadline]
 * @property {number} [deadline_s] the new deadline, in seconds from now
 */

/**
 * @typedef {object} Forms
 * @property {any} [offer] a JSON Schema: what an offer of it says
 * @property {any} [request] a JSON Schema: what a request for it says
 */

/**
 * @typedef {object} Hit
 * @property {string} code
 * @property {string} name
 * @property {Array<string>} path names from the root of the tree down to the code
 * @property {number} score about 1 where the words are a name of the code
 */

/**
 * @typedef {object} ItemsCall
 * @property {Array<Call>} items
 * @property {string} [next] the cursor of the next page, given as ?after=; missing on the last page
 */

/**
 * @typedef {object} ItemsHit
 * @property {Array<Hit>} items
 * @property {string} [next] the cursor of the next page, given as ?after=; missing on the last page
 */

/**
 * @typedef {object} ItemsMessage
 * @property {Array<Message>} items
 * @property {string} [next] the cursor of the next page, given as ?after=; missing on the last page
 */

/**
 * @typedef {object} ItemsOrder
 * @property {Array<Order>} items
 * @property {string} [next] the cursor of the next page, given as ?after=; missing on the last page
 */

/**
 * @typedef {object} ItemsRequest
 * @property {Array<Request>} items
 * @property {string} [next] the cursor of the next page, given as ?after=; missing on the last page
 */

/**
 * @typedef {object} ItemsShop
 * @property {Array<Shop>} items
 * @property {string} [next] the cursor of the next page, given as ?after=; missing on the last page
 */

/**
 * @typedef {object} Member
 * @property {string} id
 * @property {string} name
 * @property {boolean} guest
 * @property {Array<'buyer'|'shop_staff'|'operator'>} roles
 * @property {Array<ShopName>} shops the shops that this member may act for
 * @property {string} created_at
 * @property {string} [email]
 * @property {string} [locale]
 * @property {string} [token] a guest's token, given once, at joining
 */

/**
 * @typedef {object} Message
 * @property {string} id
 * @property {string} request_id
 * @property {string} shop_id
 * @property {'buyer'|'shop'} from
 * @property {string} text
 * @property {string} created_at
 */

/**
 * @typedef {object} Money
 * @property {number} amount
 * @property {string} currency
 */

/**
 * @typedef {object} Need
 * @property {string} code
 * @property {number} quantity
 * @property {Place} place_cell the middle of a cell about 1 km wide in which the buyer is
 * @property {number} distance_m from the shop to the middle of the cell
 * @property {any} [attributes]
 * @property {Budget} [budget]
 * @property {string} [locale]
 * @property {string} [needed_at]
 * @property {string} [note]
 */

/**
 * @typedef {object} NewRequest
 * @property {number} [accepts] how many orders it may become; 1 unless said
 * @property {any} [attributes] an object that fills in the code's request form
 * @property {Budget} [budget]
 * @property {Array<'deliver'|'pickup'|'visit'|'reserve'>} [capabilities] all of them are needed
 * @property {string} [code] a signal code
 * @property {string} [deadline] until when offers are taken
 * @property {number} [deadline_s] the same, in seconds from now
 * @property {Array<string>} [languages] any one of them will do
 * @property {number} [least_rating] shops rated below so many stars, 1 to 5, are not called; 0 or left out: no matter
 * @property {string} [locale] the language of the words; the member's unless said
 * @property {string} [needed_at] when the shop must be open; now unless said
 * @property {string} [note]
 * @property {Place} [place] needed; shops learn a cell about 1 km wide
 * @property {number} [quantity] 1 unless said
 * @property {number} [radius_m] needed, in metres
 * @property {'best'|'price'|'near'|'rating'|'soon'} [rank] best unless said
 * @property {number} [wanted_offers] the request closes when so many are in; 3 unless said
 * @property {string} [words] what is needed in words, from which a code is found; beside a code they teach the search
 */

/**
 * @typedef {object} Offer
 * @property {string} id
 * @property {string} call_id
 * @property {number} version from 1; each revision and the withdrawal count
 * @property {'live'|'withdrawn'|'expired'|'accepted'|'lost'} state
 * @property {Money} price
 * @property {string} valid_until
 * @property {string} created_at
 * @property {string} updated_at
 * @property {any} [attributes]
 * @property {string} [available_at]
 * @property {string} [message]
 */

/**
 * @typedef {object} Order
 * @property {string} id
 * @property {string} request_id
 * @property {string} offer_id
 * @property {'placed'|'confirmed'|'fulfilled'|'completed'|'refused'|'cancelled'} state
 * @property {Terms} terms
 * @property {OrderShop} shop
 * @property {OrderBuyer} buyer
 * @property {Rated} rated
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string} [reason] of a refusal or a cancelling
 */

/**
 * @typedef {object} OrderBuyer
 * @property {string} name
 * @property {string} [contact]
 */

/**
 * @typedef {object} OrderShop
 * @property {string} id
 * @property {string} name
 * @property {Place} place
 * @property {string} [contact]
 */

/**
 * @typedef {object} Part
 * @property {string} part
 * @property {number} points
 * @property {string} [words]
 */

/**
 * @typedef {object} Pause
 * @property {number} [for_s] the same, in seconds from now
 * @property {string} [until] until when it takes no calls
 */

/**
 * @typedef {object} Place
 * @property {number} lat
 * @property {number} lon
 */

/**
 * @typedef {object} Preview
 * @property {number} matching_shops how many shops could be called
 * @property {string} code the code that was asked for, or found from the words
 * @property {string} name
 * @property {Forms} forms
 */

/**
 * @typedef {object} ProblemField
 * @property {string} location such as body.place.lat, query.limit or header.If-Match
 * @property {string} message what is wrong and what to write instead
 */

/**
 * @typedef {object} Rated
 * @property {number} [by_buyer]
 * @property {number} [by_shop]
 */

/**
 * @typedef {object} Rating
 * @property {string} order_id
 * @property {'buyer'|'shop'} by
 * @property {number} stars
 * @property {string} [text]
 */

/**
 * @typedef {object} Request
 * @property {string} id
 * @property {'open'|'closed'} state
 * @property {string} code
 * @property {number} quantity
 * @property {Place} place
 * @property {number} radius_m
 * @property {string} deadline
 * @property {number} wanted_offers
 * @property {number} accepts
 * @property {'best'|'price'|'near'|'rating'|'soon'} rank
 * @property {string} created_at
 * @property {number} policy_version the version of the policy that runs it
 * @property {any} [attributes]
 * @property {Budget} [budget]
 * @property {Array<'deliver'|'pickup'|'visit'|'reserve'>} [capabilities]
 * @property {string} [closed_at]
 * @property {'enough'|'deadline'|'withdrawn'|'accepted'|'nobody'} [closed_reason]
 * @property {Counts} [counts] how many shops were called and what became of it; missing in lists
 * @property {Array<string>} [languages]
 * @property {number} [least_rating] shops rated below so many stars are not called; missing: no matter
 * @property {string} [locale]
 * @property {string} [needed_at]
 * @property {string} [note]
 * @property {string} [words] as typed, where the code came from words
 */

/**
 * @typedef {object} Session
 * @property {string} token sent as Authorization: Bearer TOKEN
 * @property {string} expires_at
 * @property {string} member_id
 */

/**
 * @typedef {object} Shop
 * @property {string} id
 * @property {string} name
 * @property {Place} place
 * @property {number} service_radius_m
 * @property {string} hours
 * @property {string} time_zone
 * @property {Array<string>} languages
 * @property {number} price_level
 * @property {Array<'deliver'|'pickup'|'visit'|'reserve'>} capabilities
 * @property {'person'|'software'} answers who answers its calls
 * @property {'pending'|'active'|'suspended'} state
 * @property {number} rating stars, 1 to 5: a mean that starts as five voices of 4
 * @property {number} ratings how many rated it
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string} [contact] shown to its staff and the operator
 * @property {ShopCalls} [limits] its own limits of calls; shown to its staff and the operator
 * @property {string} [paused_until] until when it takes no calls, 2100-01-01 where until told otherwise; missing where it takes them; shown to its staff and the operator
 * @property {string} [quiet_hours] when it is not called even though it is open; shown to its staff and the operator
 * @property {string} [reason] why it was suspended
 * @property {string} [source] where an imported shop came from
 */

/**
 * @typedef {object} ShopCalls
 * @property {number} open how many calls may wait for its answer
 * @property {number} hourly how many calls may come in any hour
 */

/**
 * @typedef {object} ShopName
 * @property {string} id
 * @property {string} name
 * @property {'pending'|'active'|'suspended'} [state]
 */

/**
 * @typedef {object} Signal
 * @property {string} code
 * @property {string} name in the locale asked for, else in English
 * @property {Array<string>} path names from the root of the tree down to the code
 * @property {Array<CodeName>} children
 * @property {Record<string, any>} names by locale
 * @property {Forms} forms the forms that hold: its own, or those of the nearest code above
 * @property {string} [parent]
 * @property {string} [replaced_by]
 * @property {boolean} [retired]
 * @property {Record<string, any>} [synonyms] other words by which people ask for it, by locale
 */

/**
 * @typedef {object} Terms
 * @property {string} code
 * @property {number} quantity
 * @property {Money} price
 * @property {number} offer_version
 * @property {Place} place the buyer's, exact
 * @property {string} accepted_at
 * @property {any} [asked] the attributes of the request
 * @property {any} [attributes] the attributes of the offer
 * @property {string} [available_at]
 * @property {string} [message]
 * @property {string} [needed_at]
 * @property {string} [note]
 */

/**
 * @typedef {object} Widening
 * @property {string} [code] a code above the present one
 * @property {number} [radius_m] a larger radius, in metres
 * @property {number} [wanted_offers] more offers
 */

export {};
