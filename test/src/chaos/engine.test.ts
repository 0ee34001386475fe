import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedOfRun } from '../../../src/chaos/seed.ts';
import { simulate, type Trial } from '../../../src/chaos/simulate.ts';
import { type Engine, type EngineOptions, type Handler, openEngine } from './engine.ts';

let engine: Engine;
beforeAll(() => {
  engine = openEngine();
});
afterAll(() => engine.close());

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const find = (options: EngineOptions, runs = 60, events = 8) =>
  simulate({
    ...{ seed: 'f00d', runs, events: numbers(events) },
    run: (trial) => engine.run(trial, options),
  });

const SEEDS = 300;
const PART = 25;

for (let from = 0; from < SEEDS; from += PART)
  test(`nothing is lost, out of order, or early in a dead-letter queue, whatever strikes: seeds ${from + 1} to ${from + PART}`, async () => {
    const broken: unknown[] = [];
    let struck = 0;
    for (let run = from; run < from + PART; run++) {
      const seed = seedOfRun('c1', run);
      const result = await engine.run({ seed, events: numbers(6) });
      struck += result.struck.length;
      if (result.violations.length > 0) broken.push({ seed, violations: result.violations });
    }
    expect(broken).toEqual([]);
    expect(struck).toBeGreaterThan(PART);
  });

test('runs that are asked for at once do not meet', async () => {
  const asked = numbers(8).map((run) => engine.run({ seed: seedOfRun('a7', run), events: numbers(6) }));
  expect((await Promise.all(asked)).flatMap(({ violations }) => violations)).toEqual([]);
});

test('a seed gives the same faults in the same order each time', async () => {
  const trial: Trial = { seed: '8f3a', events: numbers(20) };
  const first = await engine.run(trial);
  expect(first.struck.length).toBeGreaterThan(5);
  expect(await engine.run(trial)).toEqual(first);
  expect((await engine.run({ ...trial, seed: '8f3b' })).struck).not.toEqual(first.struck);
});

test('a fault that may not strike does not, and the others stay', async () => {
  const trial: Trial = { seed: '8f3a', events: numbers(20) };
  const { struck } = await engine.run(trial);
  const [kept] = struck;
  const only = new Set([kept?.key ?? '']);
  expect((await engine.run({ ...trial, only })).struck).toEqual([kept]);
});

const onceEach = (effects: readonly string[]) => {
  const twice = effects.find((body, at) => effects.indexOf(body) !== at);
  return twice === undefined ? undefined : `${twice} took effect twice`;
};
const allOfThem = (effects: readonly string[], bodies: readonly string[]) => {
  const missing = bodies.find((body) => !effects.includes(body));
  return missing === undefined ? undefined : `${missing} took no effect`;
};
const eager: Handler = async ({ bodies, call, effect }) => {
  for (const body of bodies) await call('dynamodb', 'UpdateItem', async () => effect(body));
};

test('a handler that does its work again for a message that comes twice is found, by one fault', async () => {
  const { failure } = await find({ handler: eager, check: onceEach, sources: ['queue'] });
  expect(failure?.violations).toMatchObject([{ invariant: 'check', message: /took effect twice$/ }]);
  expect(failure?.faults).toHaveLength(1);
  expect(failure?.trial.events.length).toBeLessThanOrEqual(2);
  expect(failure?.isSmallest).toBe(true);
});

test('a handler that notes a message as seen before its work is done loses it, by two faults at most', async () => {
  const seen = new Set<string>();
  const hasty: Handler = async ({ bodies, call, effect }) => {
    for (const body of bodies) {
      let isNew = false;
      await call('dynamodb', 'PutItem', async () => {
        isNew = !seen.has(body);
        seen.add(body);
      });
      if (isNew) await call('sqs', 'SendMessage', async () => effect(body));
    }
  };
  const { failure } = await simulate({
    ...{ seed: 'f00d', runs: 100, events: numbers(8) },
    run: (trial) => {
      seen.clear();
      return engine.run(trial, { handler: hasty, check: allOfThem, sources: ['queue'] });
    },
  });
  expect(failure?.violations).toMatchObject([{ invariant: 'check', message: /took no effect$/ }]);
  expect(failure?.faults.length).toBeGreaterThan(0);
  expect(failure?.faults.length).toBeLessThanOrEqual(2);
});

test('the small run fails again with its seed, its faults and its events, and not without its fault', async () => {
  const options: EngineOptions = { handler: eager, check: onceEach, sources: ['queue'] };
  const { failure } = await find(options);
  if (!failure) throw new Error('nothing was found');
  expect((await engine.run(failure.trial, options)).violations).toEqual(failure.violations);
  expect((await engine.run({ ...failure.trial, only: new Set() }, options)).violations).toEqual([]);
});

