/** JSON 1.0/1.1: the operation in `X-Amz-Target`, JSON in and out. */
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { JsonObject } from '../../src/model/emulator.ts';
import { isRecord } from '../../src/model/json.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { messageOf } from '../../src/std/errors.ts';
import { writeEventStream } from './event-stream-answer.ts';
import { bodyTooLarge, FRONT } from './failures.ts';
import { packedText, unpacked } from './packing.ts';
import { perform, type Services, type Writer } from './perform.ts';
import { ServiceError } from './service-error.ts';
import type { Exchange } from './wire-call.ts';

/** The largest request any JSON service takes (DynamoDB's limit). */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export function serveJson(
  services: Services,
  x: Exchange,
  api: JsonApi,
  operation: string,
): Promise<void> | void {
  const writer = jsonWriter(x, api.jsonVersion, api);
  const body = bodyOf(x, api);
  if (body instanceof Error) return void writer.failure(body);
  const text = body.toString('utf8');
  const input =
    body.length > MAX_BODY_BYTES
      ? bodyTooLarge(MAX_BODY_BYTES)
      : (api.scan?.(operation, text) ?? parseInput(api, text));
  if (input instanceof Error) return void writer.failure(asMalformed(input));
  return perform(services, x, api, operation, input, () => text, writer);
}

/** Of what cannot be unpacked the service says no more than that it failed. */
function bodyOf(x: Exchange, api: JsonApi): Buffer | ServiceError {
  const encoding = api.packs && x.req.headers['content-encoding'];
  if (!encoding) return x.body;
  try {
    return unpacked(x.body, encoding, MAX_BODY_BYTES);
  } catch {
    return new ServiceError('InternalFailure', '', { status: 500, namespace: FRONT });
  }
}

function parseInput(api: JsonApi, text: string): JsonObject | Error {
  if (text === '' && !api.needsBody) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed as JsonObject;
    return api.malformedBody('the body is not a JSON object');
  } catch (failure) {
    return api.malformedBody(messageOf(failure));
  }
}

export function asMalformed(failure: Error): ServiceError {
  return failure instanceof ServiceError
    ? failure
    : new ServiceError('SerializationException', failure.message, { namespace: FRONT });
}

/** `queryCompatible` services repeat the code of their older protocol in a header, which SDKs show. */
export function jsonWriter(
  x: Exchange,
  jsonVersion: string,
  { query, packs }: Pick<JsonApi, 'query' | 'packs'>,
): Writer {
  // The services answer in the type they were asked in.
  const plain = x.req.headers['content-type']?.startsWith('application/json');
  const contentType = plain ? 'application/json' : `application/x-amz-json-${jsonVersion}`;
  const reply = (status: number, json: string) => {
    const packed = packs && packedText(json, x.req.headers['accept-encoding']);
    if (packed) x.res.setHeader('content-encoding', packed.encoding);
    replyJson(x.res, status, contentType, x.requestId, packed ? packed.bytes : json);
    return () => json;
  };
  const text = (json: string) => reply(200, json);
  return {
    output: (output) => text(output === undefined ? '{}' : JSON.stringify(output)),
    text,
    events: (write) =>
      writeEventStream(x, 'application/json', (value) => Buffer.from(JSON.stringify(value)), write),
    failure(failure) {
      if (query) x.res.setHeader('x-amzn-query-error', queryErrorHeader(failure));
      for (const [name, value] of Object.entries(failure.headers)) x.res.setHeader(name, value);
      const json = JSON.stringify({
        __type: failure.namespace + failure.code,
        ...(failure.message && { message: failure.message }),
        ...failure.fields,
      });
      return reply(failure.status, json);
    },
  };
}

export function queryErrorHeader(failure: ServiceError): string {
  return `${failure.queryCode};${failure.status < 500 ? 'Sender' : 'Receiver'}`;
}

/** DynamoDB's clients check `x-amz-crc32`, that of the bytes sent, where it is present; no other client minds it. */
function replyJson(
  res: ServerResponse,
  status: number,
  contentType: string,
  requestId: string,
  body: string | Buffer,
): void {
  res.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': requestId,
    'x-amz-crc32': crc32(body),
  });
  res.end(body);
}
