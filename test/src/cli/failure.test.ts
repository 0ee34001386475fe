import { expect, test } from 'vitest';
import yargs from 'yargs';
import { explainFailure } from '../../../src/cli/failure.ts';

async function explained(failure: unknown) {
  const lines: string[] = [];
  const exitCode = explainFailure(failure, (line) => lines.push(line));
  return { exitCode, text: lines.join('\n') };
}

test('an option without its value is wrong usage, not a bug', async () => {
  const parse = async () => {
    await yargs(['--config'])
      .option('config', { type: 'string', requiresArg: true })
      .fail((_, thrown) => {
        throw thrown;
      })
      .parseAsync();
  };
  const failure = await parse().catch((thrown: unknown) => thrown);
  const { exitCode, text } = await explained(failure);
  expect(exitCode).toBe(2);
  expect(text).toContain('Not enough arguments following: config');
});

test('anything else that is thrown is a bug, with its stack', async () => {
  const { exitCode, text } = await explained(new TypeError('x is undefined'));
  expect(exitCode).toBe(70);
  expect(text).toContain('TypeError: x is undefined');
});
