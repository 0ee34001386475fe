/** Sends one request to the protocol and service it is for. */
import type { JsonApi } from '../../src/model/service-api.ts';
import { cborWriter, serveCbor } from './cbor-protocol.ts';
import type { Directory } from './directory.ts';
import { notEmulated, notJson, unknownOperation } from './failures.ts';
import { jsonWriter, serveJson } from './json-protocol.ts';
import type { Services } from './perform.ts';
import { queryWriter, readForm, serveQuery } from './query-protocol.ts';
import { escapeXml } from './query-xml.ts';
import { serveRest, writeRestFailure } from './rest-protocol.ts';
import type { ServiceError } from './service-error.ts';
import type { Signature } from './signature.ts';
import type { Exchange } from './wire-call.ts';

type Served = Promise<void> | void;

/** Answers every request it is given. A promise settles when the answer is written. */
export function dispatch(
  services: Services,
  directory: Directory,
  x: Exchange,
  signature: Signature,
): Served {
  const service = signature.status === 'signed' ? signature.service : undefined;
  const target = x.req.headers['x-amz-target'];
  if (typeof target === 'string') return toTarget(services, directory, x, signature, service, target);

  const rpc = x.req.headers['smithy-protocol'] === 'rpc-v2-cbor' && RPC_PATH.exec(x.path);
  if (rpc) return toRpc(services, directory, x, signature, service, rpc[1] ?? '', rpc[2] ?? '');

  const form = readForm(x);
  const action = form?.get('Action');
  if (form && action) return toQuery(services, directory, x, signature, service, form, action);

  const matched = directory.router.match(x.req.method ?? 'GET', x.path, service);
  if (signature.status === 'malformed') return void writeRestFailure(x, signature.failure);
  if (matched) return serveRest(services, x, matched);
  return toNothing(directory, x, service);
}

const RPC_PATH = /\/service\/([\w.]+)\/operation\/(\w+)$/;

function toRpc(
  services: Services,
  directory: Directory,
  exchange: Exchange,
  signature: Signature,
  service: string | undefined,
  target: string,
  operation: string,
): Served {
  const api = directory.byTarget(target);
  const x = identified(services, exchange, api);
  const refuse = (failure: ServiceError) => void cborWriter(x, api).failure(failure);
  if (signature.status === 'malformed') return refuse(signature.failure);
  if (api) return serveCbor(services, x, api, operation);
  return refuse(notEmulated(service ?? target, directory.services));
}

function toTarget(
  services: Services,
  directory: Directory,
  exchange: Exchange,
  signature: Signature,
  service: string | undefined,
  target: string,
): Served {
  const dot = target.lastIndexOf('.');
  const prefix = target.slice(0, Math.max(0, dot));
  const api = directory.byTarget(prefix);
  const x = identified(services, exchange, api);
  const isCbor = x.req.headers['content-type']?.startsWith('application/x-amz-cbor-1.1') ?? false;
  const refuse = (failure: ServiceError) =>
    void (isCbor ? cborWriter(x, api, '1.1') : jsonWriter(x, api?.jsonVersion ?? '1.0', api ?? {})).failure(
      failure,
    );
  if (signature.status === 'malformed') return refuse(signature.failure);
  if (api && isCbor) return serveCbor(services, x, api, target.slice(dot + 1), '1.1');
  if (api) return serveJson(services, x, api, target.slice(dot + 1));
  const name = service ?? prefix;
  return refuse(
    name === '' || directory.byService(name)
      ? unknownOperation(target)
      : notEmulated(name, directory.services),
  );
}

/** With a request id of the form the service gives. */
function identified(services: Services, x: Exchange, api: JsonApi | undefined): Exchange {
  return api?.makeRequestId ? { ...x, requestId: api.makeRequestId(services.ids) } : x;
}

function toQuery(
  services: Services,
  directory: Directory,
  x: Exchange,
  signature: Signature,
  service: string | undefined,
  form: URLSearchParams,
  action: string,
): Served {
  const api = directory.byQuery(service, form.get('Version'), action);
  if (signature.status === 'malformed') return void queryWriter(x, api, action).failure(signature.failure);
  if (api) return serveQuery(services, x, api, action, form);
  return void queryWriter(x, undefined, action).failure(
    notEmulated(service ?? `of the operation ${action}`, directory.services),
  );
}

/** Nothing fits: say what was understood of it, as JSON where JSON was sent. */
function toNothing(directory: Directory, x: Exchange, service: string | undefined): void {
  if (service !== undefined && !directory.byService(service)) {
    const failure = notEmulated(service, directory.services);
    return void (XML_SERVICES.has(service) ? writeXmlFailure(x, failure) : writeRestFailure(x, failure));
  }
  const json = /^\s*(application\/(?:json|x-amz-json-1\.[01]))\s*(;|$)/.exec(
    x.req.headers['content-type'] ?? '',
  );
  if (x.req.method === 'POST' && json) return void jsonWriter(x, '1.0', {}).failure(withoutTarget(x));
  const text = '<UnknownOperationException/>\n';
  x.res.writeHead(404, { 'content-length': text.length, 'x-amzn-requestid': x.requestId });
  x.res.end(text);
}

/** Services whose clients read errors as XML alone. */
const XML_SERVICES: ReadonlySet<string> = new Set(['s3', 'route53', 'cloudfront']);

function writeXmlFailure(x: Exchange, { code, message, status }: ServiceError): void {
  const text = `<?xml version="1.0"?><Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message><RequestId>${x.requestId}</RequestId></Error>`;
  const headers = { 'content-type': 'application/xml', 'x-amz-request-id': x.requestId };
  x.res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  x.res.end(text);
}

function withoutTarget(x: Exchange): ServiceError {
  try {
    JSON.parse(x.body.toString('utf8'));
    return unknownOperation('');
  } catch {
    return notJson('');
  }
}
