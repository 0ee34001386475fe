import { expect, test } from 'vitest';
import { explainUnknownOptions } from '../../../src/cli/unknown-options.ts';

const known = ['http-port', 'aws-port', 'journal', 'json', 'max-instances', 'watch'];

test.each([
  [
    ['dev', '--http-prot', '1'],
    'Unknown arguments: http-prot, httpProt',
    'unknown option --http-prot: did you mean --http-port?',
  ],
  [
    ['dev', '--no-jornal'],
    'Unknown argument: jornal',
    'unknown option --no-jornal: did you mean --no-journal?',
  ],
  [['dev', '--wath=false'], 'Unknown argument: wath', 'unknown option --wath: did you mean --watch?'],
  [['dev', '--such', '-x'], 'Unknown arguments: such, x', 'unknown option --such\nunknown option -x'],
])('%j', (words, message, told) => {
  expect(explainUnknownOptions(message, words, known)).toBe(told);
});

test('what the parser says of other things is left as it is', () => {
  for (const message of ['Unknown argument: more', 'Not enough arguments: expected 1, found 0'])
    expect(explainUnknownOptions(message, ['invoke', 'fn', 'more'], known)).toBe(message);
});
