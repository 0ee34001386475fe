/** Services that read the request and write the answer as a stream: one call, traced by its facts without its bodies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RawApi, RawHead, RawRequest, RestReply } from '../../src/model/service-api.ts';
import { asServiceError } from './failures.ts';
import { callStart, type Services } from './perform.ts';
import type { Router } from './router.ts';
import { ServiceError } from './service-error.ts';
import type { Signature } from './signature.ts';
import { untilDrained } from './until-drained.ts';
import { type Exchange, WireCall } from './wire-call.ts';

export interface RequestHead {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  readonly search: string;
}

/** By the name it is signed for, else whoever claims what nothing marks as another service's. */
export function chooseRaw(
  apis: readonly RawApi[],
  router: Router,
  x: RequestHead,
  signature: Signature,
): RawApi | undefined {
  const service = signature.status === 'signed' ? signature.service : undefined;
  if (service !== undefined) return apis.find((api) => api.service === service);
  const { headers, method = 'GET' } = x.req;
  const isOthers =
    headers['x-amz-target'] !== undefined ||
    headers['smithy-protocol'] !== undefined ||
    /[?&]Action=/.test(x.search) ||
    router.match(method, x.path, undefined) !== undefined;
  return isOthers ? undefined : apis.find((api) => api.claims(headOf(x)));
}

/** Never rejects. */
export async function serveRaw(
  services: Services,
  x: Exchange,
  api: RawApi,
  signature: Signature,
): Promise<void> {
  const head = headOf(x);
  try {
    if (signature.status === 'malformed') throw signature.failure;
    await serveTraced(services, x, api, head);
  } catch (thrown) {
    const where = { service: api.service, operation: x.path, requestId: x.requestId };
    refuse(x, api, head, asServiceError(thrown, where, services.onBug));
  }
}

async function serveTraced(services: Services, x: Exchange, api: RawApi, head: RawHead): Promise<void> {
  const recognised = api.recognise(head);
  const start = callStart(x, api.service, recognised.operation, () => factsOf(head));
  if (recognised.target !== undefined) start.target = recognised.target;
  const open = services.tracer.begin(start);
  const call = new WireCall(x, services.place, api.service, recognised.operation, open.origin);
  try {
    const request: RawRequest = { ...head, body: bodyOf(x.req) };
    const reply = await recognised.serve(request, call);
    await writeReply(x, reply, api.replyHeaders(x.requestId));
    open.end({ status: 'ok', output: () => JSON.stringify({ status: reply.status, ...reply.headers }) });
  } catch (thrown) {
    const failure = isHungUp(x) ? hungUp() : asServiceError(thrown, call, services.onBug);
    const text = refuse(x, api, head, failure);
    open.end({ status: 'error', errorCode: failure.code, output: () => text });
  }
}

function headOf({ req, path, search }: RequestHead): RawHead {
  // Node joins repeated headers; only `set-cookie`, which no request has, would be a list.
  const headers = req.headers as RawHead['headers'];
  return { method: req.method ?? 'GET', path, search, headers };
}

/** Leaving it early must not take the connection down: the answer is still to be written. */
function bodyOf(req: IncomingMessage): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => req.iterator({ destroyOnReturn: false }) };
}

function factsOf({ method, path, search, headers }: RawHead): string {
  const { authorization: _, ...told } = headers;
  return JSON.stringify({ method, path, search, headers: told });
}

const isHungUp = ({ req, res }: Exchange) => res.destroyed || (req.destroyed && !req.complete);
const hungUp = () => new ServiceError('RequestTimeout', 'the caller hung up');

/** Answers the text it wrote. What fails after the head is sent can only be told by tearing the connection. */
function refuse(x: Exchange, api: RawApi, head: RawHead, failure: ServiceError): string {
  if (x.res.headersSent || x.res.destroyed) {
    x.res.destroy();
    return '';
  }
  const reply = api.refusal(failure, head, x.requestId);
  const body = reply.body ?? '';
  x.res.writeHead(reply.status, { ...api.replyHeaders(x.requestId), ...reply.headers });
  x.res.end(body);
  return body.toString();
}

async function writeReply(
  { res }: Exchange,
  reply: RestReply,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { writeBody, body = '' } = reply;
  res.writeHead(reply.status, { ...headers, ...reply.headers });
  if (!writeBody) return void res.end(body);
  await writeBody((bytes) => {
    if (res.destroyed) throw hungUp();
    if (!res.write(bytes)) return untilDrained(res);
  });
  res.end();
}
