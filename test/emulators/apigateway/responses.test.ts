import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  failures,
  type GatewayUnderTest,
  httpRoute,
  type Reply,
  restRoute,
  startGatewayUnderTest,
  urlRoute,
} from './gateway-under-test.ts';

let subject: GatewayUnderTest;
beforeAll(async () => {
  subject = await startGatewayUnderTest([
    httpRoute('ANY', '/v2'),
    httpRoute('ANY', '/v1', { payloadFormat: '1.0' }),
    restRoute('ANY', '/rest'),
    restRoute('ANY', '/binary', { binaryMediaTypes: ['image/*'] }),
    urlRoute('hello'),
  ]);
});
afterAll(() => subject.close());

async function result(path: string, value: unknown, headers: string[] = []): Promise<Reply> {
  subject.ok(value);
  return subject.send({ path, headers });
}

describe.each(['/v2', '/_url/hello'])('payload format 2.0 at %s', (path) => {
  test.each([
    [{ a: 1 }, '{"a":1}'],
    ['plain', 'plain'],
    [[1, 2], '[1,2]'],
    [null, 'null'],
    [5, '5'],
    [{ body: 'x' }, '{"body":"x"}'],
  ])('%j without a statusCode is itself the body of a 200 application/json', async (value, body) => {
    const reply = await result(path, value);
    expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([
      200,
      'application/json',
      body,
    ]);
  });

  test('status, headers, cookies and a text body pass through', async () => {
    const reply = await result(path, {
      statusCode: '201',
      headers: { 'X-One': 'a', 'x-number': 7, 'x-flag': true, 'x-none': null, 'Content-Type': 'text/html' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '<p>ä</p>',
    });
    expect(reply.status).toBe(201);
    expect(reply.headers).toMatchObject({
      'x-one': 'a',
      'x-number': '7',
      'x-flag': 'true',
      'content-type': 'text/html',
    });
    expect(reply.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2']);
    expect(reply.headers['x-none']).toBeUndefined();
    expect(reply.body).toBe('<p>ä</p>');
  });

  test('a base64 body arrives as bytes', async () => {
    const reply = await result(path, {
      statusCode: 200,
      isBase64Encoded: true,
      body: 'AP8B',
      headers: { 'content-type': 'image/png' },
    });
    expect([...reply.bytes]).toEqual([0, 255, 1]);
    expect(reply.headers['content-length']).toBe('3');
  });

  test('a 204 has neither body nor length', async () => {
    const reply = await result(path, { statusCode: 204 });
    expect(reply.status).toBe(204);
    expect(reply.headers['content-length']).toBeUndefined();
    expect(reply.headers['content-type']).toBeUndefined();
  });

  test('headers of the connection stay ours', async () => {
    const reply = await result(path, {
      statusCode: 200,
      headers: { connection: 'upgrade', 'content-length': '999', 'transfer-encoding': 'chunked' },
      body: 'four',
    });
    expect(reply.headers['content-length']).toBe('4');
    expect(reply.headers['transfer-encoding']).toBeUndefined();
    expect(reply.body).toBe('four');
  });
});

const malformed: [string, unknown][] = [
  ['a body that is an object', { statusCode: 200, body: { a: 1 } }],
  ['a status that is no number', { statusCode: 'soon', body: '' }],
  ['a status out of range', { statusCode: 99 }],
  ['headers that are a list', { statusCode: 200, headers: ['a'] }],
  ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
  ['a header with a line break', { statusCode: 200, headers: { a: 'b\nc' } }],
];

test.each(malformed)(
  '%s is 500 from an HTTP API and 502 from a REST API and a URL, with the reason',
  async (_, value) => {
    const http = await result('/v2', value);
    expect([http.status, http.body]).toEqual([500, '{"message":"Internal Server Error"}']);
    const rest = await result('/rest', value);
    expect([rest.status, rest.body]).toEqual([502, '{"message":"Internal server error"}']);
    expect((await result('/_url/hello', value)).status).toBe(502);
    expect(rest.headers['x-sls-local-hint']).toMatch(/\w/);
  },
);

test('a result that is not JSON is malformed too', async () => {
  subject.answer({ status: 'ok', payload: 'not json' });
  expect((await subject.send({ path: '/v2' })).status).toBe(500);
});

describe('REST APIs and payload format 1.0', () => {
  test.each(['/rest', '/v1'])('%s needs a statusCode', async (path) => {
    const reply = await result(path, { hello: 1 });
    expect(reply.status).toBe(path === '/rest' ? 502 : 500);
    expect(reply.headers['x-sls-local-error']).toBe('malformed-result');
    expect(reply.headers['x-sls-local-hint']).toBe('the result has no "statusCode"');
  });

  test('an unknown member is refused by a REST API and skipped by an HTTP API', async () => {
    const value = { statusCode: 200, body: 'x', cookies: ['a=1'] };
    expect((await result('/rest', value)).status).toBe(502);
    expect((await result('/v1', value)).status).toBe(200);
  });

  test.each(['/rest', '/v1'])('%s sends headers and multiValueHeaders, equal pairs once', async (path) => {
    const reply = await result(path, {
      statusCode: 200,
      headers: { 'X-A': '1', 'set-cookie': 'a=1' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'X-List': ['x', 'y'] },
      body: '',
    });
    expect(reply.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(reply.headers['x-list']).toBe('x, y');
  });

  test('a REST API defaults to application/json, an HTTP API to text/plain', async () => {
    const value = { statusCode: 200, body: 'x' };
    expect((await result('/rest', value)).headers['content-type']).toBe('application/json');
    expect((await result('/v1', value)).headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await result('/v2', value)).headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await result('/_url/hello', value)).headers['content-type']).toBe('application/json');
  });

  test('a REST API sends bytes only to who accepts a binary type first', async () => {
    const value = { statusCode: 200, isBase64Encoded: true, body: 'AP8B' };
    expect((await result('/binary', value, ['accept', 'image/png,*/*'])).bytes).toEqual(
      Buffer.from([0, 255, 1]),
    );
    expect((await result('/binary', value, ['accept', '*/*'])).body).toBe('AP8B');
    expect((await result('/rest', value, ['accept', 'image/png'])).body).toBe('AP8B');
    expect((await result('/v1', value)).bytes).toEqual(Buffer.from([0, 255, 1]));
  });

  test('a REST API renames headers it keeps for itself', async () => {
    const reply = await result('/rest', {
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Basic' },
      body: '',
    });
    expect(reply.headers['x-amzn-remapped-www-authenticate']).toBe('Basic');
    expect(reply.headers['www-authenticate']).toBeUndefined();
  });
});

test.each([
  ['error', 500, 502, 502],
  ['crash', 500, 502, 502],
  ['out-of-memory', 500, 502, 502],
  ['timeout', 500, 502, 504],
  ['throttled', 503, 500, 429],
  ['unavailable', 502, 502, 502],
])(
  'outcome %s is %i from an HTTP API, %i from a REST API, %i from a function URL',
  async (name, http, rest, url) => {
    const outcome = failures[name];
    if (!outcome) throw new Error(name);
    subject.answer(outcome);
    expect((await subject.send({ path: '/v2' })).status).toBe(http);
    expect((await subject.send({ path: '/rest' })).status).toBe(rest);
    expect((await subject.send({ path: '/_url/hello' })).status).toBe(url);
  },
);

test('a function that cannot be run says which, why and what to do', async () => {
  if (failures.unavailable) subject.answer(failures.unavailable);
  const reply = await subject.send({ path: '/v2' });
  expect(reply.headers['x-sls-local-error']).toBe('build-failed');
  expect(JSON.parse(reply.body)).toEqual({
    message: 'function "ANY /v2" cannot be run',
    function: 'ANY /v2',
    code: 'build-failed',
    reason: 'src/a.ts:3:1: ERROR\n  3 | x',
    hint: 'mend the file',
  });
});

test('a function error is named in a header, not in the body', async () => {
  if (failures.error) subject.answer(failures.error);
  const reply = await subject.send({ path: '/v2' });
  expect(reply.body).toBe('{"message":"Internal Server Error"}');
  expect(reply.headers).toMatchObject({
    'x-sls-local-error': 'function-error',
    'x-sls-local-hint': 'TypeError: x is not a function',
  });
});

test('a form that a function took for JSON is told of, where it came as base64', async () => {
  const body = '{"a":1}';
  const form = ['content-type', 'application/x-www-form-urlencoded'];
  const failed = (errorType: string) =>
    subject.answer({
      status: 'error',
      phase: 'invoke',
      error: { errorType, errorMessage: 'not JSON', trace: [] },
    });
  const before = subject.notices.length;
  failed('SyntaxError');
  await subject.send({ method: 'POST', path: '/rest', body, headers: form });
  await subject.send({ method: 'POST', path: '/v2', body, headers: ['content-type', 'application/json'] });
  failed('TypeError');
  await subject.send({ method: 'POST', path: '/v2', body, headers: form });
  expect(subject.notices.length).toBe(before);
  failed('json.decoder.JSONDecodeError');
  await subject.send({ method: 'POST', path: '/v2', body, headers: form });
  expect(subject.notices.at(-1)).toMatch(/^POST \/v2: .* got the body as base64/);
});

test('a delivery that fails for a reason of ours is an internal error and a notice', async () => {
  subject.answer(async () => {
    throw new Error('the pool is gone');
  });
  expect((await subject.send({ path: '/v2' })).status).toBe(500);
  expect(subject.notices.at(-1)).toBe('GET /v2: the pool is gone');
});

test('a result that no response can be made of is told, since the function itself ended well', async () => {
  await result('/v2', { statusCode: 'abc' });
  expect(subject.notices.at(-1)).toMatch(/GET \/v2: what ANY \/v2 returned .* "statusCode" is "abc"/);
  await result('/rest', { statusCode: 200, headers: { 'x-bad': 'a\r\nb: c' } });
  expect(subject.notices.at(-1)).toMatch(/GET \/rest: .*x-bad/);
});
