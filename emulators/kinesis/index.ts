/** Amazon Kinesis Data Streams, and the functions its streams run. */
import type { Emulator, EmulatorContext, RunningEmulator } from '../../src/model/emulator.ts';
import { makeWriteGroup } from '../../src/std/write-group.ts';
import { acceptMessage } from './accept.ts';
import { makeKinesisApi } from './api.ts';
import { declareStreams } from './declare.ts';
import { streamNameOf } from './input/members.ts';
import type { Service } from './service.ts';
import { growStreams, makeGrowth } from './shards/growth.ts';
import { openStreamStore } from './store.ts';
import { openStreams } from './streams.ts';
import { followStream } from './triggers/follow.ts';
import { followStreams } from './triggers/mappings.ts';

/** How long a closing session waits for functions that hold records; those come again in the next one. */
const CLOSE_GRACE_MS = 1000;

async function startKinesis(context: EmulatorContext): Promise<RunningEmulator> {
  const { clock, region, accountId, notice } = context;
  const store = openStreamStore(context.store);
  const growth = makeGrowth();
  const streams = openStreams({
    store,
    clock,
    region,
    accountId,
    onPut: growth.count,
    faults: context.faults?.streams,
  });
  growStreams(streams, growth, context);
  const service: Service = {
    ...{ streams, store, consumers: store.consumers, clock, region, accountId },
    writes: makeWriteGroup(context.store),
    subscriptions: new Map(),
  };
  const mappings = followStreams(streams, context);
  const endSubscriptions = () => {
    for (const subscription of service.subscriptions.values()) subscription.end();
  };
  return {
    api: makeKinesisApi(service),
    has: (arn) => arn.split(':')[2] === 'kinesis' && streams.find(streamNameOf(arn)) !== undefined,
    accept: (message) => acceptMessage(service, context.ids, message),
    follow: (request) => followStream(streams, context, request),
    async apply(resources, triggers) {
      const mine = triggers.filter((trigger) => trigger.kind === 'stream');
      declareStreams(service, { resources, triggers: mine, notice });
      mappings.apply(mine);
    },
    reload() {
      endSubscriptions();
      mappings.reload();
      streams.reload();
      growth.forget();
    },
    async close() {
      endSubscriptions();
      await mappings.close(CLOSE_GRACE_MS);
      streams.stop();
    },
  };
}

export const kinesis: Emulator = {
  name: 'kinesis',
  kinds: ['stream', 'stream-consumer'],
  start: startKinesis,
};
