/** One run under faults: lets them strike by plan, and keeps account of everything that is under way. */
import type { Deliver, DeliverRequest } from '../model/emulator.ts';
import type { Invoked, Outcome } from '../model/invocation.ts';
import type { Trigger } from '../model/project.ts';
import type { Resource } from '../model/resources.ts';
import type { Faults, FaultWorld } from '../model/simulator.ts';
import { makeAsyncAccount } from './async-account.ts';
import { type CallFates, makeCallFates } from './call-faults.ts';
import { type EventAccountOptions, makeEventAccount } from './event-account.ts';
import { type Follower, followersOf, pipeFollower } from './followers.ts';
import { DIED, makeDeliveryFates } from './function-faults.ts';
import { makeNames, type Names } from './names.ts';
import { makePlan, type PlanOptions, type Struck } from './plan.ts';
import { makeQueueAccount } from './queue-account.ts';
import { makeQueueFaults } from './queue-faults.ts';
import { ruleTargets } from './rule-targets.ts';
import { rollBetween } from './seed.ts';
import { makeStreamAccount } from './stream-account.ts';
import type { Violation } from './violation.ts';

export interface FaultyRun {
  faults(world: FaultWorld): Faults;
  readonly names: Names;
  readonly struck: readonly Struck[];
  readonly violations: readonly Violation[];
  /** The session was killed: what was under way in it has ended without a word. */
  killed(): void;
  /** Settles when the next delivery to a function begins. */
  arrived(): Promise<void>;
  /** Names of what is neither handled nor given up. */
  pending(): readonly string[];
  /** Checks what can be told at the end; `countOf` answers how many messages a queue has, undefined = there is no such queue. */
  finish(countOf: (queue: string) => Promise<number | undefined>): Promise<void>;
  readonly deliveries: number;
  readonly deadLettered: number;
}

/** An invocation under way. */
interface Span {
  readonly calls: CallFates;
  readonly diesAtCall: number | undefined;
  made: number;
  isDead: boolean;
}

/** What is delivered together, and how its account is told. */
interface Parts {
  readonly names: readonly string[];
  begin(): void;
  end(outcome: Outcome): void;
}

