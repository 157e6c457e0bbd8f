// A client of an Outcry market for pages and programs in JavaScript: one module, no dependency, no build step.
// docs/javascript.md tells how to use it. Every shape is named as in /openapi.json.

/**
 * @import {Bid, Board, Book, Call, Extension, ItemsCall, ItemsHit, ItemsMessage,
 *   ItemsOrder, ItemsRequest, ItemsShop, Member, Message, NewRequest, Offer, Order, Pause, Preview,
 *   Rating, Request, Session, Shop, Signal, Widening} from './shapes.js'
 */

import { Follower } from './follow.js';
import { OutcryError, backoff, pause, read } from './answer.js';

export { OutcryError };

/** @import {Following} from './follow.js' */

const CALL_MS = 30_000; // for one call, from dialling to the last byte
const TRIES = 4; // of a call, before its failure is told
const LONGEST_RETRY_S = 5; // a longer Retry-After is the caller's to wait

/** Speaks to one market as one member. */
export class Outcry {
  /**
   * @param {object} [options]
   * @param {string} [options.server] the market's address; left out, the one that the page came from
   * @param {string} [options.token] a session token or a key; '' is a stranger
   * @param {typeof globalThis.fetch} [options.fetch] does the calls instead of the browser's own
   */
  constructor({ server = '', token = '', fetch = (...args) => globalThis.fetch(...args) } = {}) {
    this.server = server.replace(/\/+$/, '');
    this.token = token;
    this.fetch = fetch;
  }

  /**
   * Makes any call of the interface and gives the answer's JSON; undefined where there is none. What changes
   * something carries an Idempotency-Key, so the market does it once, however often it has to be said. It is said
   * again, a few times and with growing waits, while the market is not reached or asks for a moment (429, 503).
   * @param {string} method
   * @param {string} path such as '/v1/me'; `path` makes one of parts that come from outside
   * @param {unknown} [body] sent as JSON
   * @param {object} [options]
   * @param {string} [options.idempotencyKey] one of your own: the same call again, even by another page, is done once
   * @param {number} [options.version] the version that a change is made to (If-Match)
   * @param {Record<string, unknown>} [options.query] what is undefined or '' is left out
   * @param {AbortSignal} [options.signal] breaks it off
   * @param {number} [options.timeout] milliseconds for each try
   * @param {number} [options.tries]
   * @returns {Promise<any>}
   */
  async call(method, path, body, { idempotencyKey, version, query, signal, timeout = CALL_MS, tries = TRIES } = {}) {
    const headers = this.#headers('application/json, application/problem+json');
    if (method !== 'GET') headers['Idempotency-Key'] = idempotencyKey ?? newKey();
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (version) headers['If-Match'] = `"${version}"`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    for (let n = 1; ; n++) {
      try {
        return await this.#once(this.#address(path, query), { method, headers, body: text, cache: 'no-store' }, timeout, signal);
      } catch (/** @type {any} */ error) {
        if (n >= tries || !repeatable(error)) throw error;
        await pause(Math.max(backoff(n - 1), error.retryAfter * 1000), signal);
      }
    }
  }

