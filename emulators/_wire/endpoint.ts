/** The one AWS endpoint: an HTTP server that decodes every AWS protocol and calls the emulators by name. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Ids } from '../../src/model/platform.ts';
import type { ServiceApi } from '../../src/model/service-api.ts';
import type { CallTracer } from '../../src/model/tracing.ts';
import { makeClosers } from '../../src/std/closers.ts';
import { codeOf, SlsError } from '../../src/std/errors.ts';
import { type Listening, listen } from '../../src/std/listen.ts';
import { makeBrowserGuard } from './browser-guard.ts';
import { shareConnections } from './connections.ts';
import { type Directory, makeDirectoryCache } from './directory.ts';
import { dispatch } from './dispatch.ts';
import { asServiceError, bodyTooLarge, type OnBug } from './failures.ts';
import { serveHealth } from './health.ts';
import type { Services } from './perform.ts';
import type { PlainHead } from './plain-head.ts';
import type { PlainHandler } from './plain-requests.ts';
import { chooseRaw, type RequestHead, serveRaw } from './raw-protocol.ts';
import { readBody } from './read-body.ts';
import { writeRestFailure } from './rest-protocol.ts';
import { readSignature, type Signature } from './signature.ts';
import type { Exchange } from './wire-call.ts';

export interface EndpointOptions {
  /** The services that run now; asked per request, so that they may come and go. */
  readonly apis: () => readonly ServiceApi[];
  readonly tracer: CallTracer;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Further addresses, e.g. the container bridge's gateway; each gets the same port, or any free one where that is taken. */
  readonly extraHosts?: readonly string[];
  /** Gets every request under `/_sls-local/` first, body unread; true = it answers. */
  readonly fallback?: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Told of exceptions that are our mistake. Default: a line on stderr. */
  readonly onBug?: OnBug;
}

export interface Endpoint {
  readonly listening: Listening;
  readonly extra: readonly Listening[];
  close(): Promise<void>;
}

/** Any request fits in this, except those to services that read bodies themselves: a function's package of 50 MB is 67 MB of base64. */
const MAX_BODY_BYTES = 72 * 1024 * 1024;
/** Longer than clients keep an idle connection, so that they never write into one we are closing. */
const KEEP_ALIVE_MS = 75_000;

export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { port, host = '127.0.0.1' } = options;
  const closers = makeClosers();
  const door = makeDoor(options);
  const open = async (address: string, at: number) => {
    const server = makeServer(door);
    const listening = await listen(server, {
      host: address,
      port: at,
      purpose: 'the AWS endpoint',
      flag: '--aws-port',
    });
    closers.add(() => listening.close());
    return listening;
  };

  const listening = await open(host, port);
  try {
    const extra: Listening[] = [];
    for (const address of options.extraHosts ?? [])
      extra.push(await openBeside(open, address, listening.port));
    return { listening, extra, close: () => closers.close() };
  } catch (failure) {
    await closers.close();
    throw failure;
  }
}

type Open = (address: string, port: number) => Promise<Listening>;

async function openBeside(open: Open, address: string, port: number): Promise<Listening> {
  try {
    return await open(address, port);
  } catch (failure) {
    if (failure instanceof SlsError && failure.code === 'port-taken') return open(address, 0);
    throw failure;
  }
}

