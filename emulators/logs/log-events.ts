/** The events of one PutLogEvents call: what is refused, and what is left out of those taken. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isRecord } from '../../src/model/json.ts';
import { constraint, invalidParameter } from './errors.ts';

export interface LogEvent {
  /** Epoch ms. */
  readonly timestamp: number;
  readonly message: string;
}

/** Source of these: API reference, PutLogEvents. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const BYTES_BESIDES_MESSAGE = 26;
const LONGEST_SPAN_MS = 24 * 3_600_000;
const OLDEST_MS = 14 * 24 * 3_600_000;
const NEWEST_MS = 2 * 3_600_000;

/** Throws what the service answers. */
export function readEvents(written: JsonValue | undefined): readonly LogEvent[] {
  if (!Array.isArray(written)) throw constraint(undefined, 'logEvents', 'Member must not be null');
  if (written.length === 0 || written.length > MOST_EVENTS)
    throw constraint(
      `${written.length} events`,
      'logEvents',
      `Member must have length between 1 and ${MOST_EVENTS}`,
    );
  const events = written.map(readEvent);
  const bytes = events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + BYTES_BESIDES_MESSAGE,
    0,
  );
  if (bytes > MOST_BYTES)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BYTES}`);
  checkOrder(events);
  return events;
}

function readEvent(written: JsonValue, index: number): LogEvent {
  const { timestamp, message } = isRecord(written) ? written : {};
  const at = `logEvents.${index + 1}.member`;
  if (typeof timestamp !== 'number' || timestamp < 0)
    throw constraint(
      timestamp,
      `${at}.timestamp`,
      'Member must have value greater than or equal to 0, in milliseconds',
    );
  if (typeof message !== 'string' || message === '')
    throw constraint(
      message,
      `${at}.message`,
      'Member must be a text of a length greater than or equal to 1',
    );
  return { timestamp, message };
}

function checkOrder(events: readonly LogEvent[]): void {
  const isOrdered = events.every((event, index) => event.timestamp >= (events[index - 1]?.timestamp ?? 0));
  if (!isOrdered)
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  const span = (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
  if (span > LONGEST_SPAN_MS)
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
}

/** The service takes no events of long ago or of the future, and says so in an answer of success. */
export function takenOf(
  events: readonly LogEvent[],
  now: number,
): { readonly taken: readonly LogEvent[]; readonly rejected: JsonObject } {
  const isOld = ({ timestamp }: LogEvent) => timestamp < now - OLDEST_MS;
  const isNew = ({ timestamp }: LogEvent) => timestamp > now + NEWEST_MS;
  const old = events.filter(isOld).length;
  const firstNew = events.findIndex(isNew);
  return {
    taken: events.filter((event) => !isOld(event) && !isNew(event)),
    rejected: {
      ...(old > 0 && { tooOldLogEventEndIndex: old }),
      ...(firstNew >= 0 && { tooNewLogEventStartIndex: firstNew }),
    },
  };
}
