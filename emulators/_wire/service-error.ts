/** What a service itself answers to a call it refuses: its code, its message, its HTTP status. */
import type { JsonObject } from '../../src/model/emulator.ts';

export interface ServiceErrorOptions {
  /** HTTP status; default 400. */
  readonly status?: number;
  /** Further members of the error body (`CancellationReasons`, `Reason`). */
  readonly fields?: JsonObject;
  /** JSON shape namespace in `__type`: `com.amazonaws.dynamodb.v20120810#`. */
  readonly namespace?: string;
  /** The code in the query protocol where it differs: `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly status: number;
  readonly fields: JsonObject;
  readonly namespace: string;
  readonly queryCode: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, message: string, options: ServiceErrorOptions = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
    this.namespace = options.namespace ?? '';
    this.queryCode = options.queryCode ?? code;
    this.headers = options.headers ?? {};
  }
}
