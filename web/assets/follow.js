// How outcry.js follows events: by a stream that goes on where it broke off, or by long polls.

import { OutcryError, backoff, chance, foreign, media, pause, read } from './answer.js';

/**
 * Something that happened. `seq` is the cursor behind it: going on with `after: seq` misses nothing and repeats
 * nothing. `type` and `data` are told in docs/javascript.md.
 * @typedef {{type: string, seq: number, data: any}} OutcryEvent
 */

/**
 * How to follow. `on` hears each event once and in order; the next one waits until its promise is kept, and what it
 * throws ends the following. `onState` hears 'live' when the line first stands, 'lost' with the reason when it broke,
 * and 'back' when it stands again.
 * @typedef {object} Following
 * @property {number} [after] the cursor behind which the events begin; left out, a request's from its start, and a
 *   shop's from a hello and the calls that wait
 * @property {(event: OutcryEvent) => unknown} on
 * @property {(state: 'live'|'lost'|'back', why?: unknown) => unknown} [onState]
 * @property {AbortSignal} [signal] ends it
 * @property {number} [silence] after so many milliseconds without a sign of life the line counts as broken: 40,000
 * @property {number} [opening] so many milliseconds a stream may take to begin, then it is long polled: 10,000
 */

const SILENCE_MS = 40_000; // a server gives a sign of life every 15 s
const OPENING_MS = 10_000;
const POLL_S = 25;
const POLLS_FOR_MS = 600_000; // then a stream is tried again
const MAX_EVENT = 4 << 20; // characters

/** What ended a connection that carries no stream. */
const STALLED = new OutcryError(0, 'unreachable', 'the stream did not begin');

/** What the page's own code threw while it was told something. */
class Thrown extends Error {}

/** One follow on its way. */
export class Follower {
  #client; #path; #options; #anew;
  #after; // the cursor; undefined before the first
  #held = []; // events without a cursor, told with the next that has one: what was cut short comes again
  #state = '';
  #tries = 0;
  #least = 0; // the wait that the server asks for, in milliseconds
  #pollsUntil = 0;
  #polled = false; // a poll came through

  constructor(client, path, options, anew = async (event) => event) {
    this.#client = client;
    this.#path = path;
    this.#options = { silence: SILENCE_MS, opening: OPENING_MS, ...options };
    this.#anew = anew;
    this.#after = options.after;
  }

  get #signal() { return this.#options.signal; }

