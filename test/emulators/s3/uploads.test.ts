import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { combineCrc, crc32c, crc64nvme } from '../../../emulators/s3/body/crc.ts';
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

const MB5 = 5 * 1024 * 1024;
const begin = async (headers = {}) =>
  texts((await s3.ask('POST', '/box/big?uploads', { headers })).text, 'UploadId')[0] ?? '';
const part = async (id: string, number: number, body: Buffer, headers = {}) =>
  (await s3.ask('PUT', `/box/big?partNumber=${number}&uploadId=${id}`, { body, headers })).headers.etag ?? '';
const complete = (id: string, etags: readonly string[], headers = {}) =>
  s3.ask('POST', `/box/big?uploadId=${id}`, {
    headers,
    body: `<CompleteMultipartUpload>${etags
      .map((etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
      .join('')}</CompleteMultipartUpload>`,
  });
const code = (xml: string) => texts(xml, 'Code')[0];
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

test('parts become one object, of which each can be read, and what was not named goes', async () => {
  const [first, last] = [Buffer.alloc(MB5, 'a'), Buffer.from('end')];
  const id = await begin({ 'content-type': 'text/plain' });
  await part(id, 1, Buffer.from('to be replaced'));
  const etags = [await part(id, 1, first), await part(id, 2, last)];
  await part(id, 3, Buffer.from('not named'));
  expect(texts((await s3.ask('GET', '/box?uploads')).text, 'UploadId')).toEqual([id]);
  expect(texts((await s3.ask('GET', `/box/big?uploadId=${id}&max-parts=2`)).text, 'PartNumber')).toEqual([
    '1',
    '2',
  ]);
  const done = await complete(id, etags);
  const etag = `${createHash('md5')
    .update(Buffer.concat([md5(first), md5(last)]))
    .digest('hex')}-2`;
  expect(texts(done.text, 'ETag')).toEqual([`&quot;${etag}&quot;`]);
  const got = await s3.ask('GET', '/box/big');
  expect(got.headers).toMatchObject({
    etag: `"${etag}"`,
    'content-type': 'text/plain',
    'content-length': `${MB5 + 3}`,
  });
  expect(got.text).toBe(`${first}${last}`);
  expect((await s3.ask('GET', '/box/big', { headers: { range: `bytes=${MB5 - 1}-${MB5}` } })).text).toBe(
    'ae',
  );
  const second = await s3.ask('GET', '/box/big?partNumber=2');
  expect(second).toMatchObject({ status: 206, text: 'end', headers: { 'x-amz-mp-parts-count': '2' } });
  expect(s3.bodies()).toHaveLength(2);
  expect((await complete(id, etags)).status).toBe(200);
  s3 = await s3.again();
  expect((await s3.ask('GET', '/box/big?partNumber=2')).text).toBe('end');
});

test('what is wrong with parts is said, and the upload goes on', async () => {
  const id = await begin();
  const small = await part(id, 1, Buffer.from('small'));
  const other = await part(id, 2, Buffer.from('other'));
  expect(code((await complete(id, [small, other])).text)).toBe('EntityTooSmall');
  expect(code((await complete(id, [small, '"nope"'])).text)).toBe('InvalidPart');
  expect(code((await complete(id, [])).text)).toBe('MalformedXML');
  expect(code((await complete('none', [small])).text)).toBe('NoSuchUpload');
  expect((await complete(id, [small])).status).toBe(200);
});

test('an upload that is given up leaves nothing', async () => {
  const id = await begin();
  await part(id, 1, Buffer.from('x'));
  expect(s3.bodies()).toHaveLength(1);
  expect((await s3.ask('DELETE', `/box/big?uploadId=${id}`)).status).toBe(204);
  expect(s3.bodies()).toEqual([]);
  expect(await part(id, 2, Buffer.from('y'))).toBe('');
  expect(s3.bodies()).toEqual([]);
});

