/** Amazon S3: buckets and objects, and who is told of what happens to them. */
import type { Emulator } from '../../src/model/emulator.ts';
import { acceptMessage } from './accept.ts';
import { makeS3Api } from './api.ts';
import { declareBuckets, declareTriggerBuckets } from './declare.ts';
import { startLifecycle } from './lifecycle/lifecycle.ts';
import { makeNotifier } from './notifications/notifier.ts';
import { findStoredObject } from './read-object.ts';
import type { S3Service } from './service.ts';
import { openObjectStore } from './store.ts';

export const s3: Emulator = {
  name: 's3',
  kinds: ['bucket'],
  async start(context) {
    const { clock, ids, region, accountId, files, notice } = context;
    // Without a place for bodies there is nothing to serve.
    if (!files) return { async apply() {}, async close() {} };
    const store = openObjectStore(context.store, files);
    const service: S3Service = {
      ...{ store, files, clock, ids, region, accountId },
      notifier: makeNotifier(context),
      configured: () => lifecycle.follow(),
    };
    const lifecycle = startLifecycle(service, notice);
    const recover = () =>
      files
        .recover(() => store.files())
        .catch((failure: unknown) =>
          notice(`what is left of uploads that never ended could not be removed: ${String(failure)}`),
        );
    let recovering = recover();
    return {
      api: makeS3Api(service),
      accept: (message) => acceptMessage(service, message),
      object: (address) => findStoredObject(service, address),
      async apply(resources, triggers) {
        const buckets = resources.filter((resource) => resource.kind === 'bucket');
        const mine = triggers.filter((trigger) => trigger.kind === 'bucket');
        declareBuckets(service, buckets, notice);
        declareTriggerBuckets(service, mine, notice);
        service.notifier.declare(buckets, mine);
        lifecycle.follow();
      },
      reload() {
        store.reload();
        recovering = recovering.then(recover);
      },
      async close() {
        lifecycle.stop();
        await recovering;
      },
    };
  },
};
