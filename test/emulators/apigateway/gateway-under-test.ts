/** A running gateway whose functions are plain callbacks, and a raw HTTP client that shows what is on the wire. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { type RunningGateway, startApiGateway } from '../../../emulators/apigateway/index.ts';
import type { DeliverRequest, EmulatorContext } from '../../../src/model/emulator.ts';
import type { Invoked, Outcome } from '../../../src/model/invocation.ts';
import type {
  Cors,
  FunctionUrlTrigger,
  HttpApiTrigger,
  RestApiTrigger,
  Trigger,
} from '../../../src/model/project.ts';
import type { Resource } from '../../../src/model/resources.ts';
import { type FakeClock, makeFakeClock } from '../../../src/std/clock.ts';
import { makeSeededIds } from '../../../src/std/ids.ts';
import { openTemporaryStore } from '../../../src/std/store/store.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, … as sent. */
  readonly rawHeaders: string[];
  readonly body: string;
  readonly bytes: Buffer;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  /** Flat name, value, … list: names keep their case and may repeat. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  /** Ask for the connection to be closed, which makes it Node's server that reads and answers. */
  readonly closes?: boolean;
}

export interface GatewayUnderTest {
  readonly gateway: RunningGateway;
  readonly clock: FakeClock;
  readonly delivered: DeliverRequest[];
  /** Asynchronous ones. */
  readonly enqueued: DeliverRequest[];
  readonly notices: string[];
  /** The last event a function got. */
  event(): Record<string, unknown>;
  /** What functions answer from now on. */
  answer(outcome: Outcome | ((request: DeliverRequest) => Promise<Outcome>)): void;
  ok(result: unknown): void;
  /** Other code of the function is built. */
  rebuild(functionId: string): void;
  /** Its source was saved; nothing is built yet. */
  edit(functionId: string): void;
  send(sent?: Sent): Promise<Reply>;
  close(): Promise<void>;
}

export async function startGatewayUnderTest(
  triggers: readonly Trigger[],
  resources: readonly Resource[] = [],
): Promise<GatewayUnderTest> {
  const clock = makeFakeClock(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  const store = openTemporaryStore();
  const delivered: DeliverRequest[] = [];
  const enqueued: DeliverRequest[] = [];
  const notices: string[] = [];
  const builtListeners: ((functionId: string) => void)[] = [];
  const staleListeners: typeof builtListeners = [];
  let respond: (request: DeliverRequest) => Promise<Outcome> = async () => ({
    status: 'ok',
    payload: '{"statusCode":200,"body":"ok"}',
  });
  const context: EmulatorContext = {
    clock,
    ids: makeSeededIds(7),
    store,
    deliver: async (wanted) => {
      delivered.push(wanted);
      return invoked(await respond(wanted));
    },
    enqueue: (wanted) => {
      enqueued.push(wanted);
      return { requestId: 'unused' };
    },
    onBuilt(listener) {
      builtListeners.push(listener);
      return () => {};
    },
    onStale(listener) {
      staleListeners.push(listener);
      return () => {};
    },
    functions: () => [],
    region: 'eu-central-1',
    accountId: '000000000000',
    folder: 'unused',
    notice: (message) => void notices.push(message),
  };
  const gateway = await startApiGateway(context, { host: '127.0.0.1', port: 0 });
  await gateway.apply(resources, triggers);
  const answer = (outcome: Outcome | ((wanted: DeliverRequest) => Promise<Outcome>)) => {
    respond = typeof outcome === 'function' ? outcome : async () => outcome;
  };
  return {
    gateway,
    clock,
    delivered,
    enqueued,
    notices,
    event: () => JSON.parse(delivered.at(-1)?.event ?? 'null'),
    answer,
    ok: (result) => answer({ status: 'ok', payload: JSON.stringify(result) }),
    rebuild: (functionId) => {
      for (const listener of builtListeners) listener(functionId);
    },
    edit: (functionId) => {
      for (const listener of staleListeners) listener(functionId);
    },
    send: (sent = {}) => send(gateway.listening.port, sent),
    async close() {
      await gateway.close();
      await store.close();
    },
  };
}

function invoked(outcome: Outcome): Invoked {
  return { requestId: 'r', outcome, phases: { queuedMs: 0, handlerMs: 1 }, coldStart: false, logs: [] };
}

const kept = new Agent({ keepAlive: true });

function send(
  port: number,
  { method = 'GET', path = '/', headers = [], body, closes = false }: Sent,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, method, path },
        ...{ agent: closes ? false : kept, headers: [...withHost(headers), ...length] },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            body: bytes.toString(),
            bytes,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function withHost(headers: readonly string[]): string[] {
  const named = headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === 'host');
  return named ? [...headers] : ['Host', 'localhost:3000', ...headers];
}

export function httpRoute(
  method: HttpApiTrigger['method'],
  path: string,
  more: Partial<HttpApiTrigger> = {},
): HttpApiTrigger {
  return {
    kind: 'http-api',
    functionId: `${method} ${path}`,
    method,
    path,
    payloadFormat: '2.0',
    timeoutMs: 30_000,
    ...more,
  };
}

export function restRoute(
  method: RestApiTrigger['method'],
  path: string,
  more: Partial<RestApiTrigger> = {},
): RestApiTrigger {
  return {
    kind: 'rest-api',
    functionId: `${method} ${path}`,
    method,
    path,
    stage: 'dev',
    timeoutMs: 29_000,
    binaryMediaTypes: [],
    ...more,
  };
}

export function urlRoute(functionId: string, more: Partial<FunctionUrlTrigger> = {}): FunctionUrlTrigger {
  return { kind: 'function-url', functionId, ...more };
}

export function corsOf(more: Partial<Cors> = {}): Cors {
  return {
    allowOrigins: ['*'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['content-type'],
    exposeHeaders: [],
    allowCredentials: false,
    ...more,
  };
}

export const failures: Record<string, Outcome> = {
  error: {
    status: 'error',
    phase: 'invoke',
    error: { errorType: 'TypeError', errorMessage: 'x is not a function' },
  },
  crash: { status: 'crash', phase: 'invoke', exitCode: 1, signal: null },
  'out-of-memory': { status: 'out-of-memory', memoryMb: 128 },
  timeout: { status: 'timeout', afterMs: 3000 },
  throttled: { status: 'throttled', reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  unavailable: {
    status: 'unavailable',
    code: 'build-failed',
    reason: 'src/a.ts:3:1: ERROR\n  3 | x',
    hint: 'mend the file',
  },
};
