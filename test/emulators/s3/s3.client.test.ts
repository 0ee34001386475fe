/** S3 through the clients people use: SDK v3 with its upload and presigning libraries, awscli. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { type RunningS3, startS3 } from './running-s3.ts';

let s3: RunningS3;
beforeAll(async () => {
  s3 = await startS3({ clock: makeSystemClock() });
});
afterAll(async () => {
  expect(s3.endpoint.bugs).toEqual([]);
  await s3.close();
});

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
/** Every name is this machine, as the system's resolver has it for names below localhost. */
const resolving = new NodeHttpHandler({
  httpAgent: new Agent({
    lookup: (_, options, done) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
  }),
});
const styles: [string, (url: string) => S3ClientConfig][] = [
  ['an address (buckets in the path)', (url) => ({ endpoint: url })],
  [
    'a name (buckets in the host name)',
    (url) => ({ endpoint: url.replace('127.0.0.1', 's3.localhost'), requestHandler: resolving }),
  ],
];

describe.each(styles)('SDK v3, endpoint with %s', (_, settings) => {
  let client: S3Client;
  const Bucket = `box-${randomBytes(4).toString('hex')}`;
  beforeAll(async () => {
    client = new S3Client({ region: 'us-east-1', credentials, ...settings(s3.endpoint.url) });
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => client.destroy());
  const textOf = async (Key: string, more = {}) =>
    (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

  test('buffers and streams are stored with their checksums, and read back', async () => {
    const put = await client.send(
      new PutObjectCommand({ Bucket, Key: 'a/b c+ü', Body: 'hello', Metadata: { who: 'me' } }),
    );
    expect(put.ChecksumCRC32).toBe('NhCmhg==');
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b c+ü', ChecksumMode: 'ENABLED' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({ Metadata: { who: 'me' }, ChecksumCRC32: 'NhCmhg==', ETag: put.ETag });
    const body = randomBytes(300_000);
    const pieces = [body.subarray(0, 100_001), body.subarray(100_001)];
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream',
        Body: Readable.from(pieces),
        ContentLength: body.length,
      }),
    );
    const back = await client.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(Buffer.from((await back.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('checksum %s', async (algorithm) => {
    await client.send(
      new PutObjectCommand({ Bucket, Key: algorithm, Body: 'hello', ChecksumAlgorithm: algorithm }),
    );
    const head = await client.send(
      new HeadObjectCommand({ Bucket, Key: algorithm, ChecksumMode: 'ENABLED' }),
    );
    expect(head[`Checksum${algorithm}`]).toMatch(/=$/);
    expect(head.ChecksumType).toBe('FULL_OBJECT');
  });

  test('lib-storage uploads a long stream of unknown length in parts', async () => {
    const chunk = randomBytes(1024 * 1024);
    const sent = createHash('sha256');
    async function* pieces() {
      for (let n = 0; n < 32; n++) {
        const piece = chunk.subarray(n * 1000);
        sent.update(piece);
        yield piece;
      }
    }
    const body = Readable.from(pieces());
    const upload = new Upload({ client, params: { Bucket, Key: 'big', Body: body }, queueSize: 4 });
    const partsDone = new Set<number | undefined>();
    upload.on('httpUploadProgress', ({ part }) => void partsDone.add(part));
    await upload.done();
    const { Body: back, ContentLength: size = 0 } = await client.send(
      new GetObjectCommand({ Bucket, Key: 'big' }),
    );
    const got = createHash('sha256');
    for await (const piece of back as Readable) got.update(piece as Buffer);
    expect(got.digest('hex')).toBe(sent.digest('hex'));
    expect(partsDone.size).toBe(Math.ceil(size / (5 * 1024 * 1024)));
    const told = await client.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'big', ObjectAttributes: ['ObjectParts', 'ObjectSize'] }),
    );
    expect(told).toMatchObject({ ObjectSize: size, ObjectParts: { TotalPartsCount: partsDone.size } });
  });

  test('lib-storage leaves nothing of an upload whose stream breaks', async () => {
    const chunk = Buffer.alloc(6 * 1024 * 1024);
    async function* broken() {
      yield chunk;
      yield chunk;
      throw new Error('the disk was pulled');
    }
    const upload = new Upload({ client, params: { Bucket, Key: 'torn', Body: Readable.from(broken()) } });
    await expect(upload.done()).rejects.toThrow('the disk was pulled');
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).toEqual([]);
    await expect(textOf('torn')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('errors are those the SDK knows', async () => {
    const missing = client.send(new GetObjectCommand({ Bucket, Key: 'nothing' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    const taken = client.send(new PutObjectCommand({ Bucket, Key: 'a/b c+ü', Body: 'x', IfNoneMatch: '*' }));
    await expect(taken).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('copying, listing page by page, deleting many', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'list/1', Body: '1' }));
    for (const n of [2, 3])
      await client.send(new CopyObjectCommand({ Bucket, Key: `list/${n}`, CopySource: `${Bucket}/list/1` }));
    const keys: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Prefix: 'list/' }))
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
    expect(keys).toEqual(['list/1', 'list/2', 'list/3']);
    await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/' }))).KeyCount).toBe(0);
  });

  test('versions', async () => {
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'v', Body: 'one' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'v', Body: 'two' }));
    expect(await textOf('v')).toBe('two');
    expect(await textOf('v', { VersionId })).toBe('one');
  });
});

test('presigned addresses read and write', async () => {
  const client = new S3Client({ endpoint: s3.endpoint.url, region: 'us-east-1', credentials });
  await client.send(new CreateBucketCommand({ Bucket: 'signed' }));
  const target = { Bucket: 'signed', Key: 'a b' };
  const put = await getSignedUrl(client, new PutObjectCommand(target), { expiresIn: 60 });
  expect((await fetch(put, { method: 'PUT', body: 'hello' })).status).toBe(200);
  const get = await getSignedUrl(client, new GetObjectCommand(target), { expiresIn: 60 });
  expect(await (await fetch(get)).text()).toBe('hello');
  client.destroy();
});

await describeWithTool('awscli', 'awscli', (program) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sls-local-aws-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const aws = async (...words: string[]) => {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'us-east-1',
    };
    const { stdout } = await promisify(execFile)(program, ['--endpoint-url', s3.endpoint.url, ...words], {
      env,
    });
    return stdout;
  };

  test('mb, cp, sync, ls, rm and rb', { timeout: 120_000 }, async () => {
    await aws('s3', 'mb', 's3://cli-box');
    const big = randomBytes(9 * 1024 * 1024);
    mkdirSync(join(folder, 'in', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'in', 'big.bin'), big);
    writeFileSync(join(folder, 'in', 'deep', 'ü x.txt'), 'hello');
    await aws('s3', 'sync', join(folder, 'in'), 's3://cli-box/up', '--quiet');
    expect(await aws('s3', 'ls', '--recursive', 's3://cli-box')).toMatch(
      /9437184 up\/big\.bin\n.* 5 up\/deep\/ü x\.txt\n$/,
    );
    await aws('s3', 'cp', 's3://cli-box/up/big.bin', join(folder, 'out.bin'), '--quiet');
    expect(readFileSync(join(folder, 'out.bin')).equals(big)).toBe(true);
    expect(await aws('s3', 'sync', join(folder, 'in'), 's3://cli-box/up')).toBe('');
    await aws('s3', 'rm', 's3://cli-box', '--recursive', '--quiet');
    expect(await aws('s3', 'rb', 's3://cli-box')).toContain('remove_bucket: cli-box');
  });
});
