import { expect, test } from 'vitest';
import { parseYaml, readProjectYaml } from '../../../src/loaders/yaml.ts';
import { SlsError } from '../../../src/std/errors.ts';
import { temporaryProject } from './temporary-project.ts';

const read = (text: string, file = '/p/a.yml') => parseYaml(text, file).value;

function failureOf(text: string, file = '/p/a.yml'): SlsError {
  try {
    parseYaml(text, file);
  } catch (failure) {
    if (failure instanceof SlsError) return failure;
    throw failure;
  }
  throw new Error('it parsed');
}

test("CloudFormation's short tags become their long form, in any nesting", () => {
  expect(
    read(
      [
        'ref: !Ref Table',
        'attribute: !GetAtt Table.Stream.Arn',
        'list: !GetAtt [Table, Arn]',
        'text: !Sub "${Table}-x"',
        'choice: !If [IsProd, !Ref A, !Not [!Condition B]]',
        'join: !Join ["-", [a, !Select [0, !Split [",", "b,c"]]]]',
        'map: !FindInMap [M, a, b]',
        'import: !ImportValue x',
        'encoded: !Base64\n  Fn::Sub: y',
      ].join('\n'),
    ),
  ).toEqual({
    ref: { Ref: 'Table' },
    attribute: { 'Fn::GetAtt': ['Table', 'Stream.Arn'] },
    list: { 'Fn::GetAtt': ['Table', 'Arn'] },
    text: { 'Fn::Sub': '${Table}-x' },
    choice: { 'Fn::If': ['IsProd', { Ref: 'A' }, { 'Fn::Not': [{ Condition: 'B' }] }] },
    join: {
      'Fn::Join': ['-', ['a', { 'Fn::Select': [0, { 'Fn::Split': [',', 'b,c'] }] }]],
    },
    map: { 'Fn::FindInMap': ['M', 'a', 'b'] },
    import: { 'Fn::ImportValue': 'x' },
    encoded: { 'Fn::Base64': { 'Fn::Sub': 'y' } },
  });
});

test('a tag nobody knows becomes a function nobody knows; tags of YAML stay what they are', () => {
  expect(read('a: !Bogus x\nb: !Bogus [1]\nc: ! text\nd: !!str 5')).toEqual({
    ...{ a: { 'Fn::Bogus': 'x' }, b: { 'Fn::Bogus': [1] } },
    ...{ c: 'text', d: '5' },
  });
});

test('anchors, aliases and merge keys give plain values; own keys win over merged ones', () => {
  expect(read('base: &b { a: 1, b: 2 }\nmore: &m { a: 7 }\nx:\n  <<: [*b, *m]\n  b: 3\ny: *b')).toEqual({
    base: { a: 1, b: 2 },
    more: { a: 7 },
    x: { a: 1, b: 3 },
    y: { a: 1, b: 2 },
  });
});

test('nested aliases share one value instead of growing', () => {
  const lines = ['a0: &a0 [x, x]'];
  for (let i = 1; i < 40; i++) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
  const value = read(lines.join('\n')) as Record<string, unknown[]>;
  expect(value.a39?.[0]).toBe(value.a38);
});

test('dates, yes and no stay texts', () => {
  expect(read('version: 2012-10-17\nanswer: yes\nempty:')).toEqual({
    version: '2012-10-17',
    answer: 'yes',
    empty: null,
  });
});

