import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import {
  readEngineAnswer,
  readWithPatience,
} from '../../../../../src/runtime/backends/docker/engine-stream.ts';

test('the status of the last line is the answer', async () => {
  const lines = ['{"status":"Importing"}\n{"stat', 'us":"sha256:1"}\n'];
  expect(await readEngineAnswer(Readable.from(lines))).toBe('sha256:1');
});

test('a reply without a status is handed on as text', async () => {
  expect(await readEngineAnswer(Readable.from(['{"StatusCode":3}\n']))).toBe('{"StatusCode":3}\n');
});

test('a failure that is reported in the middle rejects, though the reply began well', async () => {
  const lines = ['{"status":"Pulling"}\n', '{"error":"no space left"}\n'];
  await expect(readEngineAnswer(Readable.from(lines))).rejects.toMatchObject({
    message: 'no space left',
    gone: false,
  });
});

test('a reply that breaks off rejects', async () => {
  const stream = new PassThrough();
  const answer = readEngineAnswer(stream);
  stream.write('{"status":"half');
  stream.destroy(new Error('reset'));
  await expect(answer).rejects.toThrow('reset');
});

test('a call that brings nothing is given up', async () => {
  const silent = (signal: AbortSignal) =>
    new Promise<NodeJS.ReadableStream>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  await expect(readWithPatience(20, silent)).rejects.toMatchObject({ message: 'nothing came for 0.02 s' });
});