  async #once(address, init, timeout, signal) {
    const late = AbortSignal.timeout(timeout);
    try {
      const response = await this.fetch(address, { ...init, signal: signal ? AbortSignal.any([signal, late]) : late });
      return await read(response);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof OutcryError) throw error;
      const why = late.aborted ? `did not answer within ${timeout / 1000} s` : 'is not reached';
      throw new OutcryError(0, 'unreachable', `the market ${why}`, { cause: error });
    }
  }

  #headers(accept) {
    const headers = { Accept: accept };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    return headers;
  }

  #address(path, query = {}) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value].flat()) if (one !== undefined && one !== '') search.append(name, String(one));
    }
    return this.server + path + (search.size ? `?${search}` : '');
  }

  /**
   * Opens an event stream behind a cursor; for follow.
   * @param {string} path
   * @param {number|undefined} after
   * @param {AbortSignal} signal
   */
  stream(path, after, signal) {
    const headers = this.#headers('text/event-stream');
    if (after !== undefined) headers['Last-Event-ID'] = String(after);
    return this.fetch(this.#address(path), { headers, signal, cache: 'no-store' });
  }

  /**
   * Hears what happens at a path of events, each once and in order, until `signal` ends it or `on` throws. Where the
   * line breaks it goes on by itself behind the last event. It fails with what trying again does not mend: the
   * server refuses the path or the token. A `reset` event says that the past is gone: take the state anew.
   * @param {string} path
   * @param {Following} options
   * @returns {Promise<void>}
   */
  follow(path, options) {
    return new Follower(this, path, options).run();
  }

  // Members

  /**
   * Joins as a buyer without an account, and goes on as it. The token is all that the guest has: keep it.
   * @param {string} [name]
   * @param {string} [locale]
   * @returns {Promise<Member>}
   */
  async joinAsGuest(name, locale) {
    const member = await this.call('POST', path`/v1/members`, { guest: true, name, locale });
    this.token = member.token;
    return member;
  }

  /**
   * Signs a member in, and goes on as it.
   * @param {string} email
   * @param {string} password
   * @returns {Promise<Session>}
   */
  async signIn(email, password) {
    const session = await this.call('POST', path`/v1/sessions`, { email, password });
    this.token = session.token;
    return session;
  }

  /** Ends the session, and goes on as a stranger. */
  async signOut() {
    await this.call('DELETE', path`/v1/sessions/current`);
    this.token = '';
  }

  /** @returns {Promise<Member>} who the token is */
  me() { return this.call('GET', path`/v1/me`); }

  // Signals

  /**
   * The codes that words mean, best first.
   * @param {string} q
   * @param {{locale?: string, limit?: number}} [query]
   * @returns {Promise<ItemsHit>}
   */
  signals(q, query) { return this.call('GET', path`/v1/signals`, undefined, { query: { q, ...query } }); }

  /**
   * A code with its names, forms and place in the tree.
   * @param {string} code
   * @param {string} [locale]
   * @returns {Promise<Signal>}
   */
  signal(code, locale) { return this.call('GET', path`/v1/signals/${code}`, undefined, { query: { locale } }); }

  // Requests

  /**
   * How many shops a request could call, and the forms to fill in; none is called.
   * @param {NewRequest} need
   * @returns {Promise<Preview>}
   */
  preview(need) { return this.call('POST', path`/v1/requests/preview`, need); }

  /**
   * Calls out a need. A page that may be loaded again gives an idempotencyKey of its own.
   * @param {NewRequest} need
   * @param {{idempotencyKey?: string}} [options]
   * @returns {Promise<Request>}
   */
  ask(need, options) { return this.call('POST', path`/v1/requests`, need, options); }

  /** @param {string} id @returns {Promise<Request>} */
  request(id) { return this.call('GET', path`/v1/requests/${id}`); }

  /** @param {{limit?: number, after?: string}} [query] @returns {Promise<ItemsRequest>} one's own, newest first */
  requests(query) { return this.call('GET', path`/v1/requests`, undefined, { query: { mine: true, ...query } }); }

  /**
   * How a request stands: its offers in their rank, or ranked in another way.
   * @param {string} id
   * @param {'best'|'price'|'near'|'rating'|'soon'} [rank]
   * @returns {Promise<Board>}
   */
  board(id, rank) { return this.call('GET', path`/v1/requests/${id}/board`, undefined, { query: { rank } }); }

  /**
   * Follows the board of a request. The data of a `reset` is the Board anew; nothing that is on it is told again.
   * @param {string} id
   * @param {Following} options
   * @returns {Promise<void>}
   */
  watch(id, options) {
    const anew = async () => {
      const board = await this.board(id);
      return { type: 'reset', seq: board.seq, data: board };
    };
    return new Follower(this, path`/v1/requests/${id}/events`, options, anew).run();
  }

  /** @param {string} id @returns {Promise<Request>} closed */
  withdraw(id) { return this.call('POST', path`/v1/requests/${id}/withdraw`); }

  /** @param {string} id @param {Extension} extension @returns {Promise<Request>} with a later deadline */
  extend(id, extension) { return this.call('POST', path`/v1/requests/${id}/extend`, extension); }

  /** @param {string} id @param {Widening} widening @returns {Promise<Request>} which calls further shops */
  widen(id, widening) { return this.call('POST', path`/v1/requests/${id}/widen`, widening); }

  /**
   * Turns an offer, in the version that the buyer saw, into an order. Codes to know: offer_changed, offer_expired,
   * offer_withdrawn, already_accepted.
   * @param {string} offer
   * @param {number} version
   * @param {string} [contact] how the shop reaches the buyer
   * @returns {Promise<Order>}
   */
  accept(offer, version, contact) { return this.call('POST', path`/v1/offers/${offer}/accept`, { version, contact }); }

  /** @param {string} request @param {string} shop @returns {Promise<ItemsMessage>} oldest first */
  messages(request, shop, query) {
    return this.call('GET', path`/v1/requests/${request}/threads/${shop}/messages`, undefined, { query });
  }

  /** @param {string} request @param {string} shop @param {string} text @returns {Promise<Message>} to a called shop */
  say(request, shop, text) { return this.call('POST', path`/v1/requests/${request}/threads/${shop}/messages`, { text }); }

  // Orders, for both sides

  /** @param {string} id @returns {Promise<Order>} */
  order(id) { return this.call('GET', path`/v1/orders/${id}`); }

  /**
   * Orders, newest first: a buyer's own, or those of a shop or a request.
   * @param {{mine?: boolean, shop_id?: string, request_id?: string, limit?: number, after?: string}} [query]
   * @returns {Promise<ItemsOrder>}
   */
  orders(query = { mine: true }) { return this.call('GET', path`/v1/orders`, undefined, { query }); }

  /** @param {string} id @returns {Promise<Order>} which the shop will do */
  confirm(id) { return this.call('POST', path`/v1/orders/${id}/confirm`); }

  /** @param {string} id @param {string} reason @returns {Promise<Order>} which the shop will not do */
  refuse(id, reason) { return this.call('POST', path`/v1/orders/${id}/refuse`, { reason }); }

  /** @param {string} id @returns {Promise<Order>} which the shop has done */
  fulfil(id) { return this.call('POST', path`/v1/orders/${id}/fulfil`); }

  /** @param {string} id @returns {Promise<Order>} of which the buyer has what it promised */
  complete(id) { return this.call('POST', path`/v1/orders/${id}/complete`); }

  /** @param {string} id @param {string} reason @returns {Promise<Order>} called off by either side */
  cancel(id, reason) { return this.call('POST', path`/v1/orders/${id}/cancel`, { reason }); }

  /** @param {string} id @param {number} stars 1 to 5 @param {string} [text] @returns {Promise<Rating>} of the other side */
  rate(id, stars, text) { return this.call('POST', path`/v1/orders/${id}/rating`, { stars, text }); }

  // Shops

  /** @param {string} id @returns {Promise<Shop>} */
  shop(id) { return this.call('GET', path`/v1/shops/${id}`); }

  /** @param {{limit?: number, after?: string}} [query] @returns {Promise<ItemsShop>} those that one acts for */
  shops(query) { return this.call('GET', path`/v1/shops`, undefined, { query: { mine: true, ...query } }); }

  /**
   * The calls of a shop, newest first, in one state or in several.
   * @param {string} shop
   * @param {{state?: string|string[], limit?: number, after?: string}} [query]
   * @returns {Promise<ItemsCall>}
   */
  calls(shop, query) { return this.call('GET', path`/v1/shops/${shop}/calls`, undefined, { query }); }

  /**
   * Follows what concerns a shop.
   * @param {string} shop
   * @param {Following} options
   * @returns {Promise<void>}
   */
  hear(shop, options) { return this.follow(path`/v1/shops/${shop}/events`, options); }

  /** @param {string} call @param {Bid} bid @returns {Promise<Offer>} that answers a call */
  offer(call, bid) { return this.call('POST', path`/v1/calls/${call}/offer`, bid); }

  /** @param {string} offer @param {number} version the one seen @param {Bid} bid @returns {Promise<Offer>} anew */
  revise(offer, version, bid) { return this.call('PUT', path`/v1/offers/${offer}`, bid, { version }); }

  /** @param {string} offer @param {number} version the one seen @returns {Promise<Offer>} taken back */
  withdrawOffer(offer, version) { return this.call('DELETE', path`/v1/offers/${offer}`, undefined, { version }); }

  /** @param {string} call @param {string} [reason] @returns {Promise<Call>} refused */
  decline(call, reason) { return this.call('POST', path`/v1/calls/${call}/decline`, { reason }); }

  /** @param {string} call @returns {Promise<ItemsMessage>} oldest first */
  callMessages(call, query) { return this.call('GET', path`/v1/calls/${call}/messages`, undefined, { query }); }

  /** @param {string} call @param {string} text @returns {Promise<Message>} to the buyer */
  sayToBuyer(call, text) { return this.call('POST', path`/v1/calls/${call}/messages`, { text }); }

  /** @param {string} shop @param {Pause} [how] until told otherwise where left out @returns {Promise<Shop>} not called */
  pause(shop, how = {}) { return this.call('POST', path`/v1/shops/${shop}/pause`, how); }

  /** @param {string} shop @returns {Promise<Shop>} that is called again */
  resume(shop) { return this.call('POST', path`/v1/shops/${shop}/resume`); }

  /** @param {string} shop @returns {Promise<Book>} */
  book(shop) { return this.call('GET', path`/v1/shops/${shop}/book`); }

  /** @param {string} shop @param {string[]} codes @returns {Promise<Book>} written anew */
  putBook(shop, codes) { return this.call('PUT', path`/v1/shops/${shop}/book`, { codes }); }
}

/**
 * A path whose parts are escaped: path`/v1/requests/${id}`.
 * @param {TemplateStringsArray} words
 * @param {...string} parts
 */
export function path(words, ...parts) {
  for (const part of parts) {
    if (!part || part === '.' || part === '..') throw new TypeError(`no id: a path of ${words.join('...')} has "${part}"`);
  }
  return words.reduce((made, word, i) => made + encodeURIComponent(parts[i - 1]) + word);
}

/** Whether to say a call again: the market was not reached, or asks for a moment. */
function repeatable(error) {
  if (!(error instanceof OutcryError)) return false;
  if (error.code === 'unreachable' || error.code === 'idempotency_running') return true;
  return [429, 502, 503, 504].includes(error.status) && error.retryAfter <= LONGEST_RETRY_S;
}

/** A key for one thing to be done. crypto.randomUUID is missing on pages that came over plain HTTP. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
