/** EventBridge running in a test world, with short names for what the tests do to it. */
import { eventbridge } from '../../../emulators/eventbridge/index.ts';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Trigger } from '../../../src/model/project.ts';
import type { Resource } from '../../../src/model/resources.ts';
import type { ApiCall, JsonApi } from '../../../src/model/service-api.ts';
import { callOperation, makeWorld, type World } from '../world.ts';

export interface RunningEvents extends World {
  readonly api: JsonApi;
  readonly emulator: Awaited<ReturnType<typeof eventbridge.start>>;
  call(operation: string, input?: JsonObject, call?: Partial<ApiCall>): Promise<JsonObject>;
  /** Puts one event of the source `shop` and the type `order`, and answers its id. */
  put(detail: JsonObject, more?: JsonObject): Promise<string>;
  /** Makes a rule with one target. */
  rule(name: string, pattern: JsonObject, target: JsonObject, more?: JsonObject): Promise<void>;
  apply(resources: readonly Resource[], triggers?: readonly Trigger[]): Promise<void>;
}

export async function startEvents(world: World = makeWorld()): Promise<RunningEvents> {
  const emulator = await eventbridge.start(world.context);
  const { api } = emulator;
  if (api?.protocol !== 'json') throw new Error('EventBridge has operations by name');
  await emulator.apply([], []);
  const call = (operation: string, input: JsonObject = {}, overrides: Partial<ApiCall> = {}) =>
    callOperation(api, operation, input, overrides);
  return Object.assign(world, {
    api,
    emulator,
    call,
    async put(detail: JsonObject, more: JsonObject = {}) {
      const entry = { Source: 'shop', DetailType: 'order', Detail: JSON.stringify(detail), ...more };
      const { Entries: results } = await call('PutEvents', { Entries: [entry] });
      const [first] = results as { EventId?: string }[];
      if (first?.EventId === undefined) throw new Error(`refused: ${JSON.stringify(first)}`);
      return first.EventId;
    },
    async rule(name: string, pattern: JsonObject, target: JsonObject, more: JsonObject = {}) {
      const bus = more.EventBusName === undefined ? {} : { EventBusName: more.EventBusName };
      await call('PutRule', { Name: name, EventPattern: JSON.stringify(pattern), ...more });
      await call('PutTargets', { Rule: name, Targets: [{ Id: '1', ...target }], ...bus });
    },
    apply: (resources: readonly Resource[], triggers: readonly Trigger[] = []) =>
      emulator.apply(resources, triggers),
  });
}

export const EVENTS = 'arn:aws:events:eu-west-1:000000000000:';
export const QUEUES = 'arn:aws:sqs:eu-west-1:000000000000:';
export const FUNCTIONS = 'arn:aws:lambda:eu-west-1:000000000000:function:';
