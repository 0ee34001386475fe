import { expect, test } from 'vitest';
import { asServiceError } from '../../../emulators/_wire/failures.ts';
import { DiskFull, isDiskFull, transactionFailure } from '../../../src/std/disk-full.ts';

const failure = (code: unknown) => Object.assign(new Error('what the system said'), { code });

test('what lmdb throws on a full disk is told as such; other failures stay as they are', () => {
  for (const code of [5, 28]) expect(transactionFailure(failure(code))).toBeInstanceOf(DiskFull);
  for (const other of [failure(-30_792), failure('EACCES'), 'text'])
    expect(transactionFailure(other)).toBe(other);
});

test.each(['ENOSPC', 'EDQUOT'])('%s is a full disk', (code) => {
  expect(isDiskFull(failure(code))).toBe(true);
  expect(isDiskFull(failure('EACCES'))).toBe(false);
});

test.each([
  ['sqs', 'ServiceUnavailable', 503],
  ['dynamodb', 'InternalServerError', 500],
  ['events', 'InternalException', 500],
  ['sts', 'InternalFailure', 500],
])('a full disk is the failure of %s in its own words, not a bug of ours', (service, code, status) => {
  const bugs: unknown[] = [];
  const where = { service, operation: 'SendMessage', requestId: 'r' };
  const told = asServiceError(new DiskFull(failure(5)), where, (thrown) => bugs.push(thrown));
  expect(told).toMatchObject({ code, status, message: expect.stringContaining('The disk is full') });
  expect(bugs).toEqual([]);
});
