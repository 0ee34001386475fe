/** Records for one subscriber, gathered into batches and sent one after the other. */
import type { Clock, Timer } from '../../model/platform.ts';
import type { Buffering } from './subscription.ts';

export interface BatchesOptions {
  readonly clock: Clock;
  readonly buffering: Buffering;
  /** `records`: one JSON text each. Rejects when the subscriber did not take them. */
  readonly send: (records: readonly string[]) => Promise<void>;
  /** Makes the record that says how many were lost. */
  readonly lost: (records: number, bytes: number, reason: string) => string;
}

export interface Batches {
  add(record: string): void;
  /** Sends what there is; resolves when everything is on the other side or was given up. */
  flush(): Promise<void>;
  close(): void;
}

/** A subscriber that does not take its records may be so many batches behind. */
const MAX_WAITING = 8;

export function makeBatches({ clock, buffering, send, lost }: BatchesOptions): Batches {
  let open: string[] = [];
  let openBytes = 0;
  let timer: Timer | undefined;
  const waiting: string[][] = [];
  let sending: Promise<void> | undefined;
  let closed = false;

  const cut = () => {
    timer?.cancel();
    timer = undefined;
    if (open.length === 0) return;
    waiting.push(open);
    open = [];
    openBytes = 0;
    if (waiting.length > MAX_WAITING)
      drop(waiting.shift() ?? [], 'the subscriber takes its records too slowly');
    sending ??= sendAll().finally(() => {
      sending = undefined;
    });
  };

  const sendAll = async () => {
    for (let batch = waiting.shift(); batch && !closed; batch = waiting.shift()) {
      const records = batch;
      await send(records).catch((failure: unknown) =>
        drop(records, failure instanceof Error ? failure.message : String(failure)),
      );
    }
  };

  /** Told with what is sent next. */
  const drop = (batch: readonly string[], reason: string) => {
    const bytes = batch.reduce((sum, record) => sum + Buffer.byteLength(record), 0);
    push(lost(batch.length, bytes, reason));
  };

  const push = (record: string) => {
    open.push(record);
    openBytes += Buffer.byteLength(record);
  };

  return {
    add(record) {
      if (closed) return;
      push(record);
      if (open.length >= buffering.maxItems || openBytes >= buffering.maxBytes) return cut();
      timer ??= clock.after(buffering.timeoutMs, cut);
    },
    async flush() {
      cut();
      await sending;
    },
    close() {
      closed = true;
      timer?.cancel();
    },
  };
}
