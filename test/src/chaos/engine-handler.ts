/** What functions do while the engine is tested, and what of a batch counts as handled by them. */
import { roll, rollBetween } from '../../../src/chaos/seed.ts';
import type { DeliverRequest, JsonObject } from '../../../src/model/emulator.ts';
import type { Clock } from '../../../src/model/platform.ts';

/** What a handler under test may do. */
export interface Handling {
  /** Bodies of messages and events, `key:version` of changed items. */
  readonly bodies: readonly string[];
  /** What a partial batch response calls each of them. */
  readonly ids: readonly string[];
  readonly request: DeliverRequest;
  readonly clock: Clock;
  /** Calls a service, and may die of it. */
  call(service: string, operation: string, work: () => Promise<void>): Promise<void>;
  /** Its lasting effect. */
  effect(body: string): void;
}

/** Answers what the function returns. */
export type Handler = (handling: Handling) => Promise<unknown>;

export interface Batch {
  readonly bodies: readonly string[];
  readonly ids: readonly string[];
}

export function batchOf({ event, cause }: DeliverRequest): Batch {
  if (cause.kind === 'pipe') {
    const piped = JSON.parse(event) as { data: string; sequenceNumber: string }[];
    return {
      bodies: piped.map(({ data }) => decoded(data)),
      ids: piped.map(({ sequenceNumber }) => sequenceNumber),
    };
  }
  const { body, Records: records = [] } = JSON.parse(event) as { body?: string; Records?: JsonObject[] };
  if (cause.kind === 'queue')
    return {
      bodies: records.map((record) => String(record.body)),
      ids: records.map(({ messageId }) => String(messageId)),
    };
  if (cause.kind === 'stream') {
    const told = records.map(({ kinesis }) => kinesis as { data: string; sequenceNumber: string });
    return {
      bodies: told.map(({ data }) => decoded(data)),
      ids: told.map(({ sequenceNumber }) => sequenceNumber),
    };
  }
  if (cause.kind !== 'table-stream') return { bodies: [String(body)], ids: [] };
  const changes = records.map(
    ({ dynamodb }) =>
      dynamodb as { NewImage: { id: { S: string }; version: { N: string } }; SequenceNumber: string },
  );
  return {
    bodies: changes.map(({ NewImage }) => `${NewImage.id.S}:${NewImage.version.N}`),
    ids: changes.map(({ SequenceNumber }) => SequenceNumber),
  };
}

const decoded = (data: string) => Buffer.from(data, 'base64').toString();

/** Which of a batch count as handled by what the function returned. */
export function handledOf(
  payload: string,
  { cause }: DeliverRequest,
  bodies: readonly string[],
  ids: readonly string[],
): readonly string[] {
  const result = JSON.parse(payload) as { batchItemFailures?: { itemIdentifier: string }[] } | null;
  const failed = (result?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  if (failed.length === 0) return bodies;
  if (cause.kind === 'queue') return bodies.filter((_, at) => !failed.includes(ids[at] ?? ''));
  return bodies.slice(
    0,
    ids.findIndex((id) => failed.includes(id)),
  );
}

/** Takes up to five seconds; one body in twelve never succeeds. Reports what failed, or fails as a whole, as its trigger has it. */
export function carefulHandler(seed: string): Handler {
  const handle = async (body: string, { clock, call, effect, request }: Handling) => {
    await clock.sleep(rollBetween(seed, `takes ${body} ${request.functionId}`, 0, 5000));
    if (roll(seed, `poison ${body}`) < 0.08) throw new Error(`${body} is poison`);
    await call('dynamodb', 'PutItem', async () => effect(body));
  };
  return async (handling) => {
    const { bodies, ids, request } = handling;
    for (const [at, body] of bodies.entries())
      try {
        await handle(body, handling);
      } catch (failure) {
        if (!reportsItems(seed, request.functionId)) throw failure;
        // In order: all behind it are to come again with it.
        return { batchItemFailures: ids.slice(at).map((itemIdentifier) => ({ itemIdentifier })) };
      }
    return undefined;
  };
}

/** An endpoint elsewhere: the status it answers one event with, or none within five seconds. One body in twelve it never takes. */
export type Endpoint = (body: string, clock: Clock) => Promise<number | undefined>;

export function carefulEndpoint(seed: string): Endpoint {
  const calls = new Map<string, number>();
  return async (body, clock) => {
    const nth = (calls.get(body) ?? 0) + 1;
    calls.set(body, nth);
    const takesMs = rollBetween(seed, `answers ${body} ${nth}`, 0, 6000);
    await clock.sleep(Math.min(takesMs, 5000));
    if (takesMs > 5000) return undefined;
    if (roll(seed, `refuses ${body}`) < 0.08) return 500;
    return roll(seed, `rejects ${body}`) < 0.04 ? 400 : 200;
  };
}

export const reportsItems = (seed: string, functionId: string) =>
  functionId !== 'job' && roll(seed, `reports ${functionId}`) < 0.5;
