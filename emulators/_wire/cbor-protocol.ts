/** CBOR in and out, the other form of the JSON APIs: Smithy RPC v2 (the operation in the path), and the older CBOR 1.1 (in `X-Amz-Target`). */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isRecord } from '../../src/model/json.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { messageOf } from '../../src/std/errors.ts';
import { type CborMembers, decodeCbor, encodeCbor } from './cbor.ts';
import { writeEventStream } from './event-stream-answer.ts';
import { asMalformed, queryErrorHeader } from './json-protocol.ts';
import { perform, type Services, type Writer } from './perform.ts';
import type { Exchange } from './wire-call.ts';

/** `rpc-v2` times are seconds, those of 1.1 milliseconds. */
export type CborVersion = 'rpc-v2' | '1.1';

const TICKS = { 'rpc-v2': 1, '1.1': 1000 } as const;

export function serveCbor(
  services: Services,
  x: Exchange,
  api: JsonApi,
  operation: string,
  version: CborVersion = 'rpc-v2',
): Promise<void> | void {
  const writer = cborWriter(x, api, version);
  const input = parseInput(api, x.body, version);
  if (input instanceof Error) return void writer.failure(asMalformed(input));
  return perform(services, x, api, operation, input, () => JSON.stringify(input), writer);
}

function parseInput(api: JsonApi, body: Buffer, version: CborVersion): JsonObject | Error {
  if (body.length === 0) return {};
  try {
    const parsed = decodeCbor(body, TICKS[version]);
    if (isRecord(parsed)) return parsed;
    return api.malformedBody('the body is not a CBOR map');
  } catch (failure) {
    return api.malformedBody(messageOf(failure));
  }
}

export function cborWriter(x: Exchange, api: JsonApi | undefined, version: CborVersion = 'rpc-v2'): Writer {
  const headers =
    version === '1.1'
      ? { 'content-type': 'application/x-amz-cbor-1.1' }
      : { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
  const members: CborMembers = {
    ticks: TICKS[version],
    blobs: new Set(api?.cbor?.blobs),
    timestamps: new Set(api?.cbor?.timestamps),
  };
  const reply = (status: number, value: JsonValue) => {
    const body = encodeCbor(value, members);
    x.res.writeHead(status, {
      ...headers,
      'content-length': body.length,
      'x-amzn-requestid': x.requestId,
    });
    x.res.end(body);
    return () => JSON.stringify(value);
  };
  return {
    output: (output) => reply(200, output ?? {}),
    events: (write) => writeEventStream(x, 'application/cbor', (value) => encodeCbor(value, members), write),
    failure(failure) {
      if (api?.query) x.res.setHeader('x-amzn-query-error', queryErrorHeader(failure));
      for (const [name, value] of Object.entries(failure.headers)) x.res.setHeader(name, value);
      return reply(failure.status, {
        __type: failure.namespace + failure.code,
        message: failure.message,
        ...failure.fields,
      });
    },
  };
}
