/** Smithy RPC v2 CBOR: the operation in the path, CBOR in and out; the other form of the JSON APIs. */
import type { JsonApi, JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { messageOf } from '../../src/std/errors.ts';
import { type CborMembers, decodeCbor, encodeCbor } from './cbor.ts';
import { asMalformed, queryErrorHeader } from './json-protocol.ts';
import { perform, type Services, type Writer } from './perform.ts';
import type { Exchange } from './wire-call.ts';

export function serveCbor(
  services: Services,
  x: Exchange,
  api: JsonApi,
  operation: string,
): Promise<void> | void {
  const writer = cborWriter(x, api);
  const input = parseInput(api, x.body);
  if (input instanceof Error) return void writer.failure(asMalformed(input));
  return perform(services, x, api, operation, input, () => JSON.stringify(input), writer);
}

function parseInput(api: JsonApi, body: Buffer): JsonObject | Error {
  if (body.length === 0) return {};
  try {
    const parsed = decodeCbor(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
    return api.malformedBody('the body is not a CBOR map');
  } catch (failure) {
    return api.malformedBody(messageOf(failure));
  }
}

export function cborWriter(x: Exchange, api: JsonApi | undefined): Writer {
  const members: CborMembers = {
    blobs: new Set(api?.cbor?.blobs),
    timestamps: new Set(api?.cbor?.timestamps),
  };
  const reply = (status: number, value: JsonValue) => {
    const body = encodeCbor(value, members);
    x.res.writeHead(status, {
      'content-type': 'application/cbor',
      'content-length': body.length,
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': x.requestId,
    });
    x.res.end(body);
    return () => JSON.stringify(value);
  };
  return {
    output: (output) => reply(200, output ?? {}),
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
