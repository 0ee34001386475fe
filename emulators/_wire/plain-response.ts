/** The answer to a plain request: head and body in one write to its socket. Spoken to as Node's is. */
import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';

type Headers = Readonly<Record<string, string | number>>;

export class PlainResponse {
  headersSent = false;
  writableEnded = false;
  readonly #socket: Socket;
  readonly #keepAliveSeconds: number;
  readonly #ended: () => void;
  #head = '';
  #set = '';
  /** Whether the status allows for a body. */
  #hasBody = true;
  /** Of the body, as the headers say it. */
  #bytes: string | number | undefined;
  #whenClosed: (() => void)[] | undefined;

  /** `ended` is told once the answer is handed to the socket. */
  constructor(socket: Socket, keepAliveSeconds: number, ended: () => void) {
    this.#socket = socket;
    this.#keepAliveSeconds = keepAliveSeconds;
    this.#ended = ended;
  }

  get writableFinished(): boolean {
    return this.writableEnded;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  setHeader(name: string, value: string | number): void {
    validateHeaderValue(name, String(value));
    this.#set += `${name}: ${value}\r\n`;
  }

  /**
   * `content-length` is among the headers of every answer that may have a body. A list (name, value, name, value) is checked
   * as Node does; throws what Node throws.
   */
  writeHead(status: number, headers: Headers | readonly string[]): void {
    const lines = isList(headers) ? this.#checked(status, headers) : linesOf(headers);
    const first = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
    this.#head = `${first}${this.#set}${lines}Connection: keep-alive\r\nKeep-Alive: timeout=${this.#keepAliveSeconds}\r\n\r\n`;
    if (!isList(headers)) this.#bytes = headers['content-length'];
    this.#hasBody = status >= 200 && status !== 204 && status !== 304;
    this.headersSent = true;
  }

  end(body: string | Buffer = ''): void {
    if (this.writableEnded) return;
    this.writableEnded = true;
    this.#write(body);
    this.#ended();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  once(_event: 'close', listener: () => void): void {
    this.#whenClosed ??= [];
    this.#whenClosed.push(listener);
  }

  /** The connection is gone. */
  hungUp(): void {
    for (const listener of this.#whenClosed ?? []) listener();
  }

  #checked(status: number, headers: readonly string[]): string {
    if (!(status >= 100 && status <= 999)) throw new RangeError(`Invalid status code: ${status}`);
    let [lines, isDated] = ['', false];
    for (let i = 0; i < headers.length; i += 2) {
      const [name = '', value = ''] = [headers[i], headers[i + 1]];
      if (!NAME.test(name)) validateHeaderName(name);
      if (!VALUE.test(value)) validateHeaderValue(name, value);
      isDated ||= name.length === 4 && name.toLowerCase() === 'date';
      lines += `${name}: ${value}\r\n`;
    }
    return isDated ? lines : `${lines}Date: ${now()}\r\n`;
  }

  /** Headers beyond ASCII go as Node sends them: with a text as UTF-8, otherwise a byte each. */
  #write(body: string | Buffer): void {
    if (!this.#socket.writable) return;
    if (!this.#hasBody || body.length === 0) return void this.#socket.write(this.#head, 'latin1');
    if (typeof body === 'string') {
      // As many bytes as characters: ASCII, which is written with less work.
      const isPlain = this.#bytes === body.length && ASCII.test(this.#head);
      return void this.#socket.write(this.#head + body, isPlain ? 'latin1' : 'utf8');
    }
    this.#socket.cork();
    this.#socket.write(this.#head, 'latin1');
    this.#socket.write(body);
    this.#socket.uncork();
  }
}

/** Of which every character may stand in a header as it is. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e]*$/;
const ASCII = /^[\t\r\n\x20-\x7e]*$/;

function isList(headers: Headers | readonly string[]): headers is readonly string[] {
  return Array.isArray(headers);
}

function linesOf(headers: Headers): string {
  let lines = '';
  for (const name in headers) lines += `${name}: ${headers[name]}\r\n`;
  return `${lines}Date: ${now()}\r\n`;
}

let date = '';
let dateSecond = 0;

/** Clients correct their clock by it, so it is the true time, as in Node's answers. */
function now(): string {
  const at = new Date();
  const second = Math.floor(at.getTime() / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    date = at.toUTCString();
  }
  return date;
}
