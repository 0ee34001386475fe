import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningS3, startS3, texts } from './running-s3.ts';

let s3: RunningS3;
beforeEach(async () => {
  s3 = await startS3();
  await s3.ask('PUT', '/box');
});
afterEach(async () => {
  expect(s3.endpoint.bugs).toEqual([]);
  await s3.close();
});

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const code = (xml: string) => texts(xml, 'Code')[0];

test('an object comes back with its bytes, headers and metadata', async () => {
  const put = await s3.ask('PUT', '/box/a/b%20c%2Bd.txt', {
    body: 'hello',
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-amz-meta-who': 'me' },
  });
  expect(put).toMatchObject({ status: 200, headers: { etag: `"${md5('hello')}"` } });
  const got = await s3.ask('GET', '/box/a/b%20c%2Bd.txt');
  expect(got.text).toBe('hello');
  expect(got.headers).toMatchObject({
    'content-length': '5',
    'content-type': 'text/plain',
    'cache-control': 'no-store',
    'x-amz-meta-who': 'me',
    etag: `"${md5('hello')}"`,
    'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
    'accept-ranges': 'bytes',
  });
  const head = await s3.ask('HEAD', '/box/a/b%20c%2Bd.txt');
  expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '5' } });
});

test('what is stored is there after a restart, and nothing else lies in the folder', async () => {
  await s3.ask('PUT', '/box/a', { body: 'one' });
  await s3.ask('PUT', '/box/a', { body: 'two' });
  await s3.ask('PUT', '/box/empty');
  s3 = await s3.again();
  expect((await s3.ask('GET', '/box/a')).text).toBe('two');
  expect(await s3.ask('GET', '/box/empty')).toMatchObject({
    status: 200,
    headers: { 'content-length': '0' },
  });
  expect(s3.bodies()).toHaveLength(1);
});

test.each([
  ['bytes=1-3', 206, 'ell', 'bytes 1-3/5'],
  ['bytes=3-', 206, 'lo', 'bytes 3-4/5'],
  ['bytes=-2', 206, 'lo', 'bytes 3-4/5'],
  ['bytes=-9', 206, 'hello', 'bytes 0-4/5'],
  ['bytes=2-99', 206, 'llo', 'bytes 2-4/5'],
  ['bytes=3-1', 200, 'hello', undefined],
  ['lines=1-2', 200, 'hello', undefined],
])('range %s', async (range, status, text, told) => {
  await s3.ask('PUT', '/box/a', { body: 'hello' });
  const got = await s3.ask('GET', '/box/a', { headers: { range } });
  expect(got).toMatchObject({ status, text });
  expect(got.headers['content-range']).toBe(told);
});

test('a range beyond the end is refused with the size', async () => {
  await s3.ask('PUT', '/box/a', { body: 'hello' });
  const got = await s3.ask('GET', '/box/a', { headers: { range: 'bytes=5-9' } });
  expect(got).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */5' } });
  expect(code(got.text)).toBe('InvalidRange');
});

