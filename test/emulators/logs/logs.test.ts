/** CloudWatch Logs as a target: what is written where, and what is refused. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logs } from '../../../emulators/logs/index.ts';
import type { JsonObject, RunningEmulator } from '../../../src/model/emulator.ts';
import type { JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

let world: World;
let running: RunningEmulator;
beforeEach(async () => {
  world = makeWorld();
  running = await logs.start(world.context);
});
afterEach(() => world.store.close());

const call = (operation: string, input: JsonObject) =>
  callOperation(running.api as JsonApi, operation, input);
const path = (name: string) => join(world.context.folder, 'logs', name);
const read = (name: string) => readFileSync(path(name), 'utf8');
const at = (hours: number) => world.clock.now() + hours * 3_600_000;
const put = (logEvents: JsonObject[]) =>
  call('PutLogEvents', { logGroupName: '/shop/audit', logStreamName: 's', logEvents });

test('events are lines of the group’s file, whoever writes them', async () => {
  await put([
    { timestamp: at(0), message: 'a' },
    { timestamp: at(0), message: '{"b":1}' },
  ]);
  const message = { arn: 'arn:aws:logs:eu-west-1:000000000000:log-group:/shop/audit:*', body: 'c' };
  expect(running.accept?.(message)).toBe(true);
  expect(running.accept?.({ arn: 'arn:aws:sqs:eu-west-1:000000000000:q', body: 'c' })).toBe(false);
  expect(read('+shop+audit.log')).toBe('a\n{"b":1}\nc\n');
  expect(world.notices).toEqual([
    `what is written to the log group /shop/audit is in ${path('+shop+audit.log')}`,
  ]);
});

test('groups whose names are alike have files of their own, and none is outside of the folder', async () => {
  const groups = ['/a/b', 'a/b', 'a-b', 'a+b', 'a%2bb', '..', '../b', 'x'.repeat(300), 'x'.repeat(301), 'é'];
  for (const group of groups) running.accept?.({ arn: `arn:aws:logs:::log-group:${group}`, body: group });
  const files = readdirSync(path('')).sort();
  expect(files).toHaveLength(groups.length);
  expect(files).toEqual(expect.arrayContaining(['+a+b.log', 'a+b.log', 'a-b.log', '..+b.log', '%c3a9.log']));
  expect(read('a+b.log')).toBe('a/b\n');
});

test('members of a universal target begin with a capital', async () => {
  const LogEvents = [{ Timestamp: at(0), Message: 'a' }];
  expect(await call('PutLogEvents', { LogGroupName: 'g', LogStreamName: 's', LogEvents })).toEqual({});
  expect(read('g.log')).toBe('a\n');
});

test('what is too old or too new is left out, and said', async () => {
  const day = 24;
  expect(await put([{ timestamp: at(-14 * day - 1), message: 'old' }])).toEqual({
    rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
  });
  const events = [
    { timestamp: at(0), message: 'now' },
    { timestamp: at(3), message: 'later' },
  ];
  expect(await put(events)).toEqual({ rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 } });
  expect(read('+shop+audit.log')).toBe('now\n');
  expect(world.notices).toContain(
    '1 of 2 events for the log group /shop/audit are left out: older than 14 days, or more than 2 hours ahead',
  );
});

test.each<[string, JsonObject, RegExp]>([
  ['no events', { logEvents: [] }, /between 1 and 10000/],
  ['no message', { logEvents: [{ timestamp: 1, message: '' }] }, /logEvents\.1\.member\.message/],
  ['no time', { logEvents: [{ message: 'a' }] }, /logEvents\.1\.member\.timestamp/],
  [
    'a wrong order',
    {
      logEvents: [
        { timestamp: 2, message: 'a' },
        { timestamp: 1, message: 'b' },
      ],
    },
    /chronological order/,
  ],
  [
    'more than a day',
    {
      logEvents: [
        { timestamp: 0, message: 'a' },
        { timestamp: 86_400_001, message: 'b' },
      ],
    },
    /cannot span more than 24 hours/,
  ],
  [
    'more than a megabyte',
    { logEvents: [{ timestamp: 1, message: 'x'.repeat(1_048_551) }] },
    /Upload too large: 1048577 bytes exceeds limit of 1048576/,
  ],
  ['a name that is none', { logGroupName: 'a b' }, /'logGroupName' failed/],
  ['no stream', { logStreamName: null }, /'logStreamName' failed/],
])('%s is refused, and nothing is written', async (_what, more, message) => {
  const logEvents = [{ timestamp: at(0), message: 'a' }];
  await expect(
    (async () => call('PutLogEvents', { logGroupName: 'g', logStreamName: 's', logEvents, ...more }))(),
  ).rejects.toMatchObject({ code: 'InvalidParameterException', message });
  expect(existsSync(path('g.log'))).toBe(false);
});

test('a group and a stream are made once', async () => {
  await call('CreateLogGroup', { logGroupName: 'g' });
  await call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' });
  for (const [operation, input] of [
    ['CreateLogGroup', { logGroupName: 'g' }],
    ['CreateLogStream', { logGroupName: 'g', logStreamName: 's' }],
  ] as const)
    await expect((async () => call(operation, input))()).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
});
