/** Brings streams and consumers to what the project file says. */
import type { StreamTrigger } from '../../src/model/project.ts';
import type { Resource, StreamConsumerResource, StreamResource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import { streamNameOf } from './input/members.ts';
import { makeConsumer } from './operations/consumers.ts';
import { DEFAULT_RECORD_KIB, makeStream } from './operations/create-stream.ts';
import type { Service } from './service.ts';
import { resize } from './shards/reshape.ts';
import { openShards, type StreamRow } from './stream.ts';
import { nameInArn } from './triggers/mappings.ts';

const ON_DEMAND_SHARDS = 4;

export interface Declared {
  readonly resources: readonly Resource[];
  readonly triggers: readonly StreamTrigger[];
  readonly notice: (message: string) => void;
}

/** Streams stay when the file drops them, with their records. */
export function declareStreams(service: Service, { resources, triggers, notice }: Declared): void {
  const guarded = (what: string, work: () => void) => {
    try {
      work();
    } catch (failure) {
      notice(`${what}: ${messageOf(failure)}`);
    }
  };
  for (const resource of resources)
    if (resource.kind === 'stream')
      guarded(`the stream ${resource.name} of the project file cannot be made`, () =>
        declareStream(service, resource),
      );
  for (const { streamArn } of triggers) makeMissing(service, nameInArn(streamArn), notice);
  for (const resource of resources)
    if (resource.kind === 'stream-consumer')
      guarded(`the consumer ${resource.name} of the project file cannot be made`, () =>
        declareConsumer(service, resource, notice),
      );
}

/** What was changed through the API since stays, unless the file itself has changed. */
function declareStream(service: Service, { place: _, ...resource }: StreamResource): void {
  const { streams, clock } = service;
  const { name, mode, shardCount, retentionHours, kmsKeyId } = resource;
  const declared = JSON.stringify(resource);
  const known = streams.find(name);
  if (known?.declared === declared) return;
  const settings = { mode, retentionHours, declared, ...(kmsKeyId !== undefined && { kmsKeyId }) };
  if (!known) {
    const count = mode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : shardCount;
    const maxRecordKib = DEFAULT_RECORD_KIB;
    makeStream(service, { name, shardCount: count, tags: {}, maxRecordKib, ...settings });
    return;
  }
  const { kmsKeyId: __, ...others } = known;
  const row: StreamRow = { ...others, ...settings };
  const isReshaped = mode === 'PROVISIONED' && openShards(row).length !== shardCount;
  streams.save(isReshaped ? resize(row, shardCount, Math.floor(clock.now())) : row);
}

/** A trigger may name a stream of another stack; here it is made. */
function makeMissing(service: Service, name: string | undefined, notice: (message: string) => void): void {
  if (name === undefined || service.streams.find(name)) return;
  makeStream(service, {
    ...{ name, mode: 'PROVISIONED', shardCount: 1, tags: {}, maxRecordKib: DEFAULT_RECORD_KIB },
  });
  notice(`the stream ${name} is followed but is not in the project; it was made with one shard`);
}

function declareConsumer(
  service: Service,
  { name, arn, streamArn }: StreamConsumerResource,
  notice: (message: string) => void,
): void {
  const streamName = streamNameOf(streamArn);
  makeMissing(service, streamName, notice);
  if (!service.consumers.has([streamName, name])) makeConsumer(service, streamName, name, {}, arn);
}
