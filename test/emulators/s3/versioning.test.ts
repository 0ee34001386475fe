import { afterEach, beforeEach, expect, test } from 'vitest';
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

const versioning = (status: string) =>
  s3.ask('PUT', '/box?versioning', {
    body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
  });
const put = async (body: string) =>
  (await s3.ask('PUT', '/box/a', { body })).headers['x-amz-version-id'] ?? '';
const get = async (query = '') => (await s3.ask('GET', `/box/a${query}`)).text;

test('old versions stay, a delete hides, and removing the marker brings back', async () => {
  await put('before');
  await versioning('Enabled');
  const first = await put('one');
  const second = await put('two');
  expect(await get()).toBe('two');
  expect(await get(`?versionId=${first}`)).toBe('one');
  expect(await get('?versionId=null')).toBe('before');
  const deleted = await s3.ask('DELETE', '/box/a');
  expect(deleted.headers).toMatchObject({ 'x-amz-delete-marker': 'true' });
  const marker = deleted.headers['x-amz-version-id'] ?? '';
  expect(await s3.ask('GET', '/box/a')).toMatchObject({
    status: 404,
    headers: { 'x-amz-delete-marker': 'true' },
  });
  expect((await s3.ask('GET', `/box/a?versionId=${marker}`)).status).toBe(405);
  const listed = (await s3.ask('GET', '/box?versions')).text;
  expect(texts(listed, 'VersionId')).toEqual([marker, second, first, 'null']);
  expect(texts(listed, 'IsLatest')).toEqual(['true', 'false', 'false', 'false']);
  expect(texts((await s3.ask('GET', '/box')).text, 'Key')).toEqual([]);
  await s3.ask('DELETE', `/box/a?versionId=${marker}`);
  expect(await get()).toBe('two');
  await s3.ask('DELETE', `/box/a?versionId=${second}`);
  expect(await get()).toBe('one');
  expect(s3.bodies()).toHaveLength(2);
});

test('suspended, writes share the version "null" and old ones stay', async () => {
  await versioning('Enabled');
  const kept = await put('kept');
  await versioning('Suspended');
  await put('x');
  await put('y');
  expect(texts((await s3.ask('GET', '/box?versions')).text, 'VersionId')).toEqual(['null', kept]);
  await s3.ask('DELETE', '/box/a');
  expect(texts((await s3.ask('GET', '/box?versions')).text, 'VersionId')).toEqual(['null', kept]);
  expect(await get(`?versionId=${kept}`)).toBe('kept');
  expect(s3.bodies()).toHaveLength(1);
});

test('pages of versions are together the whole', async () => {
  await versioning('Enabled');
  for (const body of ['1', '2', '3']) await put(body);
  await s3.ask('PUT', '/box/b', { body: 'b' });
  const whole = texts((await s3.ask('GET', '/box?versions')).text, 'VersionId');
  const found: string[] = [];
  for (let query: string | undefined = ''; query !== undefined; ) {
    const { text } = await s3.ask('GET', `/box?versions&max-keys=2${query}`);
    found.push(...texts(text, 'VersionId'));
    const [key] = texts(text, 'NextKeyMarker');
    query =
      key === undefined
        ? undefined
        : `&key-marker=${key}&version-id-marker=${texts(text, 'NextVersionIdMarker')[0]}`;
  }
  expect(found).toEqual(whole);
});

test('a locked version cannot be removed before its time, a hold not at all', async () => {
  await s3.ask('PUT', '/safe', { headers: { 'x-amz-bucket-object-lock-enabled': 'true' } });
  const until = new Date(clock.now() + 3_600_000).toISOString();
  const { headers } = await s3.ask('PUT', '/safe/a', {
    body: 'x',
    headers: { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': until },
  });
  const path = `/safe/a?versionId=${headers['x-amz-version-id']}`;
  expect((await s3.ask('DELETE', path)).status).toBe(403);
  expect((await s3.ask('DELETE', '/safe/a')).status).toBe(204);
  await s3.ask('PUT', `/safe/a?legal-hold&${path.split('?')[1]}`, {
    body: '<LegalHold><Status>ON</Status></LegalHold>',
  });
  await clock.advance(3_600_001);
  expect((await s3.ask('DELETE', path)).status).toBe(403);
  await s3.ask('PUT', `/safe/a?legal-hold&${path.split('?')[1]}`, {
    body: '<LegalHold><Status>OFF</Status></LegalHold>',
  });
  expect((await s3.ask('DELETE', path)).status).toBe(204);
});

test('rules of a lifecycle remove what is due at midnight', async () => {
  const rules = `<LifecycleConfiguration><Rule><ID>tmp</ID><Status>Enabled</Status><Filter><Prefix>tmp/</Prefix></Filter>
    <Expiration><Days>2</Days></Expiration></Rule></LifecycleConfiguration>`;
  expect((await s3.ask('PUT', '/box?lifecycle', { body: rules })).status).toBe(200);
  await s3.ask('PUT', '/box/tmp/a', { body: 'x' });
  await s3.ask('PUT', '/box/stays', { body: 'x' });
  const head = await s3.ask('HEAD', '/box/tmp/a');
  expect(head.headers['x-amz-expiration']).toMatch(/^expiry-date="[^"]+ 00:00:00 GMT", rule-id="tmp"$/);
  await clock.advance(24 * 3_600_000);
  expect((await s3.ask('HEAD', '/box/tmp/a')).status).toBe(200);
  await clock.advance(2 * 24 * 3_600_000);
  expect((await s3.ask('HEAD', '/box/tmp/a')).status).toBe(404);
  expect((await s3.ask('HEAD', '/box/stays')).status).toBe(200);
});
