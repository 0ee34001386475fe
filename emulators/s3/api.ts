/** S3 on the wire: recognises a request, answers it, and words refusals as the service does. */
import type { RawApi, RawFailure, RawHead, RestReply } from '../../src/model/service-api.ts';
import { isDiskFull } from '../../src/std/disk-full.ts';
import { type Address, bucketOfHost, readAddress } from './address.ts';
import { answerPreflight, corsHeaders } from './cors.ts';
import { s3Error } from './errors.ts';
import { checkExpiry, signedHeaders } from './presigned.ts';
import { findRoute, type Level, type Route } from './routes.ts';
import { nowOf, type S3Operation, type S3Service } from './service.ts';
import { serveWebsite } from './website.ts';
import { plainDocument, tag } from './xml/write.ts';

export function makeS3Api(service: S3Service): RawApi {
  const bucketOf = ({ bucket }: Address) => (bucket === undefined ? undefined : service.store.bucket(bucket));

  return {
    protocol: 'raw',
    service: 's3',
    claims: (head) => claims(service, head),

    recognise(head) {
      const address = readAddress(head.headers.host, head.path);
      const query = new URLSearchParams(head.search);
      const { operation, handle } = routeOf(head, address, query);
      const { bucket = '', key = '' } = address;
      return {
        operation,
        ...(bucket !== '' && { target: key === '' ? bucket : `${bucket}/${key}` }),
        async serve(request, call) {
          checkExpiry(query, nowOf(service));
          const headers = { ...signedHeaders(query), ...request.headers };
          const asked = { ...request, headers, query, address, bucketName: bucket, key };
          const reply = await explained(() => handle(service, asked, call));
          const cors = corsHeaders(bucketOf(address), head.method, head.headers);
          return { ...reply, headers: { ...reply.headers, ...cors } };
        },
      };
    },

    refusal(refused, head, requestId) {
      const failure = inOwnWords(refused);
      const address = addressOf(head);
      return refusalOf(failure, head, address, requestId, {
        ...failure.headers,
        ...corsHeaders(bucketOf(address), head.method, head.headers),
      });
    },

    replyHeaders: (requestId) => ({
      server: 'AmazonS3',
      'x-amz-request-id': requestId,
      'x-amz-id-2': Buffer.from(requestId).toString('base64'),
    }),
  };
}

/** Whatever names a bucket, by its host or path, and is not in the form other services are called in. */
function claims({ store }: S3Service, { method, path, headers }: RawHead): boolean {
  const type = headers['content-type'] ?? '';
  if (method === 'POST' && /^application\/(x-www-form-urlencoded|x-amz-json|x-amz-cbor|json|cbor)/.test(type))
    return false;
  const host = bucketOfHost(headers.host);
  if (method !== 'OPTIONS') return host !== undefined || path !== '/';
  const bucket = host?.bucket ?? /^\/([^/]+)/.exec(path)?.[1] ?? '';
  return store.bucket(bucket) !== undefined;
}

function routeOf(head: RawHead, { bucket, key, isWebsite }: Address, query: URLSearchParams): Route {
  const { method, headers } = head;
  const level: Level = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
  if (method === 'OPTIONS') return { operation: 'OptionsObject', handle: preflight };
  if (isWebsite && level !== 'service' && (method === 'GET' || method === 'HEAD'))
    return { operation: 'GetWebsite', handle: serveWebsite };
  const route = findRoute(method, level, query, headers);
  if (!route) throw s3Error('MethodNotAllowed', { Method: method, ResourceType: level.toUpperCase() });
  if ('notEmulated' in route)
    throw s3Error('NotImplemented', {}, `sls-local does not emulate '?${route.notEmulated}' of S3`);
  return route;
}

const preflight: S3Operation = ({ store }, { bucketName, headers }) =>
  answerPreflight(store.bucket(bucketName), headers);

/** The endpoint reads signatures for every service; this one has other names for what is wrong with them. */
function inOwnWords(failure: RawFailure): RawFailure {
  if (failure.code === 'IncompleteSignatureException')
    return { ...failure, code: 'AuthorizationHeaderMalformed' };
  if (failure.code !== 'MissingAuthenticationTokenException') return failure;
  return { ...failure, code: 'InvalidArgument', message: 'Unsupported Authorization Type' };
}

/** A full disk is the service's own failure to the caller, who may try again. */
async function explained(work: () => Promise<RestReply> | RestReply): Promise<RestReply> {
  try {
    return await work();
  } catch (failure) {
    if (!isDiskFull(failure)) throw failure;
    throw s3Error('InternalError', {}, 'The disk is full: nothing was stored. Please try again.');
  }
}

function addressOf(head: RawHead): Address {
  try {
    return readAddress(head.headers.host, head.path);
  } catch {
    return { style: 'path', isWebsite: false };
  }
}

function refusalOf(
  { code, message, status, fields }: RawFailure,
  { method, path }: RawHead,
  { bucket, key }: Address,
  requestId: string,
  headers: Readonly<Record<string, string>>,
): RestReply {
  if (status === 304) return { status, headers };
  if (method === 'HEAD') return { status, headers: { 'content-type': 'application/xml', ...headers } };
  const body = plainDocument(
    'Error',
    tag('Code', code),
    tag('Message', message),
    ...Object.entries({ ...named(bucket, key), ...fields }).map(([name, value]) => tag(name, String(value))),
    tag('Resource', path),
    tag('RequestId', requestId),
    tag('HostId', Buffer.from(requestId).toString('base64')),
  );
  return {
    status,
    headers: {
      'content-type': 'application/xml',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
    body,
  };
}

function named(bucket: string | undefined, key: string | undefined): Record<string, string> {
  return { ...(bucket !== undefined && { BucketName: bucket }), ...(key !== undefined && { Key: key }) };
}