test('an engine that takes a failed batch for a handled one is found', async () => {
  const { failure } = await find({
    sources: ['queue'],
    sabotage: (context) => ({
      ...context,
      deliver: async (request) => {
        const invoked = await context.deliver(request);
        return { ...invoked, outcome: { status: 'ok', payload: 'null' } };
      },
    }),
  });
  expect(failure?.violations[0]).toMatchObject({ invariant: 'nothing-lost' });
  expect(failure?.faults.length).toBeLessThanOrEqual(1);
});

test('an engine that goes on in a stream behind a failed batch is found', async () => {
  const { failure } = await find({
    sources: ['stream'],
    sabotage: (context) => ({
      ...context,
      deliver: async (request) => {
        const invoked = await context.deliver(request);
        return { ...invoked, outcome: { status: 'ok', payload: 'null' } };
      },
    }),
  });
  expect(failure?.violations[0]?.invariant).toMatch(/^(nothing-lost|order)$/);
  expect(failure?.faults.length).toBeLessThanOrEqual(1);
});

test('an engine that gives up what a pipe follows without telling its queue is found', async () => {
  const { failure } = await find({
    sources: ['pipe'],
    sabotage: (context) => ({ ...context, send: () => false }),
  });
  expect(failure?.violations[0]).toMatchObject({
    invariant: 'nothing-lost',
    message: /was given up by the pipe views .* its destination was not there$/,
  });
});

test('an engine whose rule gives up too early is found, by one fault at most', async () => {
  const { failure } = await find({
    sources: ['bus'],
    sabotage: (context, faults) => ({
      ...context,
      faults: {
        ...faults,
        buses: {
          ...faults.buses,
          givenUp: (event, why) => faults.buses.givenUp(event, { ...why, retries: why.retries - 1 }),
        },
      },
    }),
  });
  expect(failure?.violations[0]).toMatchObject({
    invariant: 'dead-letter',
    message: /for (inbox|api-destination\/hook\/1) by the rule placed was given up after/,
  });
  expect(failure?.faults.length).toBeLessThanOrEqual(1);
});

test('an engine that gives up calling an API destination without telling its queue is found', async () => {
  const { failure } = await find({
    sources: ['bus'],
    sabotage: (context) => ({
      ...context,
      send: (message) => !message.arn.endsWith(':given-up') && (context.send?.(message) ?? false),
      callOutside: async () => ({ status: 503, body: '' }),
    }),
  });
  expect(failure?.violations[0]).toMatchObject({
    invariant: 'nothing-lost',
    message: /for api-destination\/hook\/1 by the rule placed was dropped .* was not there$/,
  });
  expect(failure?.faults).toEqual([]);
});

test('an answer of an API destination that is lost is a second call', async () => {
  const calls: string[] = [];
  const only = new Set(['1/default@placed/hook:service-lose']);
  const result = await engine.run(
    { seed: '8f3a', events: [1], only },
    {
      sources: ['bus'],
      sabotage: (context) => ({
        ...context,
        callOutside: async ({ body }) => {
          calls.push(body);
          return { status: 200, body: '' };
        },
      }),
    },
  );
  expect(result).toMatchObject({ violations: [], struck: [{ kind: 'service-lose' }] });
  expect(calls.length).toBeGreaterThan(1);
});

test('an engine that forgets a target of a rule is found', async () => {
  const { failure } = await find({
    sources: ['bus'],
    sabotage: (context, faults) => ({
      ...context,
      faults: { ...faults, buses: { ...faults.buses, routing: () => undefined, delivered: () => {} } },
    }),
  });
  expect(failure?.violations).toContainEqual({
    invariant: 'nothing-lost',
    message: expect.stringContaining('for inbox by the rule placed was never sent on'),
  });
});

test('an engine that drops what it sends to another service is found', async () => {
  const { failure } = await find({
    sources: ['topic'],
    sabotage: (context) => ({ ...context, send: () => true }),
  });
  expect(failure?.violations[0]).toMatchObject({ invariant: 'nothing-lost', message: /is nowhere$/ });
  expect(failure?.faults).toEqual([]);
});

test('an engine that lets batches of a FIFO group overlap is found', async () => {
  const { failure } = await find({
    sources: ['fifo'],
    // Each message has a group of its own for the queue, and the group it was sent with for the accounts.
    sabotage: (context, faults) => ({
      ...context,
      faults: {
        ...faults,
        queues: {
          ...faults.queues,
          stored: (message) => faults.queues.stored({ ...message, groupId: 'all' }),
          received: (message, ...more) => faults.queues.received({ ...message, groupId: 'all' }, ...more),
        },
      },
    }),
  });
  expect(failure?.violations[0]).toMatchObject({ invariant: 'order' });
});