export function makeFaultyRun(
  options: PlanOptions & {
    readonly triggers: () => readonly Trigger[];
    /** Absent = those of the triggers are all there are. */
    readonly resources?: () => readonly Resource[];
  },
): FaultyRun {
  const { seed, triggers, resources = () => [] } = options;
  const plan = makePlan(options);
  const names = makeNames();
  const violations: Violation[] = [];
  const report = (violation: Violation) => void violations.push(violation);
  const pipes = new Map<string, Follower>();
  const followers = () => [...followersOf(triggers()), ...pipes.values()];
  const queues = makeQueueAccount(names, followers, report);
  let now = () => 0;
  const streams = makeStreamAccount({ names, followers, report, now: () => now() });
  const events = makeAsyncAccount(names, report);
  const targets: EventAccountOptions['targets'] = (matching) =>
    ruleTargets(triggers(), resources(), matching);
  const buses = makeEventAccount({ names, plan, targets, report });
  const accounts = [queues, streams, events, buses];
  const fateOf = makeDeliveryFates(plan, names);
  const spans = new Map<string, Span>();
  let deliveries = 0;
  let underWay = 0;
  let kills = 0;
  let onArrival: (() => void)[] = [];

  const partsOf = (request: DeliverRequest): Parts => {
    const { cause, functionId, requestId, event } = request;
    if (cause.kind === 'queue') {
      const batch = queues.batch(event);
      return {
        names: batch.map(({ name }) => name),
        begin: () => queues.begin(functionId, batch),
        end: (outcome) => queues.end(functionId, batch, outcome),
      };
    }
    if (cause.kind === 'table-stream' || cause.kind === 'stream') {
      const name = cause.kind === 'stream' ? cause.stream : cause.table;
      const batch = streams.batch(functionId, { kind: cause.kind, name }, event);
      return {
        names: batch.map(({ record }) => record.name),
        begin: () => streams.begin(batch),
        end: (outcome) => streams.end(batch, outcome),
      };
    }
    return {
      names: [events.nameOf(requestId) ?? names.next(request.origin, functionId)],
      begin() {},
      end: (outcome) => events.end(requestId, outcome),
    };
  };

  const run = async (next: Deliver, world: FaultWorld, request: DeliverRequest): Promise<Invoked> => {
    const parts = partsOf(request);
    const fate = fateOf(request, parts.names);
    if (fate.delayMs > 0) await world.clock.sleep(fate.delayMs);
    deliveries++;
    parts.begin();
    if (fate.instead) {
      parts.end(fate.instead);
      return notRun(request, fate.instead);
    }
    const name = `${parts.names[0] ?? '?'}@${request.functionId}`;
    const spanId = request.spanId ?? spanOf(seed, `${name} ${names.count(`span ${name}`)}`);
    const span: Span = {
      calls: makeCallFates(plan, `${name}.${names.count(`calls ${name}`)}`),
      ...{ diesAtCall: fate.diesAtCall, made: 0, isDead: false },
    };
    spans.set(spanId, span);
    if (fate.isRepeated) await next(request);
    const invoked = await next({ ...request, spanId });
    spans.delete(spanId);
    const died = fate.diesAtCall !== undefined;
    const ended = died ? { ...invoked, outcome: DIED } : invoked;
    parts.end(ended.outcome);
    return ended;
  };

  return {
    names,
    struck: plan.struck,
    violations,
    killed() {
      kills++;
      underWay = 0;
      spans.clear();
      streams.killed();
    },
    arrived: () => new Promise((resolve) => onArrival.push(resolve)),
    faults(world) {
      now = world.clock.now;
      const deliver = (next: Deliver) => async (request: DeliverRequest) => {
        underWay++;
        const before = kills;
        for (const tell of onArrival) tell();
        onArrival = [];
        try {
          return await run(next, world, request);
        } finally {
          if (before === kills) underWay--;
        }
      };
      return {
        deliver,
        follow(request) {
          const pipe = pipeFollower(request);
          if (pipe) pipes.set(request.name, pipe);
          return { ...request, consume: deliver(request.consume) };
        },
        call({ callerSpanId = '', service, operation }) {
          const span = spans.get(callerSpanId);
          if (!span) return undefined;
          span.made++;
          if (span.isDead || span.made === span.diesAtCall) {
            span.isDead = true;
            return world.endInstanceOf(callerSpanId);
          }
          return span.calls.next(service, operation);
        },
        queues: makeQueueFaults(plan, names, queues),
        buses: {
          ...{ reached: buses.reached, routing: buses.routing },
          ...{ delivered: buses.delivered, givenUp: buses.givenUp },
        },
        streams: { stored: streams.stored, filtered: streams.filtered, givenUp: streams.givenUp },
        enqueued: events.enqueued,
        givenUp: events.givenUp,
      };
    },
    pending: () => [
      ...accounts.flatMap((account) => account.pending()),
      ...(underWay > 0 ? [`${underWay} deliveries under way`] : []),
    ],
    async finish(countOf) {
      for (const account of accounts) account.finish();
      for (const queue of queues.queues()) {
        const found = await countOf(queue);
        const expected = queues.left(queue);
        if (found !== undefined && found < expected)
          report({
            invariant: 'nothing-lost',
            message: `the queue ${queue} has ${found} messages; ${expected} were stored and never removed`,
          });
      }
    },
    get deliveries() {
      return deliveries;
    },
    get deadLettered() {
      return queues.deadLettered + buses.deadLettered;
    },
  };
}

function notRun(request: DeliverRequest, outcome: Outcome): Invoked {
  return {
    requestId: request.requestId ?? 'chaos',
    outcome,
    phases: { queuedMs: 0, handlerMs: 0 },
    coldStart: false,
    logs: [],
  };
}

/** Sixteen hex digits. */
function spanOf(seed: string, name: string): string {
  const half = (which: string) =>
    rollBetween(seed, `span ${name} ${which}`, 0, 0xffffffff).toString(16).padStart(8, '0');
  return half('a') + half('b');
}
