import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/model/invocation.ts';
import { logText, logTexts } from '../../../src/model/log-text.ts';

const node = { runtime: 'nodejs22.x', env: {} };
const python = { runtime: 'python3.12', env: {} };
const line = (text: string, level?: LogLine['level'], stream: LogLine['stream'] = 'stdout'): LogLine => ({
  at: 0,
  stream,
  text,
  ...(level && { level }),
});

test.each([
  ['console of Node.js', node, line('hello', 'INFO'), '1970-01-01T00:00:00.000Z\tr1\tINFO\thello'],
  ['logging of Python', python, line('hello', 'WARN'), '[WARNING]\t1970-01-01T00:00:00.000Z\tr1\thello'],
  ['error nobody caught in Python', python, line('[ERROR] E: no', 'ERROR'), '[ERROR] E: no'],
  ['raw output', node, line('hello'), 'hello'],
  ['another runtime', { runtime: 'ruby3.3', env: {} }, line('hello', 'INFO'), 'hello'],
  ['JSON by its settings', { ...node, logging: { format: 'JSON' } } as const, line('{}', 'INFO'), '{}'],
  ['JSON by its environment', { ...node, env: { AWS_LAMBDA_LOG_FORMAT: 'json' } }, line('{}', 'INFO'), '{}'],
  ['a word of ours', node, line('note', 'WARN', 'platform'), 'note'],
])('%s has the fields the cloud’s log has', (_, fn, given, text) => {
  expect(logText(given, 'r1', fn)).toBe(text);
});

test.each([
  ['nodejs22.x', 'undefined'],
  ['nodejs24.x', '-'],
])('what is printed before the event begins names no request: %s', (runtime, none) => {
  const lines = [
    line('INIT_START', undefined, 'platform'),
    line('loading', 'INFO'),
    line('START RequestId: r1 Version: $LATEST', undefined, 'platform'),
    line('running', 'INFO'),
  ];
  const texts = logTexts(lines, 'r1', { runtime, env: {} });
  expect(texts[1]).toBe(`1970-01-01T00:00:00.000Z\t${none}\tINFO\tloading`);
  expect(texts[3]).toBe('1970-01-01T00:00:00.000Z\tr1\tINFO\trunning');
});
