/** Hands one part of a batch to its function. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { Invoked, TraceContext } from '../../src/model/invocation.ts';
import type { StreamDelivery } from '../../src/model/project.ts';
import { messageOf } from '../../src/std/errors.ts';
import type { Part } from './settle.ts';
import type { Entry, Place, Source } from './source.ts';
import { type WindowPart, windowMembers } from './window.ts';

export interface InvokeOptions<P extends Place> {
  readonly context: EmulatorContext;
  readonly trigger: StreamDelivery;
  readonly source: Source<P>;
}

/** Undefined when the door itself failed; the batch is then tried again. */
export async function invokeWith<P extends Place>(
  { context, trigger, source }: InvokeOptions<P>,
  { entries, invocations }: Part<P>,
  window: WindowPart | undefined,
): Promise<Invoked | undefined> {
  const first = entries[0]?.origin;
  const links = linksOf(
    entries.map(({ origin }) => origin),
    first,
  );
  try {
    return await context.deliver({
      functionId: trigger.functionId,
      event: makeStreamEvent(entries, window),
      cause: source.cause(entries.length, entries[0]?.sequenceNumber ?? ''),
      attempt: invocations + 1,
      ...(first && { origin: first }),
      ...(links.length > 0 && { links }),
    });
  } catch (failure) {
    context.notice(
      `a batch of ${source.name} could not be handed to ${trigger.functionId}: ${messageOf(failure)}`,
    );
    return undefined;
  }
}

/** JSON text. */
export function makeStreamEvent(entries: readonly Pick<Entry, 'text'>[], window?: WindowPart): string {
  return `{"Records":[${entries.map(({ text }) => text).join(',')}]${window ? windowMembers(window) : ''}}`;
}

/** One span of each further trace: a batch may hold thousands of records of one call. */
function linksOf(
  origins: readonly (TraceContext | undefined)[],
  first: TraceContext | undefined,
): readonly TraceContext[] {
  const links = new Map<string, TraceContext>();
  for (const origin of origins)
    if (origin && origin.traceId !== first?.traceId && !links.has(origin.traceId))
      links.set(origin.traceId, origin);
  return [...links.values()];
}
