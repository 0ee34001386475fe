/** Names for what is under way that do not depend on when it happens: by the event it comes of, where it is, and how often. */
import type { TraceContext } from '../model/invocation.ts';

export interface Names {
  /** The trace of the event with this number: from 1. */
  traceOf(event: number): string;
  /** Number of the event a trace belongs to, as text; `?` = none of ours. */
  labelOf(origin: TraceContext | undefined): string;
  /** `3/orders`, and `3/orders#2` for the second thing of event 3 that comes to the same place. */
  next(origin: TraceContext | undefined, place: string): string;
  /** How often this was asked of `name`: 1 for the first time. */
  count(name: string): number;
}

/** Trace ids have 24 hex digits of their own. */
const DIGITS = 24;
const SECONDS = '6bc00000';

export function makeNames(): Names {
  const counts = new Map<string, number>();
  const count = (name: string) => {
    const times = (counts.get(name) ?? 0) + 1;
    counts.set(name, times);
    return times;
  };
  const labelOf = (origin: TraceContext | undefined) => {
    const [, seconds, digits = ''] = origin?.traceId.split('-') ?? [];
    return seconds === SECONDS ? String(Number.parseInt(digits, 16)) : '?';
  };
  return {
    count,
    labelOf,
    traceOf: (event) => `1-${SECONDS}-${event.toString(16).padStart(DIGITS, '0')}`,
    next(origin, place) {
      const name = `${labelOf(origin)}/${place}`;
      const times = count(`place ${name}`);
      return times === 1 ? name : `${name}#${times}`;
    },
  };
}
