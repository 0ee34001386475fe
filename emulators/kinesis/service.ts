/** What operations work with, and the way an operation is declared. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Clock } from '../../src/model/platform.ts';
import type { ApiCall, Operation } from '../../src/model/service-api.ts';
import type { WriteGroup } from '../../src/std/write-group.ts';
import { readStreamInput } from './input/members.ts';
import { type Decoded, type Members, readInput } from './input/shape.ts';
import type { ConsumerRow, StreamStore } from './store.ts';
import type { Streams } from './streams.ts';

export interface Service {
  readonly streams: Streams;
  readonly store: StreamStore;
  readonly consumers: StreamStore['consumers'];
  readonly writes: WriteGroup;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Shards being read by consumers of their own, by consumer and shard. */
  readonly subscriptions: Map<string, Subscription>;
}

export interface Subscription {
  /** Epoch ms. */
  readonly since: number;
  /** Ends it: another one takes its place. */
  end(): void;
}

export type ServiceOperation = (service: Service) => Operation;
type Output = JsonObject | undefined;
type Run<I> = (input: I, service: Service, call: ApiCall) => Promise<Output> | Output;

export function operation<M extends Members>(members: M, run: Run<Decoded<M>>): ServiceOperation {
  return (service) => (input, call) => run(readInput(members, input), service, call);
}

/** One on a stream, which may be named by its name or its ARN. */
export function streamOperation<M extends Members>(
  members: M,
  run: Run<Decoded<M> & { readonly StreamName: string }>,
): ServiceOperation {
  return (service) => (input, call) => run(readStreamInput(members, input), service, call);
}

export function consumersOf({ consumers }: Service, streamName: string): readonly ConsumerRow[] {
  return [...consumers.range({ from: [streamName], to: [`${streamName}\0`] })]
    .map(({ value }) => value)
    .filter((consumer) => consumer.streamName === streamName);
}
