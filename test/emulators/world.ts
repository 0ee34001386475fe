/** The world of an emulator under test: a clock moved by hand, real storage, and a record of what it hands over. */
import type {
  DeliverRequest,
  EmulatorContext,
  JsonObject,
  ServiceCall,
  ServiceMessage,
  TargetCall,
} from '../../src/model/emulator.ts';
import type { Invoked, Outcome } from '../../src/model/invocation.ts';
import type { Store } from '../../src/model/platform.ts';
import type { FunctionSpec } from '../../src/model/project.ts';
import type { ApiCall, JsonApi } from '../../src/model/service-api.ts';
import { openBodyFolder } from '../../src/std/body-files.ts';
import { type FakeClock, makeFakeClock } from '../../src/std/clock.ts';
import { makeSeededIds, randomIds } from '../../src/std/ids.ts';
import { folderOfTest, openStoreOfTest } from './opened-stores.ts';

export interface World {
  readonly context: EmulatorContext;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly delivered: DeliverRequest[];
  readonly enqueued: DeliverRequest[];
  readonly notices: string[];
  /** What it sent to other services. */
  readonly sent: ServiceMessage[];
  /** Calls of other services' operations, and what was handed to ARNs. */
  readonly calls: ServiceCall[];
  readonly handed: TargetCall[];
  /** What they refuse with. */
  refusal: Error | undefined;
  /** `sqs:SendMessage`: operations other services have. */
  readonly operations: Set<string>;
  /** ARNs of what other services have. */
  readonly peers: Set<string>;
  /** Tells it that a function was built. */
  built(functionId: string): void;
  functions: FunctionSpec[];
  /** What the function answers; may wait. */
  answer: (request: DeliverRequest) => Outcome | Promise<Outcome>;
}

export const ok = (value: unknown = null): Outcome => ({ status: 'ok', payload: JSON.stringify(value) });
export const failed: Outcome = {
  status: 'error',
  phase: 'invoke',
  error: { errorType: 'Error', errorMessage: 'no' },
};

/** With `store`, a later session on the same data. */
export function makeWorld(store: Store = openStoreOfTest(), clock = makeFakeClock()): World {
  const ids = makeSeededIds(1);
  const listeners = new Set<(functionId: string) => void>();
  const world: World = {
    clock,
    store,
    delivered: [],
    enqueued: [],
    notices: [],
    sent: [],
    calls: [],
    handed: [],
    refusal: undefined,
    operations: new Set(),
    peers: new Set(),
    built(functionId) {
      for (const listener of listeners) listener(functionId);
    },
    functions: [],
    answer: () => ok(),
    context: {
      clock,
      ids,
      store,
      region: 'eu-west-1',
      accountId: '000000000000',
      folder: folderOfTest('files'),
      files: openBodyFolder(folderOfTest('bodies'), { ids: randomIds }),
      functions: () => world.functions,
      notice: (message) => void world.notices.push(message),
      async deliver(request) {
        world.delivered.push(request);
        return makeInvoked(await world.answer(request), request.requestId);
      },
      send(message) {
        if (!world.peers.has(message.arn)) return false;
        world.sent.push(message);
        return true;
      },
      services: {
        has: (service, operation) => world.operations.has(`${service}:${operation}`),
        async call(call) {
          world.calls.push(call);
          if (world.refusal) throw world.refusal;
          return {};
        },
        async deliver(target) {
          world.handed.push(target);
          if (world.refusal) throw world.refusal;
          return {};
        },
      },
      onBuilt(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      enqueue(request) {
        world.enqueued.push(request);
        return { requestId: request.requestId ?? ids.uuid() };
      },
    },
  };
  return world;
}

export function makeInvoked(outcome: Outcome, requestId = 'request-1'): Invoked {
  return { requestId, outcome, phases: { queuedMs: 0, handlerMs: 1 }, coldStart: false, logs: [] };
}

export function makeFunction(overrides: Partial<FunctionSpec> = {}): FunctionSpec {
  const name = overrides.name ?? 'shop-dev-worker';
  return {
    id: 'worker',
    name,
    arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
    handler: 'worker.handler',
    runtime: 'nodejs22.x',
    codeRoot: '/srv/shop',
    env: {},
    memoryMb: 1024,
    timeoutMs: 6000,
    architecture: 'x86_64',
    layers: [],
    external: [],
    ...overrides,
  };
}

export const TRACE_ID = '1-5759e988-bd862e3fe1be46a994272793';

export function makeCall(operation: string, overrides: Partial<ApiCall> = {}): ApiCall {
  return {
    service: 'sqs',
    operation,
    requestId: 'call-1',
    origin: { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' },
    endpoint: 'http://127.0.0.1:4566',
    region: 'eu-west-1',
    accountId: '000000000000',
    signal: new AbortController().signal,
    ...overrides,
  };
}

/** Calls an operation as the wire does. */
export async function callOperation(
  api: JsonApi,
  name: string,
  input: JsonObject,
  overrides: Partial<ApiCall> = {},
): Promise<JsonObject> {
  const operation = api.operations[name];
  if (!operation) throw new Error(`no operation ${name}`);
  return (await operation(input, makeCall(name, overrides))) ?? {};
}
