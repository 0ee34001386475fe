import { expect, test } from 'vitest';
import { checkIsNew, readStatement } from '../../../emulators/lambda/statement.ts';

const rules = {
  arn: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
  action: /^(lambda:[*]|[*])$/,
  conditions: [
    ['SourceAccount', 'StringEquals', 'AWS:SourceAccount'],
    ['PrincipalOrgID', 'StringEquals', 'aws:PrincipalOrgID'],
    ['SourceArn', 'ArnLike', 'AWS:SourceArn'],
  ],
} as const;
const request = { StatementId: 's', Action: 'lambda:*', Principal: 's3.amazonaws.com' };
const plain = {
  ...{ Sid: 's', Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'lambda:*' },
  Resource: rules.arn,
};

test('a statement has a condition where the request says something of one', () => {
  expect(readStatement(request, rules)).toEqual(plain);
  const asked = { ...request, SourceAccount: '1', PrincipalOrgID: 'o-1', SourceArn: 'arn:aws:s3:::b' };
  expect(readStatement(asked, rules, { Bool: { a: 'true' } })).toEqual({
    ...plain,
    Condition: {
      StringEquals: { 'AWS:SourceAccount': '1', 'aws:PrincipalOrgID': 'o-1' },
      ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
      Bool: { a: 'true' },
    },
  });
});

test.each([
  ['*', '*'],
  ['123456789012', { AWS: 'arn:aws:iam::123456789012:root' }],
  ['arn:aws:iam::123456789012:user/u', { AWS: 'arn:aws:iam::123456789012:user/u' }],
])('the principal %s is that of a policy', (Principal, expected) => {
  expect(readStatement({ ...request, Principal }, rules).Principal).toEqual(expected);
});

test('an action, a name or a second statement of the same name is refused', () => {
  expect(() => readStatement({ ...request, Action: 's3:*' }, rules)).toThrow(
    /'s3:\*' at 'action' failed to satisfy constraint: .*\(lambda:\[\*\]\|\[\*\]\)/,
  );
  expect(() => readStatement({ ...request, StatementId: 'a b' }, rules)).toThrow(/'statementId'/);
  expect(() => checkIsNew(readStatement(request, rules), [{ Sid: 's' }])).toThrow(/\(s\) provided already/);
});
