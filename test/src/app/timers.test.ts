import { expect, test } from 'vitest';
import { makeTimers } from '../../../src/app/timers.ts';
import type { TimedRule } from '../../../src/model/emulator.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:shop-nightly';
const queue = 'arn:aws:sqs:us-east-1:000000000000:work';
const spec = { id: 'Nightly', arn } as FunctionSpec;

function timersOf(rules: readonly string[]) {
  const fired: string[] = [];
  const fire = (name: string) => {
    fired.push(name);
    return `${name}-event`;
  };
  const scheduler = {
    list: () => [{ name: 'plain', functionId: 'Nightly', expression: 'rate(1 hour)' }],
    fire: async (name: string) => ({ requestId: fire(name) }),
  };
  const timedRules = () =>
    rules.map(
      (name): TimedRule => ({
        ...{ name, expression: 'rate(1 day)', arns: [arn, queue], nextAt: 5 },
        fire: () => fire(name),
      }),
    );
  return { ...makeTimers({ scheduler, timedRules } as never, () => [spec]), fired };
}

test('rules are listed beside schedules, with the functions among their targets by their ids', () => {
  expect(timersOf(['transformed']).schedules()).toEqual([
    { name: 'plain', functionId: 'Nightly', expression: 'rate(1 hour)' },
    { name: 'transformed', functionId: `Nightly, ${queue}`, expression: 'rate(1 day)', nextAt: 5 },
  ]);
});

test('a name is a rule’s before it is a schedule’s', async () => {
  const timers = timersOf(['transformed']);
  expect(await timers.fire('transformed')).toEqual({ requestId: 'transformed-event' });
  expect(await timers.fire('plain')).toEqual({ requestId: 'plain-event' });
  expect(timers.fired).toEqual(['transformed', 'plain']);
});
