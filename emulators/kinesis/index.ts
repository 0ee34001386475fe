/** Amazon Kinesis Data Streams, and the functions its streams run. */
import type { Emulator, EmulatorContext, RunningEmulator } from '../../src/model/emulator.ts';
import { makeWriteGroup } from '../../src/std/write-group.ts';
import { makeKinesisApi } from './api.ts';
import { streamNameOf } from './input/members.ts';
import type { Service } from './service.ts';
import { openStreamStore } from './store.ts';
import { openStreams } from './streams.ts';

async function startKinesis(context: EmulatorContext): Promise<RunningEmulator> {
  const { clock, region, accountId } = context;
  const store = openStreamStore(context.store);
  const streams = openStreams({ store, clock, region, accountId });
  const service: Service = {
    ...{ streams, store, consumers: store.consumers, clock, region, accountId },
    writes: makeWriteGroup(context.store),
    subscriptions: new Map(),
  };
  const endSubscriptions = () => {
    for (const subscription of service.subscriptions.values()) subscription.end();
  };
  return {
    api: makeKinesisApi(service),
    has: (arn) => arn.split(':')[2] === 'kinesis' && streams.find(streamNameOf(arn)) !== undefined,
    async apply() {},
    reload() {
      endSubscriptions();
      streams.reload();
    },
    async close() {
      endSubscriptions();
      streams.stop();
    },
  };
}

export const kinesis: Emulator = {
  name: 'kinesis',
  kinds: ['stream', 'stream-consumer'],
  start: startKinesis,
};
