/** The telemetry of one instance: who has subscribed, and every record on its way to them. */
import type { LogLine } from '../../model/invocation.ts';
import type { Clock } from '../../model/platform.ts';
import { messageOf } from '../../std/errors.ts';
import type { Refusal } from '../contracts/runtime-api/refusal.ts';
import { type Batches, makeBatches } from './batches.ts';
import { deliverTelemetry } from './deliver-telemetry.ts';
import { invalidSubscription, otherApiInUse, subscriptionClosed } from './extension-refusal.ts';
import { parseSubscription, type Subscription, type TelemetryType } from './subscription.ts';

export interface TelemetryOptions {
  readonly clock: Clock;
  /** Address of the instance. */
  readonly address: () => Promise<string>;
  /** Records are objects where the function logs JSON. */
  readonly json: boolean;
  readonly onLog: (line: LogLine) => void;
}

interface Subscriber {
  readonly subscription: Subscription;
  readonly batches: Batches;
}

/** What was said before the first subscriber came is kept for it, up to this. */
const MAX_EARLY = 10_000;

export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #subscribers = new Map<string, Subscriber>();
  #api: 'Telemetry' | 'Logs' | undefined;
  /** Undefined once nobody can subscribe any more. */
  #early: { readonly type: TelemetryType; readonly record: string }[] | undefined = [];
  #told = false;

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  /** A second subscription of the same extension replaces its first. */
  subscribe(name: string, api: 'Telemetry' | 'Logs', body: string): Refusal | undefined {
    if (!this.#early) return subscriptionClosed(api);
    if (this.#api !== undefined && this.#api !== api) return otherApiInUse(api);
    const subscription = parseSubscription(api, body);
    if (typeof subscription === 'string') return invalidSubscription(subscription);
    this.#api = api;
    this.#subscribers.get(name)?.batches.close();
    const batches = this.#batchesFor(name, subscription);
    this.#subscribers.set(name, { subscription, batches });
    for (const { type, record } of this.#early) if (subscription.types.includes(type)) batches.add(record);
    const type = api === 'Logs' ? 'platform.logsSubscription' : 'platform.telemetrySubscription';
    this.platform(type, { name, state: 'Subscribed', types: subscription.types });
    return undefined;
  }

  /** Init is over: whoever has not subscribed by now does not. */
  close(): void {
    this.#early = undefined;
  }

  /** Whether anybody listens, or may yet. */
  get wanted(): boolean {
    return this.#early !== undefined || this.#subscribers.size > 0;
  }

  platform(type: string, record: object): void {
    if (this.wanted) this.#add('platform', this.#record(type, record));
  }

  /** A line of the function's log, or of an extension's. */
  line(type: 'function' | 'extension', line: LogLine): void {
    if (this.wanted) this.#add(type, this.#record(type, this.#textOf(line), line.at));
  }

  /** Sends what there is; resolves when it is on the other side or was given up. */
  async flush(): Promise<void> {
    await Promise.all([...this.#subscribers.values()].map(({ batches }) => batches.flush()));
  }

  end(): void {
    for (const { batches } of this.#subscribers.values()) batches.close();
  }

  #add(type: TelemetryType, record: string): void {
    if (this.#early && this.#early.length < MAX_EARLY) this.#early.push({ type, record });
    for (const { subscription, batches } of this.#subscribers.values())
      if (subscription.types.includes(type)) batches.add(record);
  }

  #batchesFor(name: string, { destination, buffering }: Subscription): Batches {
    return makeBatches({
      clock: this.#options.clock,
      buffering,
      send: async (records) => {
        try {
          await deliverTelemetry(await this.#options.address(), destination, records);
        } catch (failure) {
          this.#tellOf(name, messageOf(failure));
          throw failure;
        }
      },
      lost: (droppedRecords, droppedBytes, reason) =>
        this.#record('platform.logsDropped', { reason, droppedRecords, droppedBytes }),
    });
  }

  #tellOf(name: string, reason: string): void {
    if (this.#told) return;
    this.#told = true;
    this.#options.onLog({
      at: this.#options.clock.now(),
      stream: 'platform',
      level: 'WARN',
      text: `telemetry did not reach the extension ${name}: ${reason}`,
    });
  }

  #record(type: string, record: unknown, at = this.#options.clock.now()): string {
    return JSON.stringify({ time: new Date(at).toISOString(), type, record });
  }

  #textOf({ text }: LogLine): unknown {
    if (this.#options.json && text.startsWith('{')) {
      try {
        return JSON.parse(text);
      } catch {
        // A line that only looks like a record.
      }
    }
    return `${text}\n`;
  }
}
