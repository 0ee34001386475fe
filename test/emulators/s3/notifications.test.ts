import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BucketTrigger } from '../../../src/model/project.ts';
import type { BucketResource } from '../../../src/model/resources.ts';
import { ORIGIN } from '../_wire/running-endpoint.ts';
import { makeFunction } from '../world.ts';
import { type RunningS3, startS3, texts } from './running-s3.ts';

let s3: RunningS3;
beforeEach(async () => {
  s3 = await startS3();
});
afterEach(async () => {
  expect(s3.endpoint.bugs).toEqual([]);
  await s3.close();
});

const bucket: BucketResource = { kind: 'bucket', name: 'box', configurations: {}, notifications: [] };
const trigger = (more: Partial<BucketTrigger> = {}): BucketTrigger => ({
  ...{ kind: 'bucket', functionId: 'worker', bucket: 'box', events: ['s3:ObjectCreated:*'] },
  ...more,
});
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:work';
const eventNames = () => s3.world.enqueued.map(({ event }) => JSON.parse(event).Records[0].eventName);

test('a function is told of a new object as the service tells it', async () => {
  await s3.emulator.apply([bucket], [trigger()]);
  await s3.ask('PUT', '/box/in%20box/a%2Bb.txt', { body: 'hello' });
  const [request] = s3.world.enqueued;
  expect(request).toMatchObject({
    functionId: 'worker',
    cause: { kind: 'bucket', bucket: 'box', key: 'in box/a+b.txt', event: 'ObjectCreated:Put' },
    origin: ORIGIN,
  });
  expect(JSON.parse(request?.event ?? '')).toEqual({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu-west-1',
        eventTime: '2026-01-01T00:00:00.000Z',
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:000000000000' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'worker-notification',
          bucket: {
            name: 'box',
            ownerIdentity: { principalId: '0'.repeat(64) },
            arn: 'arn:aws:s3:::box',
          },
          object: {
            key: 'in+box/a%2Bb.txt',
            size: 5,
            eTag: '5d41402abc4b2a76b9719d911017c592',
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
        },
      },
    ],
  });
});

test('only events that were asked for, of keys that fit', async () => {
  await s3.emulator.apply(
    [bucket],
    [trigger({ events: ['s3:ObjectRemoved:*', 's3:ObjectCreated:Copy'], prefix: 'in/', suffix: '.txt' })],
  );
  for (const key of ['in/a.txt', 'in/a.png', 'out/a.txt']) await s3.ask('PUT', `/box/${key}`, { body: 'x' });
  await s3.ask('PUT', '/box/in/b.txt', { headers: { 'x-amz-copy-source': '/box/in/a.txt' } });
  for (const key of ['in/a.txt', 'in/a.png', 'out/a.txt', 'in/none.txt'])
    await s3.ask('DELETE', `/box/${key}`);
  expect(eventNames()).toEqual(['ObjectCreated:Copy', 'ObjectRemoved:Delete']);
});

test('queues and the event bus of the project file are told; who answers nowhere is named once', async () => {
  const bus = 'arn:aws:events:eu-west-1:000000000000:event-bus/default';
  s3.world.peers.add(QUEUE);
  const events = ['s3:ObjectCreated:*'];
  await s3.emulator.apply(
    [
      {
        ...bucket,
        notifications: [
          { arn: QUEUE, events },
          { arn: bus, events: ['s3:*'] },
        ],
      },
    ],
    [],
  );
  await s3.ask('PUT', '/box/a', { body: 'x' });
  await s3.ask('PUT', '/box/a', { body: 'x' });
  expect(s3.world.sent.map(({ arn }) => arn)).toEqual([QUEUE, QUEUE]);
  expect(s3.world.notices).toEqual([expect.stringContaining(bus)]);
  s3.world.peers.add(bus);
  await s3.ask('DELETE', '/box/a');
  expect(JSON.parse(s3.world.sent.at(-1)?.body ?? '')).toMatchObject({
    'detail-type': 'Object Deleted',
    source: 'aws.s3',
    resources: ['arn:aws:s3:::box'],
    detail: { bucket: { name: 'box' }, object: { key: 'a' }, 'deletion-type': 'Permanently Deleted' },
  });
});

test('a configuration put through the API is checked, tested and answered', async () => {
  s3.world.functions = [makeFunction()];
  s3.world.peers.add(QUEUE);
  await s3.ask('PUT', '/box');
  const put = (content: string) =>
    s3.ask('PUT', '/box?notification', {
      body: `<NotificationConfiguration>${content}</NotificationConfiguration>`,
    });
  const queue = (arn: string) =>
    `<QueueConfiguration><Queue>${arn}</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>`;
  const fn = `<CloudFunctionConfiguration><Id>mine</Id><CloudFunction>${makeFunction().arn}</CloudFunction><Event>s3:ObjectCreated:Put</Event>
    <Filter><S3Key><FilterRule><Name>prefix</Name><Value>in/</Value></FilterRule></S3Key></Filter></CloudFunctionConfiguration>`;
  expect((await put(queue(`${QUEUE}-none`))).status).toBe(400);
  expect((await put(queue(QUEUE).replace('ObjectCreated:*', 'Sneezed'))).status).toBe(400);
  expect((await put(queue(QUEUE) + fn)).status).toBe(200);
  expect(s3.world.sent.map(({ body }) => JSON.parse(body))).toMatchObject([
    { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'box' },
  ]);
  expect(texts((await s3.ask('GET', '/box?notification')).text, 'Id')).toEqual([expect.any(String), 'mine']);
  await s3.ask('PUT', '/box/in/a', { body: 'x' });
  expect(eventNames()).toEqual(['ObjectCreated:Put']);
  expect(s3.world.sent).toHaveLength(2);
  await put('');
  await s3.ask('PUT', '/box/in/a', { body: 'x' });
  expect(s3.world.sent).toHaveLength(2);
});

test('a bucket only a trigger names is made; one whose name is none is named', async () => {
  await s3.emulator.apply([{ ...bucket, name: 'Bad_Name' }], [trigger({ bucket: 'elsewhere' })]);
  expect((await s3.ask('HEAD', '/elsewhere')).status).toBe(200);
  expect(s3.world.notices).toEqual([
    expect.stringContaining('Bad_Name'),
    expect.stringContaining('elsewhere'),
  ]);
});

test('what the project file says no more goes, what the API set stays', async () => {
  const cors =
    '<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>';
  await s3.emulator.apply([{ ...bucket, configurations: { cors } }], []);
  await s3.ask('PUT', '/box?tagging', {
    body: '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>',
  });
  await s3.ask('PUT', '/box/a', { body: 'kept' });
  expect((await s3.ask('GET', '/box?cors')).status).toBe(200);
  await s3.emulator.apply([bucket], []);
  expect((await s3.ask('GET', '/box?cors')).status).toBe(404);
  expect((await s3.ask('GET', '/box?tagging')).status).toBe(200);
  expect((await s3.ask('GET', '/box/a')).text).toBe('kept');
});
