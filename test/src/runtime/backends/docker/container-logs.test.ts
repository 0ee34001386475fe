import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { LogLine } from '../../../../../src/model/invocation.ts';
import { readContainerLogs } from '../../../../../src/runtime/backends/docker/container-logs.ts';

function frame(kind: 1 | 2, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload as string);
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

async function read(chunks: readonly Buffer[]): Promise<LogLine[]> {
  const stream = new PassThrough();
  const lines: LogLine[] = [];
  const done = readContainerLogs(
    stream,
    () => 7,
    (line) => lines.push(line),
  );
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await done;
  return lines;
}

test('lines of both streams come out apart, with the time they were read', async () => {
  const lines = await read([frame(1, 'out\n'), frame(2, 'err\n')]);
  expect(lines).toEqual([
    { at: 7, stream: 'stdout', text: 'out' },
    { at: 7, stream: 'stderr', text: 'err' },
  ]);
});

test('frames and characters may be cut anywhere', async () => {
  const bytes = Buffer.concat([frame(1, 'Zoë 🙂 one\ntwo'), frame(2, 'e\n'), frame(1, ' three\r\n\nlast')]);
  const whole = await read([bytes]);
  expect(whole.filter(({ stream }) => stream === 'stdout').map(({ text }) => text)).toEqual([
    'Zoë 🙂 one',
    'two three',
    '',
    'last',
  ]);
  const single = await read([...bytes].map((byte) => Buffer.from([byte])));
  expect(single).toEqual(whole);
});

test('a character that is split between two frames stays whole', async () => {
  const bytes = Buffer.from('ë');
  const lines = await read([frame(1, bytes.subarray(0, 1)), frame(1, bytes.subarray(1)), frame(1, '\n')]);
  expect(lines.map(({ text }) => text)).toEqual(['ë']);
});

test('a line without an end is handed on in pieces', async () => {
  const lines = await read([frame(1, 'x'.repeat(600 * 1024))]);
  expect(lines.map(({ text }) => text.length)).toEqual([262_144, 262_144, 90_112]);
});

test('a stream that breaks ends the reading, and what came before it is kept', async () => {
  const stream = new PassThrough();
  const lines: string[] = [];
  const done = readContainerLogs(
    stream,
    () => 0,
    ({ text }) => lines.push(text),
  );
  stream.write(frame(1, 'before'));
  stream.destroy(new Error('reset'));
  await done;
  expect(lines).toEqual(['before']);
});
