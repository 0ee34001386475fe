/** Frames come whole, however the stream is cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame } from '../../../../../src/runtime/contracts/frames/protocol.ts';
import { makeFrameReader } from '../../../../../src/runtime/contracts/frames/reader.ts';

test('frames are the same wherever the stream is cut', () => {
  const frames = fc.array(
    fc.record({ type: fc.integer({ min: 1, max: 11 }), text: fc.string({ maxLength: 300 }) }),
  );
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(({ type, text }) => encodeFrame(type, text)));
      const read: { type: number; text: string }[] = [];
      const reader = makeFrameReader((type, body) => read.push({ type, text: body.toString('utf8') }));
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = cuts[i % cuts.length] ?? 1;
        reader(stream.subarray(at, at + size));
        at += size;
      }
      expect(read).toEqual(sent);
    }),
  );
});

test('a frame that cannot be is refused', () => {
  const reader = makeFrameReader(() => {});
  expect(() => reader(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow('cannot be');
});
