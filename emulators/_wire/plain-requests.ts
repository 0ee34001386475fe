/** Answers plain requests straight from their socket, at half the cost of Node's server, which gets any connection as soon as it asks for more. */
import type { Socket } from 'node:net';
import { type PlainHead, readPlainHead } from './plain-head.ts';
import { PlainResponse } from './plain-response.ts';

export interface PlainHandler {
  readonly maxBodyBytes: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number;
  /** False = Node's server shall have it, and all that follows on the connection. */
  takes(head: PlainHead): boolean;
  serve(head: PlainHead, body: Buffer, response: PlainResponse, socket: Socket): void;
}

const NONE: Buffer = Buffer.alloc(0);

/** `first` are the bytes read of the connection so far. `leave` is called at most once, with those not used: from then on it is the caller's. */
export function servePlainly(
  socket: Socket,
  first: Buffer,
  handler: PlainHandler,
  leave: (rest: Buffer) => void,
): void {
  /** Bytes not used yet; in parts while a body is awaited. */
  let parts: Buffer[] = [];
  let held = 0;
  /** The request whose body is awaited. */
  let head: PlainHead | undefined;
  let answering: PlainResponse | undefined;
  let isTaking = false;

  const use = (bytes: Buffer) => {
    parts = bytes.length > 0 ? [bytes] : [];
    held = bytes.length;
  };
  const whole = (): Buffer => {
    const [only = NONE] = parts;
    return parts.length < 2 ? only : Buffer.concat(parts, held);
  };

  const quit = () => {
    socket.off('data', onData).off('end', onEnd).off('close', onClose).off('timeout', onTimeout);
    socket.off('error', ignore);
    socket.setTimeout(0);
    leave(whole());
  };

  const ended = () => {
    answering = undefined;
    if (socket.isPaused()) socket.resume();
    if (!isTaking && held > 0) take();
  };

  /** Serves what is there, one request after the other. */
  const take = () => {
    isTaking = true;
    while (!answering && held > 0) {
      if (!head) {
        const bytes = whole();
        use(bytes);
        head = readPlainHead(bytes);
        if (!head || head.bodyBytes > handler.maxBodyBytes || !handler.takes(head)) return quit();
      }
      const request = head;
      const { headBytes, bodyBytes } = request;
      const end = headBytes + bodyBytes;
      if (held < end) break;
      const bytes = whole();
      use(bytes.subarray(end));
      head = undefined;
      answering = new PlainResponse(socket, handler.keepAliveMs / 1000, ended);
      handler.serve(request, bytes.subarray(headBytes, end), answering, socket);
    }
    isTaking = false;
  };

  const onData = (chunk: Buffer) => {
    parts.push(chunk);
    held += chunk.length;
    // The next request waits for the answer to this one, as it would in Node's server.
    if (answering) socket.pause();
    else take();
  };
  const onEnd = () => void socket.end();
  const onClose = () => answering?.hungUp();
  const onTimeout = () => {
    if (!answering) socket.destroy();
  };

  socket.on('data', onData).on('end', onEnd).on('close', onClose).on('timeout', onTimeout);
  socket.on('error', ignore);
  socket.setTimeout(handler.keepAliveMs);
  onData(first);
}

/** What comes of it is told by `close`. */
const ignore = () => {};
