import { expect, test } from 'vitest';
import { readPlainHead } from '../../../emulators/_wire/plain-head.ts';

const head = (...lines: string[]) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n{}`, 'latin1');
const USUAL = ['POST / HTTP/1.1', 'Host: localhost:4566', 'Content-Length: 2'];

test('a plain head gives its headers, in small letters and without the space around them', () => {
  const bytes = head(...USUAL, 'X-Amz-Target:  AmazonSQS.SendMessage ', 'connection: keep-alive');
  expect(readPlainHead(bytes)).toEqual({
    method: 'POST',
    url: '/',
    headers: {
      host: 'localhost:4566',
      'content-length': '2',
      'x-amz-target': 'AmazonSQS.SendMessage',
      connection: 'keep-alive',
    },
    rawHeaders: [
      ...['Host', 'localhost:4566', 'Content-Length', '2'],
      ...['X-Amz-Target', 'AmazonSQS.SendMessage', 'connection', 'keep-alive'],
    ],
    headBytes: bytes.length - 2,
    bodyBytes: 2,
  });
});

test.each([
  ['a method whose answer has no body', ['HEAD / HTTP/1.1', ...USUAL.slice(1)]],
  ['a question about methods', ['OPTIONS / HTTP/1.1', ...USUAL.slice(1)]],
  ['an address in place of a path', ['POST http://a/ HTTP/1.1', ...USUAL.slice(1)]],
  ['a path beyond ASCII', ['POST /é HTTP/1.1', ...USUAL.slice(1)]],
  ['a path in two words', ['POST /a b HTTP/1.1', ...USUAL.slice(1)]],
  ['an older version', ['POST / HTTP/1.0', ...USUAL.slice(1)]],
  ['no headers', ['POST / HTTP/1.1']],
  ['no host', ['POST / HTTP/1.1', 'content-length: 2']],
  ['a length that is no number', ['POST / HTTP/1.1', 'host: a', 'content-length: 0x2']],
  ['a negative length', ['POST / HTTP/1.1', 'host: a', 'content-length: -2']],
  ['two lengths', [...USUAL, 'content-length: 2']],
  ['a body in parts', [...USUAL, 'Transfer-Encoding: chunked']],
  ['a wait for a sign to go on', [...USUAL, 'Expect: 100-continue']],
  ['another protocol', [...USUAL, 'Upgrade: h2c']],
  ['the wish to close', [...USUAL, 'Connection: close']],
  ['cookies to be set', [...USUAL, 'Set-Cookie: a=b']],
  ['a folded line', [...USUAL, 'x-a: 1', ' 2']],
  ['a space before the colon', [...USUAL, 'x-a : 1']],
  ['a control character', [...USUAL, 'x-a: 1\u0001']],
  ['a lone line feed', [...USUAL, 'x-a: 1\nx-b: 2']],
  ['a letter beyond ASCII', [...USUAL, 'x-a: é']],
  ['a line without a colon', [...USUAL, 'x-a']],
  ['a name all objects have', [...USUAL, 'constructor: x']],
  ['more than 16 KB', [...USUAL, `x-a: ${'a'.repeat(17 * 1024)}`]],
])('%s is not plain', (_, lines) => {
  expect(readPlainHead(head(...lines))).toBeUndefined();
});

test.each([[''], ['PO'], ['POST / HTTP/1.1\r\n'], ['POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n']])(
  'the beginning %j is not whole',
  (text) => {
    expect(readPlainHead(Buffer.from(text))).toBeUndefined();
  },
);

test('without a length there is no body', () => {
  const bytes = head('GET /orders/7?x=%20&y HTTP/1.1', 'host: a');
  expect(readPlainHead(bytes)).toMatchObject({ method: 'GET', url: '/orders/7?x=%20&y', bodyBytes: 0 });
});