test('a part can be copied from a range of another object', async () => {
  await s3.ask('PUT', '/box/source', { body: '0123456789' });
  const id = await begin();
  const copied = await s3.ask('PUT', `/box/big?partNumber=1&uploadId=${id}`, {
    headers: { 'x-amz-copy-source': '/box/source', 'x-amz-copy-source-range': 'bytes=2-5' },
  });
  await s3.ask('DELETE', '/box/source');
  await complete(id, [texts(copied.text, 'ETag')[0]?.replaceAll('&quot;', '"') ?? '']);
  expect((await s3.ask('GET', '/box/big')).text).toBe('2345');
});

test('checksums of parts make that of the whole, and attributes tell it', async () => {
  const [first, last] = [Buffer.alloc(MB5, 'a'), Buffer.from('end')];
  const whole = Buffer.concat([first, last]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(whole));
  const id = await begin({ 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' });
  const etags = [await part(id, 1, first), await part(id, 2, last)];
  const wrong = await complete(id, etags, { 'x-amz-checksum-crc32': 'AAAAAA==' });
  expect(code(wrong.text)).toBe('BadDigest');
  const done = await complete(id, etags, { 'x-amz-checksum-crc32': sum.toString('base64') });
  expect(texts(done.text, 'ChecksumCRC32')).toEqual([sum.toString('base64')]);
  const told = await s3.ask('GET', '/box/big?attributes', {
    headers: { 'x-amz-object-attributes': 'Checksum,ObjectParts,ObjectSize' },
  });
  expect(texts(told.text, 'ObjectSize')).toEqual([String(whole.length)]);
  expect(texts(told.text, 'PartsCount')).toEqual(['2']);
  expect(texts(told.text, 'ChecksumType')).toEqual(['FULL_OBJECT']);
});

test('an upload with a checksum of its parts is completed with the checksum of each part, and in its own mode', async () => {
  const body = Buffer.from('end');
  const id = await begin({ 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'COMPOSITE' });
  const etag = await part(id, 1, body);
  const completeWith = (checksum: string, headers = {}) =>
    s3.ask('POST', `/box/big?uploadId=${id}`, {
      headers,
      body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag>${checksum}</Part></CompleteMultipartUpload>`,
    });
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const own = `<ChecksumCRC32>${sum.toString('base64')}</ChecksumCRC32>`;
  const refused = async (...terms: Parameters<typeof completeWith>) => {
    const { status, text } = await completeWith(...terms);
    return [status, code(text), texts(text, 'Message')[0]];
  };
  expect(await refused('')).toEqual([
    400,
    'InvalidRequest',
    'The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.',
  ]);
  expect(await refused('<ChecksumSHA1>x</ChecksumSHA1>')).toEqual([
    400,
    'BadDigest',
    'The sha1 you specified for part 1 did not match what we received.',
  ]);
  expect(await refused('<ChecksumCRC32>AAAAAA==</ChecksumCRC32>')).toContain('InvalidPart');
  expect(await refused(own, { 'x-amz-checksum-type': 'FULL_OBJECT' })).toEqual([
    400,
    'InvalidRequest',
    'The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.',
  ]);
  const done = await completeWith(own, { 'x-amz-checksum-type': 'COMPOSITE' });
  expect(texts(done.text, 'ChecksumType')).toEqual(['COMPOSITE']);
});

test('the checks are those of the standards, and those of pieces make that of the whole', () => {
  const text = Buffer.from('123456789');
  expect(crc32c(text).toString(16)).toBe('e3069283');
  expect(crc64nvme(text).toString(16)).toBe('ae8b14860a799888');
  const [a, b] = [Buffer.alloc(1000, 'a'), Buffer.alloc(77, 'b')];
  const both = Buffer.concat([a, b]);
  expect(combineCrc('CRC32', BigInt(crc32(a)), BigInt(crc32(b)), 77)).toBe(BigInt(crc32(both)));
  expect(combineCrc('CRC32C', BigInt(crc32c(a)), BigInt(crc32c(b)), 77)).toBe(BigInt(crc32c(both)));
  expect(combineCrc('CRC64NVME', crc64nvme(a), crc64nvme(b), 77)).toBe(crc64nvme(both));
  expect(crc32c(b, crc32c(a))).toBe(crc32c(both));
  expect(crc64nvme(b, crc64nvme(a))).toBe(crc64nvme(both));
});
