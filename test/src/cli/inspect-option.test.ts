import { expect, test } from 'vitest';
import yargs from 'yargs';
import { inspectOption, parseInspectPort, spellOutInspect } from '../../../src/cli/inspect-option.ts';

/** What a command with words of its own sees. */
function parse(line: string): { port: number | undefined; words: (string | number)[] } {
  const args = yargs(spellOutInspect(line.split(' ')))
    .options({ inspect: inspectOption('Debug'), json: { type: 'boolean' } })
    .parseSync();
  return { port: parseInspectPort(args.inspect), words: args._ };
}

test.each([
  ['replay --inspect 19a3f0', 9229, ['replay', '19a3f0']],
  ['replay 19a3f0 --inspect', 9229, ['replay', '19a3f0']],
  ['replay --inspect 12345678', 9229, ['replay', 12345678]],
  ['replay --inspect 9230 19a3f0', 9230, ['replay', '19a3f0']],
  ['replay 19a3f0 --inspect 9230', 9230, ['replay', '19a3f0']],
  ['replay --inspect=9230 19a3f0', 9230, ['replay', '19a3f0']],
  ['dev --inspect', 9229, ['dev']],
  ['dev --inspect --json', 9229, ['dev']],
  ['dev --json --inspect', 9229, ['dev']],
  ['dev --inspect=0', 0, ['dev']],
  ['dev --inspect 0', 0, ['dev']],
  ['dev --inspect --inspect=9300', 9300, ['dev']],
  ['dev', undefined, ['dev']],
  ['dev --no-inspect', undefined, ['dev']],
  ['invoke fn -- --inspect', undefined, ['invoke', 'fn', '--inspect']],
])('%s listens on %s', (line, port, words) => {
  expect(parse(line)).toEqual({ port, words });
});

test.each(['abc', '', '-1', '70000', '9229.5', '0x2406', '0.0.0.0:9229', 'true'])(
  '--inspect=%s is refused and quoted',
  (value) => {
    expect(() => parse(`dev --inspect=${value}`)).toThrow(
      expect.objectContaining({
        code: 'inspect-port',
        exitCode: 2,
        message: expect.stringContaining(`not "${value}"`),
      }),
    );
  },
);

test('a port that is given as a number is taken as it is', () => {
  expect(parseInspectPort(9230)).toBe(9230);
});
