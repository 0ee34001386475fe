import { expect, onTestFinished, test } from 'vitest';
import { startS3 } from './running-s3.ts';

const message = { arn: 'arn:aws:s3:::failures', key: 'aws/lambda/x', body: '{"n":"é"}' };

test('what another service puts into a bucket is an object like any other, after a restart too', async () => {
  const first = await startS3();
  let s3 = first;
  onTestFinished(() => s3.close());
  await first.ask('PUT', '/failures');
  expect(first.emulator.accept?.(message)).toBe(true);
  await first.stop();
  s3 = await first.again();
  const { status, headers, text } = await s3.ask('GET', '/failures/aws/lambda/x');
  expect({ status, text }).toEqual({ status: 200, text: message.body });
  expect(headers['content-type']).toBe('application/json');
  expect(headers['content-length']).toBe('10');
});

test.each([
  ['there is no such bucket', message],
  ['it is for another service', { ...message, arn: 'arn:aws:sqs:us-east-1:000000000000:failures' }],
  ['it has no key', { arn: message.arn, body: '' }],
])('nothing is taken where %s', async (_, given) => {
  const s3 = await startS3();
  onTestFinished(() => s3.close());
  if (!('key' in given)) await s3.ask('PUT', '/failures');
  expect(s3.emulator.accept?.(given)).toBe(false);
  expect((await s3.ask('GET', '/failures')).text).not.toContain('<Contents>');
});
