import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { type RunningS3, startS3, texts } from './running-s3.ts';

const clock = makeFakeClock();
let s3: RunningS3;
beforeEach(async () => {
  s3 = await startS3({ clock });
  await s3.ask('PUT', '/box');
});
afterEach(async () => {
  expect(s3.endpoint.bugs).toEqual([]);
  await s3.close();
});

const origin = 'http://localhost:5173';
const code = (xml: string) => texts(xml, 'Code')[0];

describe('pages of this machine', () => {
  const preflight = (headers = {}) =>
    s3.ask('OPTIONS', '/box/a', {
      isUnsigned: true,
      headers: { origin, 'access-control-request-method': 'PUT', ...headers },
    });

  test('may do what the bucket’s rules allow, and without rules nothing', async () => {
    expect(code((await preflight()).text)).toBe('AccessForbidden');
    await s3.ask('PUT', '/box?cors', {
      body: `<CORSConfiguration><CORSRule><AllowedOrigin>http://*:5173</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>
        <AllowedHeader>x-amz-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>`,
    });
    expect(await preflight({ 'access-control-request-headers': 'x-amz-meta-a' })).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'PUT',
        'access-control-max-age': '60',
      },
    });
    expect((await preflight({ 'access-control-request-headers': 'content-type' })).status).toBe(403);
    expect((await preflight({ 'access-control-request-method': 'DELETE' })).status).toBe(403);
    const put = await s3.ask('PUT', '/box/a', { body: 'x', headers: { origin } });
    expect(put.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'ETag',
    });
    const got = await s3.ask('GET', '/box/a', { headers: { origin } });
    expect(got.headers['access-control-allow-origin']).toBeUndefined();
  });
});

test('a presigned address holds for its time', async () => {
  await s3.ask('PUT', '/box/a', { body: 'hello' });
  const at = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const query = (expires: string) =>
    `?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=${at}&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=aa`;
  const get = (expires: string) => fetch(`${s3.endpoint.url}/box/a${query(expires)}`);
  expect(await (await get('60')).text()).toBe('hello');
  const put = `${s3.endpoint.url}/box/b${query('60')}&x-amz-meta-who=me&x-amz-checksum-crc32=AAAAAA%3D%3D`;
  expect((await fetch(put, { method: 'PUT', body: 'hello' })).status).toBe(200);
  expect((await s3.ask('HEAD', '/box/b')).headers['x-amz-meta-who']).toBe('me');
  expect(code(await (await get('700000')).text())).toBe('AuthorizationQueryParametersError');
  await clock.advance(61_000);
  expect(await (await get('60')).text()).toContain('Request has expired');
});

describe('forms', () => {
  const policy = (conditions: unknown[], inMs = 60_000) =>
    Buffer.from(
      JSON.stringify({ expiration: new Date(clock.now() + inMs).toISOString(), conditions }),
    ).toString('base64');
  const send = async (fields: Record<string, string>, content = 'hello') => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([content], { type: 'text/plain' }), 'a$&b.txt');
    return fetch(`${s3.endpoint.url}/box`, { method: 'POST', body: form, redirect: 'manual' });
  };

  test('store their file under a key that may hold its name', async () => {
    const conditions = [{ bucket: 'box' }, ['starts-with', '$key', 'up/'], ['content-length-range', 1, 10]];
    const answer = await send({ key: 'up/${filename}', policy: policy(conditions) });
    expect(answer.status).toBe(204);
    const got = await s3.ask('GET', '/box/up/a%24%26b.txt');
    expect(got).toMatchObject({ text: 'hello', headers: { 'content-type': 'binary/octet-stream' } });
  });

  test('are held to their policy', async () => {
    const refused = async (fields: Record<string, string>, content?: string) =>
      code(await (await send(fields, content)).text());
    const key = { key: 'up/a' };
    expect(await refused({ ...key, policy: policy([['eq', '$key', 'other']]) })).toBe('AccessDenied');
    expect(await refused({ ...key, policy: policy([['eq', '$key', 'up/a']], -1) })).toBe('AccessDenied');
    expect(await refused({ ...key, acl: 'private', policy: policy([['eq', '$key', 'up/a']]) })).toBe(
      'AccessDenied',
    );
    const range = ['content-length-range', 2, 4];
    const sized = { ...key, policy: policy([['eq', '$key', 'up/a'], range]) };
    expect(await refused(sized)).toBe('EntityTooLarge');
    expect(await refused(sized, 'x')).toBe('EntityTooSmall');
    expect(await refused({ ...key, policy: 'bm90IGpzb24=' })).toBe('InvalidPolicyDocument');
    expect(s3.bodies()).toEqual([]);
  });

  test('are answered as they ask', async () => {
    const created = await send({ key: 'a', success_action_status: '201' });
    expect(created.status).toBe(201);
    expect(texts(await created.text(), 'Key')).toEqual(['a']);
    const away = await send({ key: 'a', success_action_redirect: 'http://localhost:3000/done?x=1' });
    expect(away.status).toBe(303);
    expect(away.headers.get('location')).toContain('http://localhost:3000/done?x=1&bucket=box&key=a&etag=');
  });

  test('of any size are read piece by piece, wherever the boundary falls', async () => {
    const content = `${'x'.repeat(200_000)}\r\n--almost${'y'.repeat(99_999)}`;
    expect((await send({ key: 'big' }, content)).status).toBe(204);
    expect((await s3.ask('GET', '/box/big')).text).toBe(content);
  });
});

test('a website has an index, an error page and redirects', async () => {
  await s3.ask('PUT', '/box?website', {
    body: `<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument><Key>404.html</Key></ErrorDocument>
      <RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals></Condition><Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>`,
  });
  for (const key of ['index.html', 'docs/index.html', '404.html'])
    await s3.ask('PUT', `/box/${key}`, { body: key });
  const page = (path: string) =>
    s3.ask('GET', path, { isUnsigned: true, headers: { host: 'box.s3-website.localhost:4566' } });
  expect((await page('/')).text).toBe('index.html');
  expect((await page('/docs/')).text).toBe('docs/index.html');
  expect(await page('/docs')).toMatchObject({ status: 302, headers: { location: '/docs/' } });
  expect(await page('/nothing')).toMatchObject({ status: 404, text: '404.html' });
  expect((await page('/old/a')).headers.location).toBe('http://box.s3-website.localhost:4566/new/a');
});
