import { expect, test } from 'vitest';
import yargs from 'yargs';
import {
  type SessionArguments,
  sessionOptions,
  withSessionOptions,
} from '../../../src/cli/session-options.ts';

const flagsOf = (...words: string[]) => {
  const args = withSessionOptions(yargs(words)).parseSync() as unknown as SessionArguments;
  return sessionOptions({ root: '/srv', load: { parameters: {}, options: {}, env: {} } }, args).flags;
};

test('only what the command line says itself is a flag', () => {
  expect(flagsOf()).toEqual({});
  expect(flagsOf('--no-freeze', '--cold', 'fast', '--max-instances', '3', '--no-journal')).toEqual({
    ...{ freeze: false, cold: 'fast', maxInstances: 3, journal: false },
  });
  expect(flagsOf('--timeout-mode', 'keep', '--memory-budget', '90', '--durability', 'power')).toEqual({
    ...{ timeoutMode: 'keep', memoryBudget: 90, durability: 'power' },
  });
});
