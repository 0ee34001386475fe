/** Reads who signed a request and for which service; any key is accepted, a malformed signature is not. */
import { ServiceError } from './service-error.ts';

export type Signature =
  | { readonly status: 'none' }
  | { readonly status: 'signed'; readonly accessKeyId: string; readonly service?: string }
  | { readonly status: 'malformed'; readonly failure: ServiceError };

const NONE: Signature = { status: 'none' };

/** `search` is the query string with its `?`, or empty. Unsigned calls are let through, as curl makes them. */
export function readSignature(authorization: string | undefined, search: string): Signature {
  if (authorization === undefined)
    return search.includes('X-Amz-') || search.includes('AWSAccessKeyId=') ? readPresigned(search) : NONE;
  if (search.includes('X-Amz-Algorithm'))
    return malformed(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  if (authorization.startsWith('AWS4-')) return readVersion4(authorization);
  // Signature version 2, still sent by old S3 tools: `AWS <access key id>:<signature>`.
  const version2 = /^AWS ([^:\s]+):\S+$/.exec(authorization);
  if (version2?.[1]) return { status: 'signed', accessKeyId: version2[1] };
  return malformed(
    'MissingAuthenticationTokenException',
    'Request is missing Authentication Token',
    'MissingAuthenticationToken',
  );
}

/** By all of a header but the signature itself, which nobody checks: a client's are the same for an operation all day. */
const read = new Map<string, Signature>();
const REMEMBERED = 256;

function readVersion4(header: string): Signature {
  const end = header.lastIndexOf('Signature=');
  if (end < 0) return parseVersion4(header);
  const stable = header.slice(0, end);
  const known = read.get(stable);
  if (known) return known;
  const signature = parseVersion4(header);
  const isAllThere = stable.includes('Credential=') && stable.includes('SignedHeaders=');
  if (isAllThere && signature.status === 'signed') {
    if (read.size >= REMEMBERED) read.clear();
    read.set(stable, signature);
  }
  return signature;
}

function parseVersion4(header: string): Signature {
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !header.includes(`${name}=`));
  if (missing.length > 0) {
    const list = missing.map((name) => `Authorization header requires '${name}' parameter. `).join('');
    return malformed('IncompleteSignatureException', `${list}Authorization=${header}`, 'IncompleteSignature');
  }
  return fromCredential(/Credential=([^,\s]*)/.exec(header)?.[1] ?? '');
}

function readPresigned(search: string): Signature {
  const query = new URLSearchParams(search);
  const version2 = query.get('AWSAccessKeyId');
  if (version2) return { status: 'signed', accessKeyId: version2 };
  if (!query.has('X-Amz-Algorithm')) return NONE;
  const missing = ['Algorithm', 'Credential', 'Signature', 'SignedHeaders', 'Date']
    .map((name) => `X-Amz-${name}`)
    .filter((name) => !query.get(name));
  if (missing.length > 0) {
    const list = missing.map((name) => `AWS query-string parameters must include '${name}'. `).join('');
    return malformed(
      'IncompleteSignatureException',
      `${list}Re-examine the query-string parameters.`,
      'IncompleteSignature',
    );
  }
  return fromCredential(query.get('X-Amz-Credential') ?? '');
}

/** `AKID/20260101/eu-west-1/sqs/aws4_request`; version 4A leaves the region out. */
function fromCredential(credential: string): Signature {
  const parts = credential.split('/');
  const [accessKeyId] = parts;
  const service = parts.at(-2);
  if (!accessKeyId || !service || parts.length < 4 || parts.at(-1) !== 'aws4_request')
    return malformed(
      'IncompleteSignatureException',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      'IncompleteSignature',
    );
  return { status: 'signed', accessKeyId, service };
}

function malformed(code: string, message: string, queryCode = code): Signature {
  return {
    status: 'malformed',
    failure: new ServiceError(code, message, { namespace: 'com.amazon.coral.service#', queryCode }),
  };
}