function makeServer({ handler, plain }: Door): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, handler);
  shareConnections(server, plain, handler);
  server.headersTimeout = KEEP_ALIVE_MS + 5000;
  server.on('clientError', (failure, socket) => {
    if (codeOf(failure) === 'ECONNRESET' || !socket.writable) return;
    socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  return server;
}

/** What comes in: any request, and those whose bytes need no more than a look. */
interface Door {
  handler(req: IncomingMessage, res: ServerResponse): void;
  readonly plain: PlainHandler;
}

function makeDoor(options: EndpointOptions): Door {
  const { ids, fallback, region, accountId, host = '127.0.0.1', onBug = reportBug } = options;
  const directory = makeDirectoryCache(options.apis);
  const guard = makeBrowserGuard();
  const services: Services = {
    tracer: options.tracer,
    place: { region, accountId, url: `http://${host}:${options.port}` },
    ids,
    onBug,
  };

  const handler: Door['handler'] = (req, res) => {
    if (guard.refuses(req, res)) return;
    const url = req.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const search = mark < 0 ? '' : url.slice(mark);
    const isControl = path.startsWith('/_sls-local/');
    if (!isControl && streams(services, directory(), { req, res, path, search })) return;
    if (guard.admits(req, res)) return;
    if (isControl && fallback?.(req, res)) return;

    readBody(req, MAX_BODY_BYTES, (body) => {
      const signature = readSignature(req.headers.authorization, search);
      const accessKeyId = signature.status === 'signed' ? signature.accessKeyId : undefined;
      const x = { req, res, body: body ?? EMPTY, path, search, requestId: ids.uuid(), accessKeyId };
      if (!body) return void writeRestFailure(x, bodyTooLarge(MAX_BODY_BYTES));
      const now = directory();
      // A signed `GET /` is a call: S3's ListBuckets.
      if (signature.status === 'none' && search === '' && serveHealth(req.method, path, now.services, res))
        return;
      answer(services, now, x, signature);
    });
  };

  const plain: PlainHandler = {
    maxBodyBytes: MAX_BODY_BYTES,
    keepAliveMs: KEEP_ALIVE_MS,
    takes: (head) => isPlainCall(directory(), head),
    serve({ headers, method, url }, body, response) {
      // Operations in JSON, whose answers are whole, need no more of Node's request and response than this.
      const req = { headers, method, url } as unknown as IncomingMessage;
      const res = response as unknown as ServerResponse;
      if (guard.refuses(req, res)) return;
      const signature = readSignature(headers.authorization, '');
      const accessKeyId = signature.status === 'signed' ? signature.accessKeyId : undefined;
      const x = { req, res, body, path: '/', search: '', requestId: ids.uuid(), accessKeyId };
      answer(services, directory(), x, signature);
    },
  };

  return { handler, plain };
}

/** A call in JSON of an operation whose answer is no stream, and not from a page, which needs CORS headers. */
function isPlainCall(directory: Directory, { method, url, headers }: PlainHead): boolean {
  if (method !== 'POST' || url !== '/' || headers['content-length'] === undefined) return false;
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return false;
  const target = headers['x-amz-target'];
  if (target === undefined || !headers['content-type']?.startsWith('application/x-amz-json-1.')) return false;
  const dot = target.lastIndexOf('.');
  const api = directory.byTarget(target.slice(0, Math.max(0, dot)));
  return api !== undefined && !(api.eventStreams && Object.hasOwn(api.eventStreams, target.slice(dot + 1)));
}

/** True when the request is for a service that reads the body itself. */
function streams(services: Services, { raw, router }: Directory, head: RequestHead): boolean {
  if (raw.length === 0) return false;
  const { req, res, path, search } = head;
  const signature = readSignature(req.headers.authorization, search);
  const api = chooseRaw(raw, router, head, signature);
  if (!api) return false;
  const accessKeyId = signature.status === 'signed' ? signature.accessKeyId : undefined;
  const x = { req, res, body: EMPTY, path, search, requestId: services.ids.uuid(), accessKeyId };
  void serveRaw(services, x, api, signature);
  return true;
}

/** Our own mistake outside any operation must neither crash the session nor leave the caller waiting. */
function answer(services: Services, directory: Directory, x: Exchange, signature: Signature): void {
  const fail = (thrown: unknown) => {
    const where = { service: 'wire', operation: x.path, requestId: x.requestId };
    const failure = asServiceError(thrown, where, services.onBug);
    if (x.res.headersSent) x.res.destroy();
    else writeRestFailure(x, failure);
  };
  try {
    dispatch(services, directory, x, signature)?.catch(fail);
  } catch (thrown) {
    fail(thrown);
  }
}

const EMPTY = Buffer.alloc(0);

const reportBug: OnBug = (thrown, { service, operation }) => {
  process.stderr.write(
    `sls-local: bug in ${service} ${operation}: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`,
  );
};
