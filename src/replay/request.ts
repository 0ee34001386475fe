/** Turns a journal row into a request that runs its event again. */
import type { DeliverRequest } from '../model/emulator.ts';
import type { InvocationRecord } from '../model/invocation.ts';
import { messageOf, SlsError } from '../std/errors.ts';

export interface ReplayChanges {
  /** JSON text instead of the recorded event. */
  readonly event?: string;
  /** Another function gets the event. */
  readonly functionId?: string;
}

/**
 * A new trace begins, linked to the span of the recorded invocation; request id and attempt start anew.
 * Throws `SlsError` code `event-not-json` for an event that is not JSON.
 */
export function replayRequest(record: InvocationRecord, changes: ReplayChanges = {}): DeliverRequest {
  if (changes.event !== undefined) checkJson(changes.event);
  return {
    functionId: changes.functionId ?? record.functionId,
    event: changes.event ?? record.event,
    cause: { kind: 'replay', of: record.id },
    links: [{ traceId: record.traceId, parentId: record.spanId }],
    ...(record.clientContext === undefined ? {} : { clientContext: record.clientContext }),
  };
}

function checkJson(event: string): void {
  try {
    JSON.parse(event);
  } catch (failure) {
    throw new SlsError('event-not-json', `the event to replay is not JSON: ${messageOf(failure)}`, {
      hint: 'strings need double quotes; check the text with a JSON tool',
      cause: failure,
    });
  }
}
