import { expect, test } from 'vitest';
import { parseVariables } from '../../../../../src/loaders/serverless/variables/grammar.ts';

test.each([
  'plain text',
  '${AWS::Region}',
  'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${Topic.Name}',
  '${Table}',
  '${!Literal}',
  '${',
  '${self:custom.x',
  '${true}',
])('%s holds no variable', (text) => {
  expect(parseVariables(text)).toBeUndefined();
});

test('text around variables is kept', () => {
  const parts = parseVariables('a-${self:b}-c-${env:D}');
  expect(parts).toMatchObject(['a-', { raw: '${self:b}' }, '-c-', { raw: '${env:D}' }]);
});

test("CloudFormation's placeholders around a variable stay", () => {
  expect(parseVariables('${AWS::StackName}-${opt:x}-${Table.Arn}')).toMatchObject([
    '${AWS::StackName}-',
    { raw: '${opt:x}' },
    '-${Table.Arn}',
  ]);
});

test('a variable inside of a placeholder of CloudFormation is found', () => {
  expect(parseVariables('${${self:x}Table}')).toMatchObject(['${', { raw: '${self:x}' }, 'Table}']);
});

test('an escaped variable is text', () => {
  expect(parseVariables('\\${self:x} and \\${Table}')).toEqual(['${self:x} and ${Table}']);
  expect(parseVariables('only \\${Table}')).toEqual(['only ${Table}']);
});

test('sources: calls with parameters and addresses, literals, nested variables, in order', () => {
  const [variable] =
    parseVariables("${file(./a.${opt:stage}.yml):b.c, self:d, ${env:E}, 'f, g', 1.5, true, null}") ?? [];
  expect(variable).toMatchObject({
    sources: [
      {
        kind: 'call',
        call: { type: 'file', params: [['./a.', { raw: '${opt:stage}' }, '.yml']], address: ['b.c'] },
      },
      { kind: 'call', call: { type: 'self', params: [], address: ['d'] } },
      { kind: 'text', parts: [{ raw: '${env:E}' }] },
      { kind: 'literal', value: 'f, g' },
      { kind: 'literal', value: 1.5 },
      { kind: 'literal', value: true },
      { kind: 'literal', value: null },
    ],
  });
});

test('white space and line breaks between sources do not matter', () => {
  const [variable] = parseVariables('${\n  opt:stage,\n  self:provider.stage\n}') ?? [];
  expect(variable).toMatchObject({
    sources: [
      { call: { type: 'opt', address: ['stage'] } },
      { call: { type: 'self', address: ['provider.stage'] } },
    ],
  });
});

test('sources with a region in their type or in parentheses', () => {
  expect(parseVariables('${ssm.us-east-1:/a/b~true}')).toMatchObject([
    { sources: [{ call: { type: 'ssm.us-east-1', address: ['/a/b~true'] } }] },
  ]);
  expect(parseVariables('${cf(us-west-2):stack.Out}')).toMatchObject([
    { sources: [{ call: { type: 'cf', params: [['us-west-2']], address: ['stack.Out'] } }] },
  ]);
});

test('quoted parameters and fallbacks lose their quotes; a variable in quotes is one', () => {
  expect(parseVariables(`\${file("a b.yml"), '\${self:x}-y', "it's"}`)).toMatchObject([
    {
      sources: [
        { call: { params: [['a b.yml']] } },
        { kind: 'text', parts: [{ raw: '${self:x}' }, '-y'] },
        { kind: 'literal', value: "it's" },
      ],
    },
  ]);
});

test('a fallback that is an unquoted word is marked as wrong', () => {
  expect(parseVariables('${opt:stage, dev}')).toMatchObject([
    { sources: [{ kind: 'call' }, { kind: 'invalid', raw: 'dev' }] },
  ]);
});
