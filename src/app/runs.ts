/** Single runs somebody asks for: invoke a function, replay a journal row. */
import type { DeliverRequest } from '../model/emulator.ts';
import type { InvocationRecord } from '../model/invocation.ts';
import { diffLines, diffOutcomes } from '../replay/diff.ts';
import { replayRequest } from '../replay/request.ts';
import { BugError, SlsError } from '../std/errors.ts';
import { completeRequest } from './deliver.ts';
import type { Ground } from './ground.ts';
import type { Runtime } from './runtime.ts';
import type { Ran, Replayed, Session } from './session-seam.ts';

export function makeRuns(ground: Ground, runtime: Runtime): Pick<Session, 'invoke' | 'replay'> {
  const { journal, current } = ground;
  const run = (request: DeliverRequest) => runAndRecord(ground, runtime, request);
  return {
    invoke: async (ref, event) => run({ functionId: current.need(ref).id, event, cause: { kind: 'cli' } }),
    replay: async (id, changes) => {
      const original = journal.get(id);
      if (!original)
        throw new SlsError('record-unknown', `no invocation "${id}" is in the journal`, {
          hint: 'list them with: sls-local traces',
        });
      const functionId = current.need(changes.functionId ?? original.functionId).id;
      const { event } = changes;
      const ran = await run(
        replayRequest(original, { functionId, ...(event === undefined ? {} : { event }) }),
      );
      return { ...ran, original, ...compare(original, ran.record) };
    },
  };
}

/** The record comes from the events, because a session may run without a journal. */
async function runAndRecord(
  { clock, ids, hub, journal }: Ground,
  { invoke }: Runtime,
  request: DeliverRequest,
): Promise<Ran> {
  const complete = completeRequest(request, clock, ids);
  let record: InvocationRecord | undefined;
  const stop = hub.on((event) => {
    if (event.type === 'invocation' && event.id === complete.recordId) record = event.record;
  });
  const invoked = await invoke(complete);
  // The row is whole when extensions are through with the event.
  await invoked.settled;
  stop();
  journal.flush();
  if (!record) throw new BugError(`invocation ${complete.recordId} was not told as an event`);
  return { record };
}

function compare(
  before: InvocationRecord,
  after: InvocationRecord,
): Pick<Replayed, 'identical' | 'differenceText'> {
  if (!after.outcome) throw new BugError(`invocation ${after.id} has no outcome`);
  const diff = diffOutcomes(before.outcome, after.outcome);
  return { identical: diff.identical, differenceText: diffLines(diff).join('\n') };
}
