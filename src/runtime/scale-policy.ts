/** Decides how many instances to start for those who wait: none for who will be served sooner by an instance that runs. */

export interface Load {
  /** Events waiting for an instance. */
  readonly waiting: number;
  /** How many of them have waited longer than `PATIENCE_MS`. */
  readonly overdue: number;
  readonly starting: number;
  readonly busy: number;
  /** What an event took on average; undefined before the first has ended. */
  readonly averageMs: number | undefined;
  /** Instances the function may still get. */
  readonly room: number;
}

/** Nobody waits longer for a busy instance before one is started for them: about what a start takes. */
export const PATIENCE_MS = 30;

/**
 * A queue that is worked off within this time is left alone. It is shorter than a start, because an instance that was
 * started serves everyone who comes later, too.
 */
const SHORT_QUEUE_MS = 10;

/** Events wait no longer than this behind others at an instance, and no more than so many. */
const LINE_MS = 5;
const LONGEST_LINE = 16;

/** A wait this short is preferred to an idle instance: waking another process takes about as long, and costs more. */
const SHORT_LINE_MS = 0.5;

/** How many events an instance may be given at once: 1 unless each is over long before anything could be started for it. */
export function lineUpDepth(averageMs: number | undefined): number {
  return depthWithin(LINE_MS, averageMs);
}

/** The same while another instance is idle. */
export function lineUpDepthBesideIdle(averageMs: number | undefined): number {
  return depthWithin(SHORT_LINE_MS, averageMs);
}

function depthWithin(waitMs: number, averageMs: number | undefined): number {
  if (averageMs === undefined) return 1;
  return Math.max(1, Math.min(LONGEST_LINE, Math.floor(waitMs / Math.max(averageMs, 0.01))));
}

export function startsWanted({ waiting, overdue, starting, busy, averageMs, room }: Load): number {
  const soon = averageMs === undefined ? 0 : Math.floor((SHORT_QUEUE_MS * busy) / Math.max(averageMs, 0.001));
  const patient = Math.min(soon, waiting - overdue);
  return Math.max(0, Math.min(waiting - patient - starting, room));
}