test('a key named __proto__ is only a key', () => {
  const value = read('__proto__: { polluted: true }') as object;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('the place of any path is known, through tags and for keys that do not exist', () => {
  const { place } = parseYaml('a:\n  b:\n    - x\n    - !Sub\n      - "${y}"\n      - y: 1\n', '/p/a.yml');
  expect(place(['a', 'b'])).toEqual({ file: '/p/a.yml', line: 2, column: 3 });
  expect(place(['a', 'b', 0])).toEqual({ file: '/p/a.yml', line: 3, column: 7 });
  expect(place(['a', 'b', 1, 'Fn::Sub', 1, 'y'])).toEqual({ file: '/p/a.yml', line: 6, column: 9 });
  expect(place(['a', 'nothing', 'here'])).toEqual({ file: '/p/a.yml', line: 1, column: 1 });
});

test.each([
  ['a closing bracket', 'a:\n  b: [{\n    c: 1\n  }]\n  d: 2\n', { a: { b: [{ c: 1 }], d: 2 } }],
  ['all that is between them', 'a:\n  b: [\n  !Ref x,\n  y\n  ]\n', { a: { b: [{ Ref: 'x' }, 'y'] } }],
  ['maps in maps', 'a:\n  b: {"x": {\n"y": [\n1]}\n}\nc: 1\n', { a: { b: { x: { y: [1] } } }, c: 1 }],
])('%s of a list or map in brackets may stand as far left as the key', (_, text, value) => {
  expect(read(text)).toEqual(value);
});

test('a key that is there twice is told beside brackets that stand too far left', () => {
  const told: string[] = [];
  const text = 'a: 1\nb:\n  c: [{\n  # ] no end\n  d: "]"\n  }]\na: 2\n';
  const { value } = parseYaml(text, '/p/a.yml', (key, { line }) => told.push(`${key}:${line}`));
  expect(value).toEqual({ a: 2, b: { c: [{ d: ']' }] } });
  expect(told).toEqual(['a:7']);
});

test('places in and behind lines that stand too far left are those of the file', () => {
  const { place } = parseYaml('a:\n  b: [\n  x, { y: 1 }\n  ]\nc: 1\n', '/p/a.yml');
  expect(place(['a', 'b', 1, 'y'])).toEqual({ file: '/p/a.yml', line: 3, column: 8 });
  expect(place(['c'])).toEqual({ file: '/p/a.yml', line: 5, column: 1 });
});

test.each([
  ['a tab as indentation', 'a:\n\tb: 1', 2, 'indent with spaces'],
  ['a key below a value', 'a: 1\n  b: 2', 1, 'indentation'],
  ['a key that is there twice', 'a: 1\nb: 1\na: 2', 3, 'remove or rename'],
  ['an open quote', 'a: 1\nb: "x', 2, 'missing'],
  ['an open bracket', 'a: [1,\nb: 2', 2, ''],
  ['an open brace that lines too far left follow', 'a:\n  b: {\n  c: 1,\n  d: 2\ne: 1\n', 3, 'indentation'],
  ['an alias of nothing', 'a: *x', 1, 'anchor'],
  ['two documents', 'a: 1\n---\nb: 2', 2, 'one document'],
])('%s is an error with line and hint', (_, text, line, hint) => {
  const failure = failureOf(text);
  expect(failure).toMatchObject({ code: 'project-syntax', file: '/p/a.yml', line });
  expect(failure.column).toBeGreaterThan(0);
  expect(failure.hint).toContain(hint);
});

test('JSON may be indented with tabs and repeat a key; places are known', () => {
  const { value, place } = parseYaml('{\n\t"a": 1,\n\t"a": 2,\n\t"b": [1, 2]\n}', '/p/a.json');
  expect(value).toEqual({ a: 2, b: [1, 2] });
  expect(place(['b', 1])).toEqual({ file: '/p/a.json', line: 4, column: 11 });
});

test.each([
  ['a comma after the last item', '{\n  "a": 1,\n}', 3],
  ['a word without quotes', '{\n  "a": x\n}', 2],
  ['single quotes', "{\n  'a': 1\n}", 2],
  ['an end too early', '{\n  "a": 1\n', 3],
  ['nothing', '', 1],
])('JSON with %s is an error with its line', (_, text, line) => {
  expect(failureOf(text, '/p/a.json')).toMatchObject({ code: 'project-syntax', file: '/p/a.json', line });
});

test('a byte order mark is not part of the text', () => {
  expect(read('\uFEFFa: 1')).toEqual({ a: 1 });
  expect(read('\uFEFF{"a":1}', '/p/a.json')).toEqual({ a: 1 });
});

test('a file that is not there is an error that names it', async () => {
  const root = temporaryProject({});
  await expect(readProjectYaml(`${root}/serverless.yml`)).rejects.toMatchObject({
    code: 'project-unreadable',
    message: `${root}/serverless.yml does not exist`,
  });
});
