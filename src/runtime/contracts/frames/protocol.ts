/** The frame channel's language: `u32 length, u8 type, payload`, big-endian; events and results stay the JSON text they are. */
import type { Delivery, ImportedModule } from '../../../model/runtime.ts';
import type { CodeCacheTask } from '../../code-cache.ts';

/** Frame types, as in bootstrap/node/line.cjs and bootstrap/bootstrap.py. */
export const FRAME = {
  /** Instance → host: `Hello`. */
  hello: 1,
  /** Host → instance: `Assignment`; the instance becomes a function. */
  assign: 2,
  /** Host → instance: the user's code may be loaded. */
  release: 3,
  /** Instance → host: u32 KB of peak memory, `Ready`. */
  ready: 4,
  /** Instance → host: `InitError`; the process ends. */
  initError: 5,
  /** Host → instance: u32 length of the meta, meta as JSON, event. */
  invoke: 6,
  /** Instance → host: `Usage`, result. */
  result: 7,
  /** Instance → host: `Usage`, `FunctionError`. */
  error: 8,
  /** As `error`; the process ends. */
  fatal: 9,
  /** Instance → host: u8 stream, u8 level (0 = none), text. */
  log: 10,
  /** Both ways on the debug line: one message of the Chrome DevTools Protocol. */
  cdp: 11,
  /** Host → instance: gives back the events it has not begun. */
  recall: 12,
  /** Instance → host: how many events, the last ones it was sent before the recall, it will not begin. */
  recalled: 13,
  /** Instance → host: content type; the event's response is a stream. */
  stream: 14,
  /** Instance → host: bytes of the stream, which `result`, `error` or `fatal` ends. */
  chunk: 15,
  /** Host → instance: so many bytes of the stream have been passed on; see `STREAM_WINDOW_BYTES`. */
  taken: 16,
  /** Host → instance: there is nothing to become yet; with that, reading has been done once. */
  wait: 17,
  /** Host → instance: as `invoke`, before `assign`; see `Ready.began`. */
  early: 18,
  /** Instance → host: bytes of its compiled code. */
  code: 30,
  /** Instance → host: the file name of the code it has sent; without any bytes, there is nothing to keep. */
  codeEnd: 31,
} as const;

export const HEADER_BYTES = 5;

/** `Usage`: u32 KB of peak memory, u32 µs of CPU time of the event. */
export const USAGE_BYTES = 8;

/** So many bytes of a stream may be on their way, sent and not told as taken; as in bootstrap/node/streaming.cjs. */
export const STREAM_WINDOW_BYTES = 256 * 1024;

export interface Hello {
  readonly role: 'main' | 'debug';
  readonly token: string;
  /** It can be sent events while it handles one, and gives them back on `recall`. */
  readonly linesUp?: boolean;
  /** It can be sent an event before it is assigned its function, and an assignment that is held. */
  readonly patient?: boolean;
}

export interface Assignment {
  /** `index.handler`, below `dir`. */
  readonly handler: string;
  /** Absolute folder inside the instance; absent = LAMBDA_TASK_ROOT. */
  readonly dir?: string;
  /** Variables the process was not started with. */
  readonly env?: Readonly<Record<string, string>>;
  /** Start the inspector relay and wait for `release` before the user's code is loaded. */
  readonly debug: boolean;
  /** Compiled code; absent = everything is compiled. */
  readonly cache?: CodeCacheTask;
  /** Wait for `release` before the user's code is loaded. */
  readonly held?: true;
  /** Tell what of the import took how long. */
  readonly measured?: true;
}

export interface Ready {
  readonly initMs: number;
  /** When it was asked for. */
  readonly imports?: readonly ImportedModule[];
  /** The event that was sent before the assignment has begun; without it, the instance has forgotten that event. */
  readonly began?: true;
}

export interface InitError {
  readonly initMs: number;
  /** JSON text, as clients are to get it. */
  readonly error: string;
}

export function encodeFrame(type: number, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32BE(length, 0);
  frame[4] = type;
  frame.write(text, HEADER_BYTES, 'utf8');
  return frame;
}

export function encodeInvoke(delivery: Delivery, type: number = FRAME.invoke): Buffer {
  const meta = JSON.stringify({
    id: delivery.requestId,
    deadline: delivery.deadlineAt,
    arn: delivery.invokedFunctionArn,
    trace: delivery.traceHeader,
    client: delivery.clientContext,
    identity: delivery.identity,
    tenant: delivery.tenantId,
  });
  const metaLength = Buffer.byteLength(meta);
  const eventLength = Buffer.byteLength(delivery.event);
  const length = 4 + metaLength + eventLength;
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32BE(length, 0);
  frame[4] = type;
  frame.writeUInt32BE(metaLength, HEADER_BYTES);
  frame.write(meta, HEADER_BYTES + 4, 'utf8');
  frame.write(delivery.event, HEADER_BYTES + 4 + metaLength, 'utf8');
  return frame;
}
