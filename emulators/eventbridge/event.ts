/** An event on a bus: the envelope around its detail. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { TraceContext } from '../../src/model/invocation.ts';
import type { Owner } from './arns.ts';

export interface BusEvent {
  readonly id: string;
  /** The whole of it as JSON text. */
  readonly text: string;
  /** The same, parsed. */
  readonly json: JsonObject;
  /** When the bus got it, epoch ms. */
  readonly ingestedAt: number;
  readonly origin?: TraceContext;
  /** Buses it has come over. */
  readonly hops: number;
  /** Set while it is replayed: only these rules see it, by ARN; empty = all. */
  readonly onlyRules?: readonly string[];
}

export interface EventParts {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** Epoch ms. */
  readonly time: number;
  readonly resources: readonly string[];
  /** JSON text, kept as it was written. */
  readonly detail: string;
}

/** JSON text. */
export function makeEventText(parts: EventParts, { region, accountId }: Owner): string {
  const head = JSON.stringify({
    version: '0',
    id: parts.id,
    'detail-type': parts.detailType,
    source: parts.source,
    account: accountId,
    time: eventTime(parts.time),
    region,
    resources: parts.resources,
  });
  return `${head.slice(0, -1)},"detail":${parts.detail.trim()}}`;
}

/** Whole seconds. */
export function eventTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
