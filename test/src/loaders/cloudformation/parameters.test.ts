import { expect, test } from 'vitest';
import { linesOf, parsed } from './project-on-disk.ts';

const text = `
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Table: { Type: String }
  Secret: { Type: AWS::SSM::Parameter::Value<String>, Default: /shop/secret }
  Hosts: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /shop/hosts }
Values:
  stage: !Ref Stage
  table: !Ref Table
  secret: !Ref Secret
  hosts: !Ref Hosts
`;

test('a given value wins over the default', () => {
  const { value, problems } = parsed(text, { Stage: 'prod', Table: 'orders' });
  expect(value('stage')).toBe('prod');
  expect(value('table')).toBe('orders');
  expect(problems).toEqual([]);
});

test('a value that is asked for and missing is reported once, with its place', () => {
  const { value, problems } = parsed(text);
  expect(value('table')).toBe('table');
  value('table');
  expect(linesOf(problems)).toEqual([
    'warning missing-parameter @4: parameter "Table" has no value: it has no Default and none was given; "table" is used',
  ]);
  expect(problems[0]?.hint).toContain('--param Table=VALUE');
});

test('what stands in for a missing value is of its type, allowed, and good as the name of a bucket', () => {
  const { value } = parsed(`
Parameters:
  SourceBucketName: { Type: String }
  Size: { Type: Number, MinValue: 5 }
  Level: { Type: String, AllowedValues: [info, debug] }
Values:
  bucket: !Ref SourceBucketName
  size: !Ref Size
  level: !Ref Level
`);
  expect(['bucket', 'size', 'level'].map(value)).toEqual(['source-bucket-name', '5', 'info']);
});

test('a missing value nobody asks for is no problem', () => {
  const { value, problems } = parsed(text);
  value('stage');
  expect(problems).toEqual([]);
});

test('a value that is not allowed is an error', () => {
  const { value, problems } = parsed(text, { Stage: 'test' });
  expect(value('stage')).toBe('test');
  expect(problems).toMatchObject([{ code: 'invalid-parameter', message: expect.stringContaining('"prod"') }]);
});

test('Parameter Store types give a reference, a list its path, or the value given as it is', () => {
  const unset = parsed(text);
  expect(unset.value('secret')).toBe('{{resolve:ssm:/shop/secret}}');
  expect(unset.value('hosts')).toEqual(['/shop/hosts']);
  expect(unset.problems).toMatchObject([
    {
      severity: 'warning',
      code: 'not-emulated',
      message: expect.stringContaining('only looked up in environment'),
    },
    { severity: 'warning', code: 'not-emulated', message: expect.stringContaining('reads a list') },
  ]);

  const given = parsed(text, { Secret: 's3cret', Hosts: 'a,b' });
  expect(given.value('secret')).toBe('s3cret');
  expect(given.value('hosts')).toEqual(['a', 'b']);
  expect(given.problems).toEqual([]);
});
