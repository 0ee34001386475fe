/** Calls DynamoDB operations, wherever the tables are: in this process or behind a session's endpoint. */
import { ServiceError } from '../../emulators/_wire/service-error.ts';
import type { JsonObject } from '../model/emulator.ts';
import type { Clock, Ids } from '../model/platform.ts';
import type { JsonApi } from '../model/service-api.ts';
import { makeTraceId } from '../std/ids.ts';

/** `call('GetItem', { TableName, Key })` → the operation's output. Throws `TableRefusal` for what the service refuses. */
export type TableCall = (operation: string, input: JsonObject) => Promise<JsonObject>;

/** What the service answered instead of an output. */
export class TableRefusal extends Error {
  override readonly name = 'TableRefusal';
  /** `ConditionalCheckFailedException`, … */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface InProcessOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
}

/** Calls an emulator that runs in this process. */
export function makeInProcessCall(
  api: JsonApi,
  { clock, ids, region, accountId }: InProcessOptions,
): TableCall {
  const { signal } = new AbortController();
  return async (operation, input) => {
    const run = Object.hasOwn(api.operations, operation) ? api.operations[operation] : undefined;
    if (!run) throw api.unknownOperation(operation);
    const call = {
      service: api.service,
      operation,
      requestId: ids.uuid(),
      origin: { traceId: makeTraceId(clock, ids) },
      endpoint: '',
      region,
      accountId,
      signal,
    };
    try {
      return (await run(input, call)) ?? {};
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      const { Message } = failure.fields;
      throw new TableRefusal(failure.code, failure.message || String(Message ?? failure.code));
    }
  };
}
