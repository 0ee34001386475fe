import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../../emulators/_wire/cbor.ts';
import type { JsonValue } from '../../../src/model/emulator.ts';

const plain = { blobs: new Set<string>(), timestamps: new Set<string>() };
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** From appendix A of RFC 8949. */
test.each<[string, JsonValue]>([
  ['00', 0],
  ['18 18', 24],
  ['19 03e8', 1000],
  ['1a 000f4240', 1000000],
  ['1b 000000e8d4a51000', 1000000000000],
  ['20', -1],
  ['39 03e7', -1000],
  ['c2 49 010000000000000000', 2 ** 64],
  ['c3 49 010000000000000000', -(2 ** 64) - 1],
  ['f9 3c00', 1],
  ['f9 c400', -4],
  ['f9 0400', 2 ** -14],
  ['f9 0001', 2 ** -24],
  ['fa 47c35000', 100000],
  ['fb 3ff199999999999a', 1.1],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['c1 1a 514b67b0', 1363896240],
  ['44 01020304', 'AQIDBA=='],
  ['64 49455446', 'IETF'],
  ['62 c3bc', 'ü'],
  ['83 01 02 03', [1, 2, 3]],
  ['a2 61 61 01 61 62 82 02 03', { a: 1, b: [2, 3] }],
  ['7f 65 7374726561 64 6d696e67 ff', 'streaming'],
  ['5f 42 0102 43 030405 ff', 'AQIDBAU='],
  ['9f 01 82 02 03 ff', [1, [2, 3]]],
  ['bf 61 61 01 ff', { a: 1 }],
])('%s is read as the standard says', (bytes, value) => {
  expect(decodeCbor(hex(bytes))).toEqual(value);
});

test.each([
  ['', 'it ends too early'],
  ['19 03', 'it ends too early'],
  ['64 4945', 'it ends too early'],
  ['9f 01', 'it ends too early'],
  ['1c', 'reserved'],
  ['a1 01 02', 'a key that is no text'],
  ['00 00', 'bytes follow'],
  ['f8 20', 'simple value'],
  ['81'.repeat(200), 'nested too deeply'],
  ['9b 7fffffffffffffff', 'it ends too early'],
])('%s is refused', (bytes, reason) => {
  expect(() => decodeCbor(hex(bytes))).toThrow(reason);
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const json: JsonValue = JSON.parse(JSON.stringify(value));
      expect(decodeCbor(encodeCbor(json, plain))).toEqual(json);
    }),
  );
});

test('any bytes are read or refused, never a crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodeCbor(Buffer.from(bytes));
      } catch (failure) {
        expect(failure).toBeInstanceOf(Error);
      }
    }),
  );
});

test('named members are bytes and times', () => {
  const members = { blobs: new Set(['B', 'BS']), timestamps: new Set(['At']) };
  const value = { B: 'AQI=', BS: ['AQ=='], At: 1, S: 'AQI=' };
  expect(encodeCbor(value, members).toString('hex')).toBe(
    hex('a4 61 42 42 0102 62 4253 81 41 01 62 4174 c1 01 61 53 64 4151493d').toString('hex'),
  );
});
