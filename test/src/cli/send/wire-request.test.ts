import { expect, test } from 'vitest';
import { answerText, readAnswer } from '../../../../src/cli/send/answer.ts';
import { linesOf } from '../../../../src/cli/send/bodies.ts';
import { type Sending, wireRequest } from '../../../../src/cli/send/wire-request.ts';

const sending = (more: Partial<Sending>): Sending => ({
  ...{ kind: 'queue', name: 'work', body: Buffer.from('{"id":1}'), region: 'eu-west-1' },
  ...{ accountId: '000000000000', attributes: [], waits: false, ...more },
});
const inputOf = (more: Partial<Sending>) => JSON.parse(wireRequest(sending(more)).body.toString());

test('a message goes to its queue with attributes, group and delay', () => {
  const given = { attributes: ['kind=a=b', 'size=5'], group: 'g', deduplication: 'd', delaySeconds: 3 };
  expect(inputOf(given)).toEqual({
    QueueUrl: 'http://localhost/000000000000/work',
    MessageBody: '{"id":1}',
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'a=b' },
      size: { DataType: 'Number', StringValue: '5' },
    },
    MessageGroupId: 'g',
    MessageDeduplicationId: 'd',
    DelaySeconds: 3,
  });
});

test.each([
  [
    { kind: 'topic', subject: 's' },
    { TopicArn: 'arn:aws:sns:eu-west-1:000000000000:work', Subject: 's' },
  ],
  [{ kind: 'bus', type: 't' }, { Entries: [{ EventBusName: 'work', DetailType: 't', Detail: '{"id":1}' }] }],
  [
    { kind: 'stream', key: 'k' },
    { StreamName: 'work', Data: 'eyJpZCI6MX0=', PartitionKey: 'k' },
  ],
  [{ kind: 'table' }, { TableName: 'work', Item: { id: { N: '1' } } }],
] as const)('%j is put as the service takes it', (more, input) => {
  expect(inputOf(more)).toMatchObject(input);
});

test('an object goes to its key, byte for byte', () => {
  const body = Buffer.from([0, 255]);
  const wire = wireRequest(
    sending({ kind: 'bucket', name: 'photos', key: 'a b/ü?.txt', body, attributes: ['by=me'] }),
  );
  expect(wire).toMatchObject({
    method: 'PUT',
    path: '/photos/a%20b/%C3%BC%3F.txt',
    headers: { 'x-amz-meta-by': 'me' },
    body,
  });
});

test('a function runs in the background unless its answer is waited for', () => {
  const type = (waits: boolean) =>
    wireRequest(sending({ kind: 'function', waits })).headers['x-amz-invocation-type'];
  expect([type(false), type(true)]).toEqual(['Event', 'RequestResponse']);
});

test.each([
  [{ attributes: ['x'] }, 'NAME=VALUE'],
  [{ body: Buffer.from([255]) }, 'UTF-8'],
  [{ kind: 'table', body: Buffer.from('[1]') }, 'plain JSON'],
  [{ kind: 'bucket' }, 'needs a key'],
] as const)('%j is refused', (more, words) => {
  expect(() => wireRequest(sending(more))).toThrow(words);
});

test('refusals are told in the words of the service', () => {
  const answer = (status: number, text: string) => ({ status, headers: {}, text });
  const read = (more: Partial<Sending>, status: number, text: string) => () =>
    readAnswer(sending(more), answer(status, text));
  expect(read({}, 400, '{"__type":"com.x#QueueDoesNotExist","message":"no such queue"}')).toThrow(
    'nothing was sent to the queue "work": QueueDoesNotExist: no such queue',
  );
  expect(
    read({ kind: 'bucket' }, 404, '<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>'),
  ).toThrow('NoSuchBucket: gone');
  expect(
    read({ kind: 'bus' }, 200, '{"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"bad"}]}'),
  ).toThrow('MalformedDetail: bad');
  expect(read({}, 502, 'what')).toThrow('status 502');
  const named = { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, text: '{}' };
  expect(() => readAnswer(sending({ kind: 'function' }), named)).toThrow('ResourceNotFoundException');
});

test('what was answered is told in short', () => {
  const bus = readAnswer(sending({ kind: 'bus' }), {
    status: 200,
    headers: {},
    text: '{"FailedEntryCount":0,"Entries":[{"EventId":"e1"}]}',
  });
  expect(answerText(sending({ kind: 'bus' }), bus)).toBe('event e1');
  expect(answerText(sending({}), { MessageId: 'm1' })).toBe('message m1');
});

test('lines are sent one by one, empty ones not at all', () => {
  expect(linesOf(Buffer.from('{"a":1}\r\n\n{"a":2}\n')).map(String)).toEqual(['{"a":1}', '{"a":2}']);
});
