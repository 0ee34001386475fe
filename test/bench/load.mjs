// @ts-check
/** A small keep-alive HTTP load client: raw sockets, one request at a time on each connection. */
import { connect } from 'node:net';

/**
 * @typedef {{ url: string, method?: string, headers?: Record<string, string>, body?: string }} Request
 * @typedef {{ url: string, requests: readonly Buffer[], connections: number, seconds: number, expect?: string }} Loads
 * @typedef {{ requests: number, perSecond: number, p50: number, p99: number, max: number, failures: number }} Figures durations in milliseconds
 */

/**
 * Loads `url` for `seconds` and answers the figures. A status other than 2xx, or a body without `expect`, is a failure.
 * @param {Request & { connections: number, seconds: number, expect?: string }} load
 * @returns {Promise<Figures>}
 */
export function load({ connections, seconds, expect, ...request }) {
  return loadInTurns({
    url: request.url,
    requests: [requestBytes(request)],
    connections,
    seconds,
    ...(expect === undefined ? {} : { expect }),
  });
}

/** A request as it goes over the wire. @param {Request} request */
export function requestBytes({ url, method = 'GET', headers = {}, body = '' }) {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = [
    `${method} ${pathname}${search} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    ...Object.entries(headers).map(([k, v]) => `${k}: ${v}`),
  ];
  if (body) lines.push(`content-length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * The same with several requests to the server of `url`, one after the other over all connections.
 * @param {Loads} load
 * @returns {Promise<Figures>}
 */
export async function loadInTurns({ url, requests, connections, seconds, expect }) {
  const { hostname, port } = new URL(url);
  /** @type {number[]} */
  const times = [];
  let failures = 0;
  let turn = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, () => oneConnection()));
  const elapsed = (performance.now() - startedAt) / 1000;
  return figuresOf(times, elapsed, failures);

  function oneConnection() {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      let sentAt = 0;
      let buffered = Buffer.alloc(0);
      const send = () => {
        sentAt = performance.now();
        if (sentAt >= until) return void socket.end(() => resolve(undefined));
        socket.write(/** @type {Buffer} */ (requests[turn++ % requests.length]));
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
        const answer = wholeAnswer(buffered);
        if (!answer) return;
        buffered = Buffer.alloc(0);
        times.push(performance.now() - sentAt);
        if (
          answer.status < 200 ||
          answer.status > 299 ||
          (expect !== undefined && !answer.body.includes(expect, 0, 'utf8'))
        )
          failures++;
        send();
      });
      socket.on('close', () => resolve(undefined));
    });
  }
}

/**
 * One connection to the server of `url`, for one GET at a time: what is measured is hardly the client's. Asking resolves with
 * the milliseconds until the whole answer was there, and rejects for a status other than 200.
 * @param {string} url
 * @returns {Promise<{ ask(path: string): Promise<number>, close(): void }>}
 */
export async function openConnection(url) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise((yes, no) => socket.once('connect', yes).once('error', no));
  // `close` tells of it.
  socket.on('error', () => {});
  const ask = (/** @type {string} */ path) =>
    new Promise((yes, no) => {
      let buffered = Buffer.alloc(0);
      const request = requestBytes({ url: url + path });
      const startedAt = performance.now();
      const onGone = () => no(new Error(`${url} hung up`));
      const onData = (/** @type {Buffer} */ chunk) => {
        buffered = Buffer.concat([buffered, chunk]);
        const answer = wholeAnswer(buffered);
        if (!answer) return;
        const spent = performance.now() - startedAt;
        socket.off('data', onData).off('close', onGone);
        if (answer.status === 200) yes(spent);
        else no(new Error(`${url}${path} answered ${answer.status}`));
      };
      socket.on('data', onData).once('close', onGone);
      socket.write(request);
    });
  return { ask, close: () => socket.destroy() };
}

/** @param {number[]} times milliseconds @param {number} elapsed seconds @param {number} failures @returns {Figures} */
export function figuresOf(times, elapsed, failures) {
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return {
    requests: times.length,
    perSecond: times.length / elapsed,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    failures,
  };
}

/**
 * @param {Buffer} buffer
 * @returns {{ status: number, body: Buffer } | undefined} undefined while the answer is not all there
 */
function wholeAnswer(buffer) {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = buffer.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length)
    return buffer.length >= end + 4 + Number(length[1])
      ? { status, body: buffer.subarray(end + 4) }
      : undefined;
  if (/\r\ntransfer-encoding: *chunked/i.test(head))
    return buffer.subarray(-5).toString() === '0\r\n\r\n'
      ? { status, body: buffer.subarray(end + 4) }
      : undefined;
  return { status, body: Buffer.alloc(0) };
}
