// What outcry.js makes of answers, and how it waits before it asks again.

/** @import {ProblemField} from './shapes.js' */

const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 15_000;

/** What a market refused, or why it was not reached. */
export class OutcryError extends Error {
  /**
   * @param {number} status the HTTP status; 0 where there was no whole answer
   * @param {string} code a stable word: those of docs/errors.md, 'unreachable' or 'foreign_answer'
   * @param {string} detail what is wrong, for people
   * @param {{fields?: ProblemField[], requestId?: string, retryAfter?: number, cause?: unknown}} [more]
   */
  constructor(status, code, detail, { fields = [], requestId = '', retryAfter = 0, cause } = {}) {
    super(detail || code, { cause });
    this.name = 'OutcryError';
    this.status = status;
    this.code = code;
    this.detail = detail;
    /** What is wrong with each part of the input: `{location: 'body.place.lat', message}`. */
    this.fields = fields;
    /** Names the call in the server's log. */
    this.requestId = requestId;
    /** The wait that the server asks for, in seconds; 0 where it asks for none. */
    this.retryAfter = retryAfter;
  }
}

/** The JSON of an answer, or the error that it tells. */
export async function read(response) {
  const text = await response.text();
  if (!response.ok) throw refusal(response, text);
  if (response.status === 204) return undefined;
  if (media(response) !== '' && !media(response).includes('json')) throw foreign(response, 'is not JSON');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OutcryError(0, 'unreachable', 'the answer broke off', { cause });
  }
}

function refusal(response, text) {
  const retryAfter = Number(response.headers.get('Retry-After')) || 0;
  try {
    const { code, detail, title, errors, request_id: requestId } = JSON.parse(text);
    if (code) return new OutcryError(response.status, code, detail || title, { fields: errors, requestId, retryAfter });
  } catch { /* no problem report: told below */ }
  return foreign(response, 'is no problem report', retryAfter);
}

export function foreign(response, what, retryAfter = 0) {
  const detail = `the answer (${response.status}) ${what}; is this the address of an Outcry market?`;
  return new OutcryError(response.status, 'foreign_answer', detail, { retryAfter });
}

/** The media type of an answer; '' where it has none. */
export const media = (response) => response.headers.get('Content-Type') ?? '';

/** Between half of it and all of it, so that many that were cut off together do not return together. */
export const chance = (ms) => ms / 2 + Math.random() * ms / 2;

/** The wait after so many tries, in milliseconds: longer each time. */
export const backoff = (times) => chance(Math.min(FIRST_WAIT_MS * 2 ** Math.min(times, 10), LAST_WAIT_MS));

/** Waits, unless the signal ends it; then it fails with the signal's reason. */
export function pause(ms, signal) {
  return /** @type {Promise<void>} */ (new Promise((done, fail) => {
    signal?.throwIfAborted();
    const leave = () => { clearTimeout(timer); fail(signal.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener('abort', leave); done(); }, ms);
    signal?.addEventListener('abort', leave, { once: true });
  }));
}
