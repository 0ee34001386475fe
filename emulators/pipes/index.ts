/** EventBridge Pipes: from a queue or stream through a filter and an enrichment to a target. */
import type { Emulator } from '../../src/model/emulator.ts';
import { declare } from './declare.ts';
import { makePipeRoutes } from './operations/pipes.ts';
import { makeTagRoutes } from './operations/tags.ts';
import { makeRunningPipes } from './running.ts';
import { openPipeStore } from './store.ts';

/** How long a closing session waits for batches under way; what they hold comes again in the next one. */
const CLOSE_GRACE_MS = 1000;

export const pipes: Emulator = {
  name: 'pipes',
  kinds: ['pipe'],
  async start(context) {
    const { clock, ids, region, accountId, notice } = context;
    const store = openPipeStore(context.store);
    const running = makeRunningPipes(store, context);
    const service = { store, running, clock, ids, region, accountId };
    return {
      api: {
        protocol: 'rest-json',
        service: 'pipes',
        routes: [...makePipeRoutes(service), ...makeTagRoutes(service)],
      },
      async apply(resources) {
        declare(service, resources, notice);
        running.follow();
      },
      reload: () => running.abandon(),
      close: () => running.close(CLOSE_GRACE_MS),
    };
  },
};
