/** SendMessage. */

import type { Ids } from '../../../src/model/platform.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { compose } from '../compose.ts';
import { queueOf } from '../input.ts';
import { post } from '../post.ts';
import type { Queues } from '../queues.ts';
import { sendResult } from '../send-result.ts';

export function makeSendMessage(queues: Queues, ids: Ids): Operation {
  return (input, call) => {
    const queue = queueOf(queues, input);
    const draft = compose(queue, input, call);
    const [posted] = post(queues, ids, queue, [draft]);
    return posted && sendResult(draft, posted, input);
  };
}
