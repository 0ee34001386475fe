/** JSON 1.0/1.1: the operation in `X-Amz-Target`, JSON in and out. */
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { JsonObject } from '../../src/model/emulator.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { messageOf } from '../../src/std/errors.ts';
import { writeEventStream } from './event-stream-answer.ts';
import { bodyTooLarge, FRONT } from './failures.ts';
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
  const text = x.body.toString('utf8');
  const writer = jsonWriter(x, api.jsonVersion, api.query !== undefined);
  const input = x.body.length > MAX_BODY_BYTES ? bodyTooLarge(MAX_BODY_BYTES) : parseInput(api, text);
  if (input instanceof Error) return void writer.failure(asMalformed(input));
  return perform(services, x, api, operation, input, () => text, writer);
}

function parseInput(api: JsonApi, text: string): JsonObject | Error {
  if (text === '' && !api.needsBody) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as JsonObject;
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
export function jsonWriter(x: Exchange, jsonVersion: string, queryCompatible: boolean): Writer {
  // The services answer in the type they were asked in.
  const plain = x.req.headers['content-type']?.startsWith('application/json');
  const contentType = plain ? 'application/json' : `application/x-amz-json-${jsonVersion}`;
  const text = (json: string) => {
    replyJson(x.res, 200, contentType, x.requestId, json);
    return () => json;
  };
  return {
    output: (output) => text(output === undefined ? '{}' : JSON.stringify(output)),
    text,
    events: (write) =>
      writeEventStream(x, 'application/json', (value) => Buffer.from(JSON.stringify(value)), write),
    failure(failure) {
      if (queryCompatible) x.res.setHeader('x-amzn-query-error', queryErrorHeader(failure));
      for (const [name, value] of Object.entries(failure.headers)) x.res.setHeader(name, value);
      const json = JSON.stringify({
        __type: failure.namespace + failure.code,
        ...(failure.message && { message: failure.message }),
        ...failure.fields,
      });
      replyJson(x.res, failure.status, contentType, x.requestId, json);
      return () => json;
    },
  };
}

export function queryErrorHeader(failure: ServiceError): string {
  return `${failure.queryCode};${failure.status < 500 ? 'Sender' : 'Receiver'}`;
}

/** DynamoDB's clients check `x-amz-crc32` where it is present; no other client minds it. */
function replyJson(
  res: ServerResponse,
  status: number,
  contentType: string,
  requestId: string,
  text: string,
): void {
  res.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
    'x-amz-crc32': crc32(text),
  });
  res.end(text);
}
