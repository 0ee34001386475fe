/** Amazon S3: buckets and objects, and who is told of what happens to them. */
import type { Emulator } from '../../src/model/emulator.ts';
import { makeS3Api } from './api.ts';
import type { S3Service } from './service.ts';
import { openObjectStore } from './store.ts';

export const s3: Emulator = {
  name: 's3',
  kinds: ['bucket'],
  async start(context) {
    const { clock, ids, region, accountId, files } = context;
    if (!files) return { async apply() {}, async close() {} };
    const store = openObjectStore(context.store, files);
    const service: S3Service = {
      ...{ store, files, clock, ids, region, accountId },
      publish: () => {},
      configured: () => {},
    };
    const recover = () =>
      files
        .recover(() => store.files())
        .catch((failure: unknown) =>
          context.notice(`what is left of uploads that never ended could not be removed: ${String(failure)}`),
        );
    let recovering = recover();
    return {
      api: makeS3Api(service),
      async apply() {},
      reload() {
        store.reload();
        recovering = recovering.then(recover);
      },
      async close() {
        await recovering;
      },
    };
  },
};
