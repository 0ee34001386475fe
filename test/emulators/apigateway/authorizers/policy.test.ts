import { describe, expect, test } from 'vitest';
import { evaluatePolicy } from '../../../../emulators/apigateway/authorizers/policy.ts';

const arn = 'arn:aws:execute-api:us-east-1:000000000000:restlocal0/dev/GET/orders/1';

const statement = (Effect: string, Resource: unknown, more: object = {}) => ({
  Action: 'execute-api:Invoke',
  Effect,
  Resource,
  ...more,
});
const effectOf = (...Statement: object[]) => evaluatePolicy({ Version: '2012-10-17', Statement }, arn);

describe('a policy', () => {
  test.each([
    [arn],
    ['*'],
    ['arn:aws:execute-api:*:*:*'],
    ['arn:aws:execute-api:us-east-1:000000000000:restlocal0/*'],
    ['arn:aws:execute-api:us-east-1:000000000000:restlocal0/*/GET/orders/*'],
    ['arn:aws:execute-api:us-east-1:000000000000:restlocal0/dev/GET/orders/?'],
    [['arn:aws:execute-api:x', '*/GET/*']],
  ])('allows the method that %j names', (resource) => {
    expect(effectOf(statement('Allow', resource))).toMatchObject({ effect: 'allow' });
  });

  test.each([
    ['arn:aws:execute-api:us-east-1:000000000000:restlocal0/dev/POST/orders/1'],
    ['arn:aws:execute-api:us-east-1:000000000000:restlocal0/dev/get/orders/1'],
    ['arn:aws:execute-api:us-east-1:000000000000:restlocal0/dev/GET/orders'],
    ['arn:aws:execute-api:us-east-1:000000000000:restlocal0/dev/GET/orders/1?'],
    [`${arn}/*`],
  ])('does not allow what %j does not name', (resource) => {
    expect(effectOf(statement('Allow', resource))).toMatchObject({ effect: 'implicit-deny' });
  });

  test('denies where a Deny matches, whatever else allows', () => {
    expect(effectOf(statement('Allow', '*'), statement('Deny', '*/orders/*'))).toMatchObject({
      effect: 'explicit-deny',
    });
    expect(effectOf(statement('Allow', '*'), statement('Deny', '*/other/*'))).toMatchObject({
      effect: 'allow',
    });
  });

  test('goes by its actions, without regard to case', () => {
    const other = (Action: unknown) => effectOf({ ...statement('Allow', '*'), Action });
    expect(other('EXECUTE-API:invoke')).toMatchObject({ effect: 'allow' });
    expect(other(['s3:*', 'execute-api:*'])).toMatchObject({ effect: 'allow' });
    expect(other('lambda:InvokeFunction')).toMatchObject({ effect: 'implicit-deny' });
    expect(other('*')).toMatchObject({ effect: 'allow' });
  });

  test('understands what is named by exclusion', () => {
    const { Action: _, ...withoutAction } = statement('Allow', '*');
    expect(effectOf({ ...withoutAction, NotAction: 's3:*' })).toMatchObject({ effect: 'allow' });
    expect(effectOf({ ...withoutAction, NotAction: 'execute-api:*' })).toMatchObject({
      effect: 'implicit-deny',
    });
    expect(
      evaluatePolicy({ Statement: { Effect: 'Allow', Action: '*', NotResource: '*/admin/*' } }, arn),
    ).toMatchObject({ effect: 'allow' });
  });

  test('says that it has conditions where one of its statements matches', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '1.2.3.4' } };
    expect(effectOf(statement('Allow', '*', { Condition }))).toEqual({
      effect: 'allow',
      hasConditions: true,
    });
    expect(effectOf(statement('Allow', 'x', { Condition }))).toEqual({
      effect: 'implicit-deny',
      hasConditions: false,
    });
  });

  test.each([
    [undefined, 'policyDocument is missing'],
    ['{}', 'not an object'],
    [{}, 'has no Statement'],
    [{ Statement: [3] }, 'a statement of its policy is 3'],
    [{ Statement: [statement('allow', '*')] }, 'the Effect of a statement is "allow"'],
    [{ Statement: [{ Effect: 'Allow', Resource: '*' }] }, 'the Action of a statement is missing'],
    [{ Statement: [statement('Allow', undefined)] }, 'the Resource of a statement is missing'],
    [{ Statement: [statement('Allow', ['*', 4])] }, 'the Resource of a statement is ["*",4]'],
  ])('of %j cannot be used, and why is said', (policy, why) => {
    expect(evaluatePolicy(policy, arn)).toEqual({ flawed: expect.stringContaining(why) });
  });

  test('with many stars is compared in no time', () => {
    const long = `${'a*'.repeat(2000)}b`;
    expect(evaluatePolicy({ Statement: statement('Allow', long) }, 'a'.repeat(4000))).toMatchObject({
      effect: 'implicit-deny',
    });
  });
});
