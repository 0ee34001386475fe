import { request } from 'node:http';
import { crc32, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chosenPacking } from '../../../emulators/_wire/packing.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { authorization } from './http.ts';
import { type RunningEndpoint, startTestEndpoint } from './running-endpoint.ts';

const echo: JsonApi['operations'][string] = (input) => input;

const api = (service: string, more: Partial<JsonApi>): JsonApi => ({
  protocol: 'json',
  service,
  targetPrefix: service,
  jsonVersion: '1.0',
  operations: { Echo: echo },
  unknownOperation: (name) => new Error(name),
  malformedBody: (reason) => new Error(reason),
  ...more,
});

let running: RunningEndpoint;
beforeAll(async () => {
  running = await startTestEndpoint(() => [api('packing', { packs: true }), api('plain', {})]);
});
afterAll(() => running.endpoint.close());

/** Without the unpacking that fetch does by itself. */
async function call(service: string, body: Buffer | string, headers: Record<string, string>) {
  return await new Promise<{ status: number; encoding?: string; crc: string; bytes: Buffer }>(
    (done, fail) => {
      const sent = request(
        running.url,
        {
          method: 'POST',
          headers: {
            'x-amz-target': `${service}.Echo`,
            'content-type': 'application/x-amz-json-1.0',
            authorization: authorization(service),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const encoding = answer.headers['content-encoding'];
            done({
              status: answer.statusCode ?? 0,
              ...(encoding !== undefined && { encoding }),
              crc: String(answer.headers['x-amz-crc32']),
              bytes: Buffer.concat(chunks),
            });
          });
        },
      );
      sent.on('error', fail);
      sent.end(body);
    },
  );
}

const text = (length: number) => JSON.stringify({ a: 'x'.repeat(length - 8) });

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
] as const)(
  'a body packed by %s is read, one that only says so is the service’s failure',
  async (name, pack) => {
    const headers = { 'content-encoding': name };
    const { status, bytes } = await call('packing', pack(text(20)), headers);
    expect([status, bytes.toString()]).toEqual([200, text(20)]);
    for (const body of [text(20), '', pack(' '.repeat(17 * 1024 * 1024))])
      expect((await call('packing', body, headers)).status).toBe(500);
    expect((await call('packing', text(20), { 'content-encoding': 'br' })).status).toBe(500);
  },
);

test.each([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
] as const)('an answer of more than 4 KB is packed by %s where that is accepted', async (name, unpack) => {
  const headers = { 'accept-encoding': name };
  const packed = await call('packing', text(4097), headers);
  expect(packed.encoding).toBe(name);
  expect(unpack(packed.bytes).toString()).toBe(text(4097));
  expect(packed.crc).toBe(String(crc32(packed.bytes)));
  expect((await call('packing', text(4096), headers)).encoding).toBeUndefined();
  expect((await call('packing', text(4097), {})).encoding).toBeUndefined();
  expect((await call('plain', text(4097), headers)).encoding).toBeUndefined();
});

test('what is accepted is weighed as DynamoDB weighs it', () => {
  const chosen: [string, string | undefined][] = [
    ['identity', undefined],
    ['x-gzip', undefined],
    ['gzip br', undefined],
    ['gzip:q=1', undefined],
    ['gzip, deflate', 'gzip'],
    ['br, identity, deflate, gzip', 'deflate'],
    ['dog, GZIP ,, cat', 'gzip'],
    ['br, gzip;q=0, deflate; q = 0.5 , identity;q=0', 'deflate'],
    ['*', 'gzip'],
    ['*, deflate', 'deflate'],
    ['*, deflate;q=0.5', 'gzip'],
    ['*, gzip;q=0.5', 'deflate'],
    ['*;q=0.5,identity', 'gzip'],
    ['*;q=0', undefined],
    ['gzip;q=31,deflate;q=51', 'gzip'],
    ['deflate;q=0.5, gzip;q=1;q=0.2', 'gzip'],
    ['deflate;q=0.5,gzip;q=0.', 'deflate'],
    ['deflate;q=0.5,gzip;q=0.x', 'gzip'],
    ['deflate;q=-0.5,gzip;q=0.2', 'gzip'],
    ['gzip;q= 0;q=1', undefined],
    ['gzip;q =0;q=1', 'gzip'],
    ['gzip;nq=0;q=1', undefined],
    ['gzip;q=0, gzip;q=1, gzip;q=0', 'gzip'],
  ];
  expect(chosen.map(([accepted]) => [accepted, chosenPacking(accepted)])).toEqual(chosen);
});
