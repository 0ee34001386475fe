/** The answer to a plain request: head and body in one write to its socket. Spoken to as Node's is. */
import { STATUS_CODES, validateHeaderValue } from 'node:http';
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

  setHeader(name: string, value: string | number): void {
    validateHeaderValue(name, String(value));
    this.#set += `${name}: ${value}\r\n`;
  }

  /** `content-length` is among the headers of every answer there is. */
  writeHead(status: number, headers: Headers): void {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${this.#set}`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    this.#head = `${head}Date: ${now()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${this.#keepAliveSeconds}\r\n\r\n`;
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

  #write(body: string | Buffer): void {
    if (!this.#socket.writable) return;
    if (typeof body === 'string') return void this.#socket.write(this.#head + body, 'utf8');
    this.#socket.cork();
    this.#socket.write(this.#head, 'latin1');
    this.#socket.write(body);
    this.#socket.uncork();
  }
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