describe('conditions', () => {
  const past = 'Wed, 31 Dec 2025 00:00:00 GMT';
  const future = 'Fri, 02 Jan 2026 00:00:00 GMT';
  const same = `"${md5('hello')}"`;
  test.each([
    [{ 'if-match': same }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-none-match': same }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-modified-since': past }, 200],
    [{ 'if-modified-since': future }, 304],
    [{ 'if-unmodified-since': past }, 412],
    [{ 'if-unmodified-since': future }, 200],
    [{ 'if-match': same, 'if-unmodified-since': past }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': future }, 200],
  ])('a read with %j answers %i', async (headers, status) => {
    await s3.ask('PUT', '/box/a', { body: 'hello' });
    const got = await s3.ask('GET', '/box/a', { headers });
    expect(got.status).toBe(status);
    if (status === 304) expect(got).toMatchObject({ text: '', headers: { etag: same } });
  });

  test.each([
    [{ 'if-none-match': '*' }, 412],
    [{ 'if-match': same }, 200],
    [{ 'if-match': '"other"' }, 412],
  ])('a write with %j answers %i', async (headers, status) => {
    await s3.ask('PUT', '/box/a', { body: 'hello' });
    expect((await s3.ask('PUT', '/box/a', { body: 'new', headers })).status).toBe(status);
    expect((await s3.ask('GET', '/box/a')).text).toBe(status === 200 ? 'new' : 'hello');
    expect(s3.bodies()).toHaveLength(1);
  });

  test('of two writes that want the key to be new, one wins', async () => {
    const write = (body: string) => s3.ask('PUT', '/box/a', { body, headers: { 'if-none-match': '*' } });
    const answers = await Promise.all([write('1'), write('2'), write('3')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect(s3.bodies()).toHaveLength(1);
  });
});

test('what is not there is said in the service’s words', async () => {
  const noKey = await s3.ask('GET', '/box/nothing');
  expect(noKey.status).toBe(404);
  expect(code(noKey.text)).toBe('NoSuchKey');
  expect(texts(noKey.text, 'Key')).toEqual(['nothing']);
  expect(noKey.headers['content-type']).toBe('application/xml');
  expect(code((await s3.ask('GET', '/nowhere/a')).text)).toBe('NoSuchBucket');
  expect(await s3.ask('HEAD', '/box/nothing')).toMatchObject({ status: 404, text: '' });
  expect((await s3.ask('DELETE', '/box/nothing')).status).toBe(204);
});

test('a body with another MD5, SHA-256 or checksum than announced is not stored', async () => {
  const refused = async (headers: Record<string, string>) =>
    code((await s3.ask('PUT', '/box/a', { body: 'hello', headers })).text);
  expect(await refused({ 'content-md5': Buffer.alloc(16).toString('base64') })).toBe('BadDigest');
  expect(await refused({ 'content-md5': 'short' })).toBe('InvalidDigest');
  expect(await refused({ 'x-amz-content-sha256': 'a'.repeat(64) })).toBe('XAmzContentSHA256Mismatch');
  expect(await refused({ 'x-amz-checksum-crc32': 'AAAAAA==' })).toBe('BadDigest');
  expect(await refused({ 'x-amz-checksum-crc32': 'AAAA' })).toBe('InvalidRequest');
  expect((await s3.ask('GET', '/box/a')).status).toBe(404);
  expect(s3.bodies()).toEqual([]);
});

test('chunks and trailers are taken off, and the trailing checksum is checked', async () => {
  const headers = {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };
  const body = (sum: string) =>
    `3;chunk-signature=aa\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:${sum}\r\n\r\n`;
  expect((await s3.ask('PUT', '/box/a', { body: body('NhCmhg=='), headers })).status).toBe(200);
  const got = await s3.ask('GET', '/box/a', { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
  expect(got).toMatchObject({
    text: 'hello',
    headers: { 'x-amz-checksum-crc32': 'NhCmhg==', 'x-amz-checksum-type': 'FULL_OBJECT' },
  });
  expect(got.headers['content-encoding']).toBeUndefined();
  expect(code((await s3.ask('PUT', '/box/b', { body: body('AAAAAA=='), headers })).text)).toBe('BadDigest');
  const short = { ...headers, 'x-amz-decoded-content-length': '6' };
  expect(code((await s3.ask('PUT', '/box/b', { body: body('NhCmhg=='), headers: short })).text)).toBe(
    'IncompleteBody',
  );
});

test('a copy is its own object and takes no room of its own', async () => {
  await s3.ask('PUT', '/box/a', {
    body: 'hello',
    headers: { 'content-type': 'text/plain', 'x-amz-meta-x': '1' },
  });
  const copied = await s3.ask('PUT', '/box/b', { headers: { 'x-amz-copy-source': '/box/a' } });
  expect(texts(copied.text, 'ETag')).toEqual([`&quot;${md5('hello')}&quot;`]);
  await s3.ask('DELETE', '/box/a');
  const got = await s3.ask('GET', '/box/b');
  expect(got).toMatchObject({
    text: 'hello',
    headers: { 'content-type': 'text/plain', 'x-amz-meta-x': '1' },
  });
  const changed = await s3.ask('PUT', '/box/b', {
    headers: { 'x-amz-copy-source': 'box/b', 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-y': '2' },
  });
  expect(changed.status).toBe(200);
  const after = await s3.ask('GET', '/box/b');
  expect(after.text).toBe('hello');
  expect(after.headers).toMatchObject({ 'x-amz-meta-y': '2', 'content-type': 'binary/octet-stream' });
  expect(after.headers['x-amz-meta-x']).toBeUndefined();
  expect(code((await s3.ask('PUT', '/box/b', { headers: { 'x-amz-copy-source': 'box/b' } })).text)).toBe(
    'InvalidRequest',
  );
});

test('an object that is replaced while it is read is read to its end', async () => {
  const big = Buffer.alloc(3_000_000, 'x');
  await s3.ask('PUT', '/box/big', { body: big });
  const reading = s3.ask('GET', '/box/big');
  await s3.ask('PUT', '/box/big', { body: 'small' });
  expect((await reading).text.length).toBeOneOf([3_000_000, 5]);
  expect((await s3.ask('GET', '/box/big')).text).toBe('small');
});

test('many are deleted at once, each told', async () => {
  for (const key of ['a', 'b', 'c']) await s3.ask('PUT', `/box/${key}`, { body: key });
  const body =
    '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object><Object><Key>zz</Key></Object></Delete>';
  const answer = await s3.ask('POST', '/box?delete', { body });
  expect(texts(answer.text, 'Key')).toEqual(['a', 'b', 'zz']);
  expect(texts((await s3.ask('GET', '/box')).text, 'Key')).toEqual(['c']);
  const quiet = await s3.ask('POST', '/box?delete', {
    body: '<Delete><Quiet>true</Quiet><Object><Key>c</Key></Object></Delete>',
  });
  expect(quiet.text).not.toContain('Deleted');
  expect(code((await s3.ask('POST', '/box?delete', { body: '<Delete>' })).text)).toBe('MalformedXML');
});

test('buckets are found by host name and by path', async () => {
  await s3.ask('PUT', '/box/a', { body: 'hello' });
  for (const host of ['box.s3.localhost:4566', 'box.localhost', 'box.s3.us-east-1.amazonaws.com'])
    expect((await s3.ask('GET', '/a', { headers: { host } })).text).toBe('hello');
  expect((await s3.ask('GET', '/box/a', { headers: { host: 's3.localhost' } })).text).toBe('hello');
});

test('a bucket with something in it stays', async () => {
  await s3.ask('PUT', '/box/a', { body: 'x' });
  expect(code((await s3.ask('DELETE', '/box')).text)).toBe('BucketNotEmpty');
  await s3.ask('DELETE', '/box/a');
  expect((await s3.ask('DELETE', '/box')).status).toBe(204);
  expect((await s3.ask('HEAD', '/box')).status).toBe(404);
});

test('names that are none, and a key that is too long, are refused', async () => {
  for (const name of ['Upper', 'ab', '1.2.3.4', 'a..b'])
    expect(code((await s3.ask('PUT', `/${name}`)).text)).toBe('InvalidBucketName');
  expect(code((await s3.ask('PUT', `/box/${'k'.repeat(1025)}`)).text)).toBe('KeyTooLongError');
  expect((await s3.ask('PUT', `/box/${'k'.repeat(1024)}`)).status).toBe(200);
  expect(code((await s3.ask('GET', '/box/%E0%A4%A')).text)).toBe('InvalidURI');
});

test('the trace has the facts of a call and none of its bytes', async () => {
  await s3.ask('PUT', '/box/a', { body: 'secret' });
  const call = s3.endpoint.calls.at(-1);
  expect(call?.start).toMatchObject({ service: 's3', operation: 'PutObject', target: 'box/a' });
  expect(call?.start.input()).toContain('content-length');
  expect(`${call?.start.input()}${call?.end?.output()}`).not.toContain('secret');
});

test('who is not signed is answered too, but for pages of strangers and what is another service’s', async () => {
  await s3.ask('PUT', '/box/a', { body: 'hello' });
  const { url } = s3.endpoint;
  const plain = (path: string, headers = {}) => fetch(`${url}${path}`, { headers });
  expect(await (await plain('/box/a')).text()).toBe('hello');
  expect(await (await plain('/')).json()).toMatchObject({ name: 'sls-local' });
  expect((await plain('/box/a', { origin: 'https://example.com' })).status).toBe(403);
  const form = { method: 'POST', body: new URLSearchParams({ Action: 'ListQueues' }) };
  expect(await (await fetch(`${url}/box`, form)).text()).not.toContain('ListBucketResult');
  expect(s3.endpoint.calls.at(-1)?.start.operation).toBe('GetObject');
});