  /** Follows until the signal ends it, or with the error that ends it. */
  async run() {
    try {
      while (!this.#signal?.aborted) await this.#connect();
    } catch (error) {
      if (error instanceof Thrown) throw error.cause;
      if (!this.#signal?.aborted) throw error;
    }
  }

  /** Follows until the connection breaks, and waits a little. */
  async #connect() {
    try {
      await (Date.now() < this.#pollsUntil ? this.#poll() : this.#stream());
    } catch (error) {
      if (error instanceof Thrown || this.#signal?.aborted || final(error)) throw error;
      this.#held = [];
      this.#polled = false;
      this.#pollsUntil = error === STALLED ? Date.now() + POLLS_FOR_MS : 0;
      if (error !== STALLED) await this.#lost(error);
    }
  }

  async #lost(error) {
    await this.#say('lost', error);
    const least = Math.max(this.#least, error.retryAfter * 1000);
    await pause(Math.max(backoff(this.#tries++), chance(least)), this.#signal);
  }

  /** Follows until the connection breaks; ends by failing only. */
  async #stream() {
    const cut = new AbortController();
    const leave = () => cut.abort(this.#signal.reason);
    this.#signal?.addEventListener('abort', leave);
    const { silence, opening } = this.#options;
    let watchdog = setTimeout(() => cut.abort(STALLED), opening);
    try {
      const response = await this.#client.stream(this.#path, this.#after, cut.signal);
      const chunks = await events(response);
      const text = new EventText();
      for (const decoder = new TextDecoder(); ;) {
        const { done, value } = await chunks.read();
        clearTimeout(watchdog);
        if (done) throw new OutcryError(0, 'unreachable', 'the market ended the stream');
        await this.#say('live');
        for (const event of text.take(decoder.decode(value, { stream: true }))) await this.#take(event);
        if (text.past !== undefined) await this.#pass(text.past);
        this.#least = text.retry;
        watchdog = setTimeout(() => cut.abort(new OutcryError(0, 'unreachable', `the market said nothing for ${silence / 1000} s`)), silence);
      }
    } catch (error) {
      if (cut.signal.aborted) throw cut.signal.reason;
      if (error instanceof OutcryError || error instanceof Thrown) throw error;
      throw new OutcryError(0, 'unreachable', 'the market is not reached', { cause: error });
    } finally {
      clearTimeout(watchdog);
      this.#signal?.removeEventListener('abort', leave);
      cut.abort();
    }
  }

  /** Hears by one long poll; the first is short, to see whether polls come through. */
  async #poll() {
    const wait = this.#polled ? POLL_S : 0;
    const began = Date.now();
    const page = await this.#client.call('GET', this.#path, undefined, {
      query: { after: this.#after, wait: `${wait}s` }, timeout: wait * 1000 + this.#options.opening, tries: 1, signal: this.#signal,
    });
    this.#polled = true;
    await this.#say('live');
    if (page.reset) await this.#take({ type: 'reset', seq: page.next, data: { seq: page.next } });
    for (const { type, seq = 0, data } of page.items) await this.#take({ type, seq, data });
    await this.#pass(page.next);
    const hasty = wait > 0 && page.items.length === 0 && Date.now() - began < 1000; // a server that is stopping
    if (hasty) await pause(chance(2000), this.#signal);
  }

  /** Tells an event, unless it was told before. */
  async #take(event) {
    this.#signal?.throwIfAborted();
    if (!event.seq) {
      this.#held.push(event);
      return;
    }
    if (event.type === 'reset') {
      const reset = await this.#anew(event);
      this.#held = [];
      this.#after = reset.seq;
      await this.#tell(reset);
    } else if (this.#after === undefined || event.seq > this.#after) {
      await this.#pass(event.seq);
      await this.#tell(event);
    }
  }

  /** Moves the cursor on. */
  async #pass(seq) {
    this.#tries = 0;
    for (const event of this.#held.splice(0)) await this.#tell(event);
    this.#after = Math.max(seq, this.#after ?? 0);
  }

  async #tell(event) {
    this.#signal?.throwIfAborted();
    await own(() => this.#options.on(event));
  }

  async #say(state, why) {
    if ((state === 'lost') === (this.#state === 'lost') && this.#state !== '') return;
    const told = state === 'live' && this.#state === 'lost' ? 'back' : state;
    this.#state = told;
    await own(() => this.#options.onState?.(told, why));
  }
}

/** Reads server-sent events out of text that comes in pieces (the HTML standard, 9.2.6). */
class EventText {
  /** The cursor behind all that came whole; undefined where there was none. */
  past;
  /** The wait that the server asks for before coming again, in milliseconds. */
  retry = 0;
  #rest = '';
  #id = '';
  #type = '';
  #data = [];

  /** @param {string} text @returns {Generator<OutcryEvent>} */
  *take(text) {
    const all = this.#rest + text;
    const end = all.endsWith('\r') ? all.length - 1 : all.length; // its LF may be to come
    const lines = all.slice(0, end).split(/\r\n|[\r\n]/);
    this.#rest = lines.pop() + all.slice(end);
    if (this.#rest.length > MAX_EVENT) throw new OutcryError(0, 'unreachable', 'an event is longer than 4 MiB');
    for (const line of lines) {
      if (line !== '') this.#field(line);
      else yield* this.#event();
    }
  }

  #field(line) {
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === 'data') this.#data.push(value);
    if (name === 'event') this.#type = value;
    if (name === 'id' && /^\d+$/.test(value)) this.#id = value;
    if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }

  *#event() {
    const [id, type, data] = [this.#id, this.#type || 'message', this.#data];
    [this.#id, this.#type, this.#data] = ['', '', []];
    if (data.length) yield { type, seq: Number(id), data: json(data.join('\n')) };
    if (id !== '') this.past = Number(id);
  }
}

/** The chunks of an event stream, or the error of an answer that is none. */
async function events(response) {
  if (!response.ok) await read(response);
  if (!media(response).startsWith('text/event-stream')) throw foreign(response, 'is no event stream');
  if (!response.body?.getReader) throw STALLED; // a browser that cannot stream
  return response.body.getReader();
}

/** The data of an event; one that cannot be read would not be readable the next time either. */
function json(text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Thrown('', { cause: new OutcryError(0, 'foreign_answer', 'an event is not JSON', { cause }) });
  }
}

/** Runs the page's own code, whose failures are its own. */
async function own(run) {
  try {
    await run();
  } catch (cause) {
    throw new Thrown('', { cause });
  }
}

/** Whether following again is of no use: what was asked, or who asks, is refused. */
const final = (error) => [400, 401, 403, 404, 413, 422].includes(error.status);
