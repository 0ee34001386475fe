/** Every emulated service; a resource kind without an emulator does not compile. */
import { dynamodb } from '../../emulators/dynamodb/index.ts';
import { eventbridge } from '../../emulators/eventbridge/index.ts';
import { kinesis } from '../../emulators/kinesis/index.ts';
import { lambda } from '../../emulators/lambda/index.ts';
import { logs } from '../../emulators/logs/index.ts';
import { pipes } from '../../emulators/pipes/index.ts';
import { s3 } from '../../emulators/s3/index.ts';
import { type RunningScheduler, scheduler } from '../../emulators/scheduler/index.ts';
import { secretsmanager } from '../../emulators/secretsmanager/index.ts';
import { sns } from '../../emulators/sns/index.ts';
import { sqs } from '../../emulators/sqs/index.ts';
import { ssm } from '../../emulators/ssm/index.ts';
import { sts } from '../../emulators/sts/index.ts';
import type {
  Emulator,
  EmulatorContext,
  RunningEmulator,
  ServiceCalls,
  TimedRule,
} from '../model/emulator.ts';
import type { Store } from '../model/platform.ts';
import type { Trigger } from '../model/project.ts';
import type { Resource, ResourceKind } from '../model/resources.ts';
import type { ServiceApi } from '../model/service-api.ts';
import type { Faults } from '../model/simulator.ts';
import type { FindStored } from '../model/stored-references.ts';
import type { Closers } from '../std/closers.ts';
import { BugError } from '../std/errors.ts';
import { makeServiceCalls } from './service-calls.ts';

/** The HTTP front door, which is no service of the endpoint, has what is missing here. */
const ownerOf: { readonly [K in Exclude<ResourceKind, 'rest-mock'>]: Emulator } = {
  table: dynamodb,
  queue: sqs,
  bucket: s3,
  topic: sns,
  subscription: sns,
  stream: kinesis,
  'stream-consumer': kinesis,
  parameter: ssm,
  secret: secretsmanager,
  'event-bus': eventbridge,
  'event-rule': eventbridge,
  'event-archive': eventbridge,
  'event-connection': eventbridge,
  'api-destination': eventbridge,
  schedule: scheduler,
  'schedule-group': scheduler,
  pipe: pipes,
};

/** Those that work on what others have. */
const late: ReadonlySet<Emulator> = new Set([pipes, scheduler]);

export interface RunningServices {
  readonly apis: readonly ServiceApi[];
  readonly scheduler: RunningScheduler;
  /** Rules that fire at times, of whichever service. */
  timedRules(): readonly TimedRule[];
  readonly calls: ServiceCalls;
  /** As `EmulatorContext.send`. */
  readonly send: NonNullable<EmulatorContext['send']>;
  /** What a project file refers to by `{{resolve:…}}`. */
  readonly stored: FindStored;
  /** Brings every service to what the project says now. */
  apply(resources: readonly Resource[], triggers: readonly Trigger[]): Promise<void>;
  /** The store holds another state: every service forgets what it knew of the old. To be followed by `apply` in the same turn. */
  reload(): void;
}

/** `ownStore` is for what no snapshot covers. */
export async function startServices(
  context: EmulatorContext,
  ownStore: Store,
  closers: Closers,
  faults?: Pick<Faults, 'follow'>,
): Promise<RunningServices> {
  const running: RunningEmulator[] = [];
  const send: RunningServices['send'] = (message) =>
    running.some((emulator) => emulator.accept?.(message) ?? false);
  const exists = (arn: string) => running.some((emulator) => emulator.has?.(arn) ?? false);
  const object: NonNullable<EmulatorContext['object']> = (address) => {
    const found = running.find((emulator) => emulator.object)?.object?.(address);
    if (!found) throw new BugError('no service has objects');
    return found;
  };
  const follow: NonNullable<EmulatorContext['follow']> = (wanted) => {
    const request = faults?.follow(wanted) ?? wanted;
    for (const emulator of running) {
      const following = emulator.follow?.(request);
      if (following) return following;
    }
    return undefined;
  };
  const callDestination: NonNullable<EmulatorContext['callDestination']> = async (call) => {
    const found = running.find((emulator) => emulator.callDestination);
    if (!found?.callDestination) throw new BugError('no service has API destinations');
    return found.callDestination(call);
  };
  const apis = () =>
    running.flatMap(({ api, furtherApis = [] }) => (api ? [api, ...furtherApis] : furtherApis));
  const { ids, region, accountId, endpoint = () => '' } = context;
  const calls = makeServiceCalls({ apis, ids, region, accountId, endpoint, door: context });
  const connected: EmulatorContext = {
    ...context,
    send,
    exists,
    object,
    follow,
    callDestination,
    services: calls,
  };
  const start = async <R extends RunningEmulator>(
    emulator: { start(context: EmulatorContext): Promise<R> },
    given = connected,
  ): Promise<R> => {
    const started = await emulator.start(given);
    closers.add(() => started.close());
    running.push(started);
    return started;
  };
  for (const emulator of new Set(Object.values(ownerOf))) if (!late.has(emulator)) await start(emulator);
  await start(lambda);
  await start(logs);
  await start(sts);
  await start(pipes);
  // A rule counts from when it was first seen. A snapshot restored every morning must not hold back a weekly one.
  const timer = await start({ start: (given: EmulatorContext) => scheduler.start(given, ownStore) });
  return {
    apis: apis(),
    scheduler: timer,
    timedRules: () => running.flatMap((emulator) => emulator.timedRules?.() ?? []),
    calls,
    send,
    stored: (reference) => {
      for (const emulator of running) {
        const value = emulator.stored?.(reference);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    async apply(resources, triggers) {
      for (const emulator of running) await emulator.apply(resources, triggers);
    },
    reload() {
      for (const emulator of running) emulator.reload?.();
    },
  };
}
