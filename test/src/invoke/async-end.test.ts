import { expect, test } from 'vitest';
import { type AsyncEnd, deadLetter, destinationRecord } from '../../../src/invoke/async-end.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import { makeFunction } from '../../emulators/world.ts';

const endOf = (outcome: Outcome | undefined, more: Partial<AsyncEnd> = {}): AsyncEnd => ({
  fn: makeFunction(),
  request: {
    functionId: 'worker',
    event: '{"big":12345678901234567890}',
    cause: { kind: 'cli' },
    requestId: 'r',
  },
  condition: 'RetriesExhausted',
  invokeCount: 1,
  outcome,
  span: { traceId: 't', parentId: 's' },
  at: 0,
  ...more,
});

test('event and answer stand in the record as they are, to the last digit', () => {
  const text = destinationRecord(endOf({ status: 'ok', payload: '1.50' }, { condition: 'Success' }));
  expect(text).toBe(
    '{"version":"1.0","timestamp":"1970-01-01T00:00:00.000Z","requestContext":{"requestId":"r",' +
      '"functionArn":"arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker:$LATEST",' +
      '"condition":"Success","approximateInvokeCount":1},"requestPayload":{"big":12345678901234567890},' +
      '"responseContext":{"statusCode":200,"executedVersion":"$LATEST"},"responsePayload":1.50}',
  );
});

test('an end the platform tells of has its error as the caller of a function gets it', () => {
  const record = JSON.parse(destinationRecord(endOf({ status: 'timeout', afterMs: 3000 })));
  expect(record.responsePayload).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: 'RequestId: r Error: Task timed out after 3.00 seconds',
  });
});

test('a dead letter keeps one kilobyte of the message, whole characters only, and never an empty one', () => {
  const messageOf = (errorMessage: string) =>
    deadLetter(endOf({ status: 'error', phase: 'invoke', error: { errorType: 'E', errorMessage } }))
      .attributes?.ErrorMessage?.value;
  expect(messageOf(`a${'é'.repeat(600)}`)).toBe(`a${'é'.repeat(511)}`);
  expect(messageOf('')).toBe(' ');
});

test('a door that failed is an error of the service', () => {
  expect(deadLetter(endOf(undefined, { condition: 'EventAgeExceeded' })).attributes).toMatchObject({
    ErrorCode: { value: '500' },
    ErrorMessage: { value: 'EventAgeExceeded' },
  });
});

test('a version is named by its own ARN and number', () => {
  const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:shop-dev-worker:7';
  const fn = { ...makeFunction(), arn, version: '7' };
  const record = JSON.parse(destinationRecord(endOf({ status: 'ok', payload: '1' }, { fn })));
  expect(record).toMatchObject({
    requestContext: { functionArn: arn },
    responseContext: { executedVersion: '7' },
  });
});
