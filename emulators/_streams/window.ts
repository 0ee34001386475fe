/**
 * Tumbling windows: the function gets its state back with each batch of the same window, and is run once more when the window is over.
 * Source: Lambda Developer Guide, "Implementing stateful stream processing".
 */

/** Stored with the position it belongs to. */
export interface WindowState {
  /** Epoch ms; a multiple of the window's length. */
  readonly startsAt: number;
  /** JSON text: what the function answered last. */
  readonly state: string;
}

const NO_STATE = '{}';
/** A larger state ends its window early. */
const MAX_STATE_BYTES = 1024 * 1024;

export function windowStart(at: number, lengthMs: number): number {
  return Math.floor(at / lengthMs) * lengthMs;
}

export function newWindow(at: number, lengthMs: number): WindowState {
  return { startsAt: windowStart(at, lengthMs), state: NO_STATE };
}

/** What the function answered, JSON text, as the next state; an answer without one empties it. */
export function nextState(payload: string): string {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('state' in result)) return NO_STATE;
  const { state } = result;
  return state === undefined || state === null ? NO_STATE : JSON.stringify(state);
}

export const isTooLarge = ({ state }: WindowState): boolean => Buffer.byteLength(state) > MAX_STATE_BYTES;

export interface WindowPart {
  readonly window: WindowState;
  readonly lengthMs: number;
  readonly shardId: string;
  readonly streamArn: string;
  readonly isFinal: boolean;
  readonly isEarly: boolean;
}

/** Members of the event besides `Records`, as JSON text that begins with a comma. */
export function windowMembers({
  window,
  lengthMs,
  shardId,
  streamArn,
  isFinal,
  isEarly,
}: WindowPart): string {
  const { startsAt, state } = window;
  const bounds = JSON.stringify({ start: secondsText(startsAt), end: secondsText(startsAt + lengthMs) });
  const others = JSON.stringify({
    shardId,
    eventSourceARN: streamArn,
    isFinalInvokeForWindow: isFinal,
    isWindowTerminatedEarly: isEarly,
  });
  return `,"window":${bounds},"state":${state},${others.slice(1, -1)}`;
}

/** `2020-07-30T17:00:00Z`. */
export function secondsText(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
