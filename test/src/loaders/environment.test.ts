import { expect, test } from 'vitest';
import { parseDotenv } from '../../../src/loaders/environment.ts';

test('a .env file: quotes, comments, export, empty values, several lines', () => {
  expect(
    parseDotenv(
      [
        '# a comment',
        'PLAIN=a b # behind',
        'HASH=a#b',
        'export EXPORTED = yes',
        "SINGLE='a # b \\n'",
        'DOUBLE="a # b\\n\\"c\\""',
        'EMPTY=',
        'URL=postgres://u:p@h/db?x=1',
        'LINES="one',
        'two"',
        'not a line',
        'LAST=1',
      ].join('\n'),
    ),
  ).toEqual({
    PLAIN: 'a b',
    HASH: 'a#b',
    EXPORTED: 'yes',
    SINGLE: 'a # b \\n',
    DOUBLE: 'a # b\n"c"',
    EMPTY: '',
    URL: 'postgres://u:p@h/db?x=1',
    LINES: 'one\ntwo',
    LAST: '1',
  });
});

test('Windows line ends do not get into values', () => {
  expect(parseDotenv('A=1\r\nB="2"\r\n')).toEqual({ A: '1', B: '2' });
});
