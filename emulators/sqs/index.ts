/** Amazon SQS: standard and FIFO queues, and their trigger. */
import type { Emulator } from '../../src/model/emulator.ts';
import { acceptMessage } from './accept.ts';
import { makeSqsApi } from './api.ts';
import { declareQueues, declareSources } from './declare.ts';
import { followQueue } from './follow.ts';
import { makeMappings } from './mappings.ts';
import { openMoveStore } from './moves/move-store.ts';
import { makeMoves } from './moves/moves.ts';
import { nameOfArn } from './queue-names.ts';
import { makeQueues } from './queues.ts';
import { openQueueStore } from './store.ts';

/** How long a closing session waits for functions that hold messages; what they hold comes back by visibility timeout. */
const CLOSE_GRACE_MS = 1000;

export const sqs: Emulator = {
  name: 'sqs',
  kinds: ['queue'],
  async start(context) {
    const { clock, ids, region, accountId, notice } = context;
    const queues = makeQueues({
      ...{ store: openQueueStore(context.store), clock, ids, region, accountId },
      ...(context.faults && { faults: context.faults.queues }),
    });
    const mappings = makeMappings(queues, context);
    const moves = makeMoves({ queues, store: openMoveStore(context.store), clock, ids });
    return {
      api: makeSqsApi(queues, moves, ids),
      async apply(resources, triggers) {
        const mine = triggers.filter((trigger) => trigger.kind === 'queue');
        declareQueues(
          queues,
          resources.filter((resource) => resource.kind === 'queue'),
          notice,
        );
        declareSources(queues, mine, notice);
        mappings.apply(mine);
      },
      accept: (message) => acceptMessage(queues, ids, accountId, message),
      reload() {
        queues.reload();
        moves.resume();
      },
      follow: (request) => followQueue(queues, context, request),
      has: (arn) => queues.find(nameOfArn(arn) ?? '') !== undefined,
      async close() {
        moves.close();
        await mappings.close(CLOSE_GRACE_MS);
        queues.close();
      },
    };
  },
};
