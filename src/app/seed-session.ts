/** Seeds the new tables of a running session, at its start and whenever the project was read again. */

import type { Project } from '../model/project.ts';
import type { ServiceApi } from '../model/service-api.ts';
import { BugError } from '../std/errors.ts';
import { makeInProcessCall } from './data-call.ts';
import type { Ground } from './ground.ts';
import { seededText, seedOnce } from './seed-tables.ts';

const DYNAMODB = 'DynamoDB_20120810';

/** Never rejects for what is wrong with a seed: that is a problem the session shows. */
export async function seedSession(
  { clock, ids, store, hub }: Ground,
  apis: readonly ServiceApi[],
  { seeds = [], region, accountId }: Project,
): Promise<void> {
  if (seeds.length === 0) return;
  const api = apis.find((each) => each.protocol === 'json' && each.targetPrefix === DYNAMODB);
  if (api?.protocol !== 'json') throw new BugError('no emulator serves DynamoDB');
  await seedOnce({
    call: makeInProcessCall(api, { clock, ids, region, accountId }),
    store,
    seeds,
    onProblem: (problem) => hub.emit({ type: 'problem', problem }),
    onSeeded: (table, count) =>
      hub.emit({ type: 'notice', level: 'info', message: seededText(table, count) }),
  });
}
