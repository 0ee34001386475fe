/** REST with JSON bodies: the route decides, the handler answers status, headers and body. */
import type { RestReply, RestRequest } from '../../src/model/service-api.ts';
import { asServiceError } from './failures.ts';
import { callStart, type Services } from './perform.ts';
import type { Matched } from './router.ts';
import type { ServiceError } from './service-error.ts';
import { untilDrained } from './until-drained.ts';
import { type Exchange, WireCall } from './wire-call.ts';

export async function serveRest(services: Services, x: Exchange, matched: Matched): Promise<void> {
  const { api, route } = matched;
  const request: RestRequest = {
    method: x.req.method ?? 'GET',
    pathParameters: matched.pathParameters,
    query: new URLSearchParams(x.search),
    // Node joins repeated headers; only `set-cookie`, which no request has, would be a list.
    headers: x.req.headers as Readonly<Record<string, string | undefined>>,
    body: x.body,
  };
  const start = callStart(x, api.service, route.operation, () => x.body.toString('utf8'));
  const target = route.targetOf?.(request);
  if (target !== undefined) start.target = target;
  const open = services.tracer.begin(start);
  const call = new WireCall(x, services.place, api.service, route.operation, open.origin);
  try {
    const reply = await route.handle(request, call);
    if (reply.writeBody) await writeInParts(x, reply, reply.writeBody);
    else writeReply(x, reply);
    open.end({ status: 'ok', output: () => reply.body?.toString() ?? '' });
  } catch (thrown) {
    const failure = asServiceError(thrown, call, services.onBug);
    const output = x.res.headersSent ? () => '' : writeRestFailure(x, failure);
    open.end({ status: 'error', errorCode: failure.code, output });
  }
}

function writeReply(x: Exchange, reply: RestReply): void {
  const body = reply.body ?? '';
  const headers: Record<string, string | number> = { 'x-amzn-requestid': x.requestId };
  if (body.length > 0) headers['content-type'] = 'application/json';
  if (reply.status !== 204) headers['content-length'] = Buffer.byteLength(body);
  x.res.writeHead(reply.status, reply.headers ? { ...headers, ...reply.headers } : headers);
  x.res.end(body);
}

/** Whatever fails once the head is sent can only be told by tearing the connection. */
async function writeInParts(
  { res, requestId }: Exchange,
  reply: RestReply,
  writeBody: NonNullable<RestReply['writeBody']>,
): Promise<void> {
  res.writeHead(reply.status, { 'x-amzn-requestid': requestId, ...reply.headers });
  res.flushHeaders();
  try {
    await writeBody((bytes) => {
      if (!res.destroyed && !res.write(bytes)) return untilDrained(res);
    });
    res.end();
  } catch (failure) {
    res.destroy();
    throw failure;
  }
}

/** Answers the text it wrote, for the trace. */
export function writeRestFailure(x: Exchange, failure: ServiceError): () => string {
  const text = JSON.stringify({ message: failure.message, ...failure.fields });
  x.res.writeHead(failure.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': x.requestId,
    'x-amzn-errortype': failure.code,
    ...failure.headers,
  });
  x.res.end(text);
  return () => text;
}
