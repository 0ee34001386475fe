/** Short texts about a row: durations, causes, ends. */
import type { Cause, InvocationRecord } from '../model/invocation.ts';
import { unreachable } from '../std/errors.ts';
import type { Palette } from './palette.ts';
import { httpStatusOf, statusOf } from './status.ts';

/** `0.4 ms`, `84 ms`, `1.25 s`, `2 min 5 s`. */
export function durationText(ms: number): string {
  if (ms < 10) return `${(Math.round(ms * 10) / 10).toString()} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** What made the function run: `POST /orders`, `queue orders (3 messages)`, `schedule nightly by hand`. */
export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'http':
      return `${cause.method} ${cause.path}`;
    case 'authorizer':
      return `authorizer ${cause.authorizer} of ${cause.method} ${cause.path}`;
    case 'queue':
      return `queue ${cause.queue}${cause.messageIds.length === 1 ? '' : ` (${cause.messageIds.length} messages)`}`;
    case 'table-stream':
      return `stream ${cause.table}${cause.records === 1 ? '' : ` (${cause.records} records)`}`;
    case 'stream':
      return `stream ${cause.stream}${cause.records === 1 ? '' : ` (${cause.records} records)`}`;
    case 'topic':
      return `topic ${cause.topic}`;
    case 'bucket':
      return `bucket ${cause.bucket} ${cause.event} ${cause.key}`;
    case 'event-rule':
      return `event ${cause.rule}${cause.bus === 'default' ? '' : ` on ${cause.bus}`}`;
    case 'pipe':
      return `pipe ${cause.pipe}${cause.step === 'enrichment' ? ' enrichment' : ''}${cause.records === 1 ? '' : ` (${cause.records} records)`}`;
    case 'schedule':
      return `schedule ${cause.name}${cause.byHand ? ' by hand' : ''}`;
    case 'api':
      return cause.type === 'Event' ? 'Invoke API, asynchronous' : 'Invoke API';
    case 'destination':
      return `${cause.condition === 'Success' ? 'success' : 'failure'} of ${cause.of}`;
    case 'cli':
      return 'command line';
    case 'replay':
      return `replay of ${cause.of}`;
    default:
      return unreachable(cause);
  }
}

/** `ok`, `201`, `TypeError`, `timeout`, `crash`, `running`. */
export function endText(record: InvocationRecord): string {
  const { outcome } = record;
  if (outcome?.status === 'error') return outcome.error.errorType;
  if (outcome?.status === 'unavailable') return outcome.code;
  const http = httpStatusOf(record);
  return http === undefined ? statusOf(record) : String(http);
}

/** Green went well, yellow is the caller's fault or unfinished, red is a failure. */
export function endPaint(record: InvocationRecord, palette: Palette): (text: string) => string {
  const status = statusOf(record);
  if (status === 'running') return palette.yellow;
  if (status !== 'ok') return palette.red;
  const http = httpStatusOf(record) ?? 200;
  if (http >= 500) return palette.red;
  return http >= 400 ? palette.yellow : palette.green;
}

/** Exactly `width` columns; what is longer ends in `…`. */
export function toWidth(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text + ' '.repeat(width - characters.length);
  return width <= 0 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}

/** `12:03:04.056` in the zone of `offsetMinutes` east of UTC. */
export function clockText(epochMs: number, offsetMinutes = 0): string {
  return new Date(epochMs + offsetMinutes * 60_000).toISOString().slice(11, 23);
}
