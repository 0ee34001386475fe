import { expect, test } from 'vitest';
import { makeEventAccount } from '../../../src/chaos/event-account.ts';
import { FAULT_KINDS } from '../../../src/chaos/fault-kinds.ts';
import { makeNames } from '../../../src/chaos/names.ts';
import { makePlan } from '../../../src/chaos/plan.ts';
import { ruleTargets } from '../../../src/chaos/rule-targets.ts';
import type { Violation } from '../../../src/chaos/violation.ts';
import type { Resource } from '../../../src/model/resources.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const HOOK = arn('events', 'api-destination/hook/1');
const rule: Resource = {
  ...{ kind: 'event-rule', name: 'placed', bus: 'default', pattern: '{"source":["shop"]}', enabled: true },
  targets: [
    { id: 'hook', arn: HOOK, settings: { RetryPolicy: { MaximumRetryAttempts: 2 } } },
    { id: 'log', arn: arn('logs', 'log-group:/shop'), settings: {} },
    { id: 'rest', arn: arn('execute-api', 'a/dev/POST/x'), settings: {} },
    { id: 'bus', arn: arn('events', 'event-bus/other'), settings: {} },
  ],
};

function open(only: readonly string[] = []) {
  const violations: Violation[] = [];
  const plan = makePlan({ seed: '1', kinds: FAULT_KINDS, only: new Set(only) });
  const account = makeEventAccount({
    ...{ names: makeNames(), plan },
    targets: (matching) => ruleTargets([], [rule], matching),
    report: (violation) => void violations.push(violation),
  });
  account.reached('default', 'e1', { source: 'shop' }, undefined);
  return { account, said: () => violations.map(({ message }) => message) };
}
const routed = { bus: 'default', rule: 'placed', targetId: 'hook', eventId: 'e1', isCalled: true };
const given = { reason: 'MaximumRetryAttempts', retries: 2, told: undefined };

test('each target that is told or called is owed its event, one that is a bus is not', () => {
  expect(open().account.pending()).toHaveLength(3);
});

test('a call that was answered is over; one whose answer was lost is not yet', () => {
  const { account } = open();
  account.delivered(routed, 'lost');
  expect(account.pending()).toHaveLength(3);
  account.delivered(routed);
  expect(account.pending()).toHaveLength(2);
});

test('a call that is given up is lost, but for one that was made and whose answer was lost', () => {
  const first = open();
  first.account.givenUp(routed, given);
  expect(first.said()).toEqual([
    expect.stringMatching(/was dropped .* its target has no dead-letter queue$/),
  ]);
  const second = open();
  second.account.delivered(routed, 'lost');
  second.account.givenUp(routed, given);
  expect(second.said()).toEqual([]);
});

test('only what is called can lose its answer', () => {
  const key = '?/default@placed/hook:service-lose';
  expect(open([key]).account.routing(routed)).toEqual({ lost: expect.any(Number) });
  expect(open([key]).account.routing({ ...routed, isCalled: false })).toBeUndefined();
});
