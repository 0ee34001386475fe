/** A contract's session with the instance's extensions around it: they take part in init, in every event and in the end. */
import type { FunctionError, LogLine, Outcome } from '../../model/invocation.ts';
import { logText } from '../../model/log-text.ts';
import type { Clock, Timer } from '../../model/platform.ts';
import type { FunctionSpec } from '../../model/project.ts';
import type { ContractSession, Delivery, EventWatch, InitResult } from '../../model/runtime.ts';
import type { ExtensionHost } from './extension-host.ts';
import type { PlatformRecords } from './platform-records.ts';

export interface ExtendedSessionParts {
  readonly inner: ContractSession;
  readonly host: ExtensionHost;
  readonly records: PlatformRecords;
  readonly fn: FunctionSpec;
  readonly clock: Clock;
  /** AWS_LAMBDA_RUNTIME_API. */
  readonly runtimeApi: string;
  /** Lets the runtime begin, where it can be held back until the extensions have registered. */
  readonly begin?: () => void;
  /** Settles when the runtime asks for another event, where it does not do so by answering. */
  readonly runtimeAsks?: () => Promise<void>;
}

export function extendSession(parts: ExtendedSessionParts): ContractSession {
  const { inner, host, records, fn, clock, runtimeApi, begin, runtimeAsks } = parts;
  let startedAt = clock.now();
  let settling: Promise<Outcome | undefined> | undefined;
  let eventEnded: ((outcome: Outcome) => void) | undefined;
  /** Why the instance takes no further event. */
  let broken: 'failure' | 'timeout' | undefined;
  let hangUp: () => void = () => {};
  const brokenDown = new Promise<void>((resolve) => {
    hangUp = resolve;
  });
  let close: () => void = () => {};
  const closed = new Promise<undefined>((resolve) => {
    close = () => resolve(undefined);
  });
  const breakDown = (reason: 'failure' | 'timeout') => {
    broken ??= reason;
    hangUp();
  };
  const failed = host.failed.then((error) => {
    breakDown('failure');
    return error;
  });

  const initialise = async (): Promise<InitResult> => {
    const first = await Promise.race([inner.ready, failed]);
    if (!('status' in first)) return initFailed(first);
    records.initRuntimeDone(first);
    if (first.status === 'error') return first;
    const failure = await Promise.race([host.ready(), failed]);
    if (failure) return initFailed(failure);
    host.telemetry.close();
    const initMs = host.active ? clock.now() - startedAt : first.initMs;
    records.initReport(initMs);
    return { ...first, initMs };
  };

  const initFailed = (error: FunctionError): InitResult => ({
    status: 'error',
    outcome: { status: 'error', phase: 'init', error },
    initMs: clock.now() - startedAt,
  });

  const deliver = (delivery: Delivery, watch: EventWatch): Promise<Outcome | 'not-begun'> => {
    if (!host.active && !host.telemetry.wanted) return inner.invoke(delivery, watch);
    const beganAt = clock.now();
    records.start(delivery);
    host.tellInvoke(delivery);
    const asks = runtimeAsks?.() ?? Promise.resolve();
    const end = Promise.race([
      inner.invoke(delivery, heardBy(watch, delivery)),
      failed.then((error): Outcome => ({ status: 'error', phase: 'invoke', error })),
    ]);
    let isTold = false;
    eventEnded = (outcome) => {
      if (isTold) return;
      isTold = true;
      const tookMs = clock.now() - beganAt;
      records.runtimeDone(delivery, outcome, tookMs);
      records.report(delivery, outcome, tookMs, inner.memoryPeakBytes?.());
    };
    settling = end.then(async (outcome) => {
      if (outcome === 'not-begun' || isTold) return undefined;
      isTold = true;
      records.runtimeDone(delivery, outcome, clock.now() - beganAt);
      const late = await overOrLate(asks, beganAt);
      settling = undefined;
      const tookMs = clock.now() - beganAt;
      records.report(delivery, late ?? outcome, tookMs, inner.memoryPeakBytes?.());
      return late;
    });
    return end;
  };

  /** The event counts against the function's timeout until everybody asks for the next one. */
  const overOrLate = async (asks: Promise<void>, beganAt: number): Promise<Outcome | undefined> => {
    let timer: Timer | undefined;
    const tooLate = new Promise<Outcome>((resolve) => {
      timer = clock.after(Math.max(0, beganAt + fn.timeoutMs - clock.now()), () => {
        breakDown('timeout');
        resolve({ status: 'timeout', afterMs: fn.timeoutMs });
      });
    });
    const over = Promise.all([asks, host.invokeOver()]).then(() => undefined);
    const ended = inner.ended?.then(() => undefined) ?? closed;
    const end = await Promise.race([over, ended, closed, failed.then(() => undefined), tooLate]);
    timer?.cancel();
    return end;
  };

  const heardBy = (watch: EventWatch, { requestId }: Delivery): EventWatch => ({
    ...watch,
    onLog(line: LogLine) {
      host.telemetry.line('function', { ...line, text: logText(line, requestId, fn) });
      watch.onLog(line);
    },
  });

  return {
    ...inner,
    ready: initialise(),
    ended: inner.ended ? Promise.race([inner.ended, brokenDown]) : brokenDown,
    linesUp: () => !host.active && inner.linesUp?.() === true,
    started(handle) {
      startedAt = clock.now();
      records.initStart();
      host.launch(handle, runtimeApi);
      inner.started?.(handle);
      const go = begin ?? handle?.begin;
      if (go) void host.registered().then(go);
    },
    invoke: deliver,
    eventEnded: (outcome) => eventEnded?.(outcome),
    settled: () => settling,
    abandon() {
      settling = undefined;
      inner.abandon();
    },
    heard: (line) => host.telemetry.line('function', line),
    shutdown: (reason) => host.shutDown(reason === 'spindown' ? (broken ?? reason) : reason),
    async close() {
      close();
      host.telemetry.end();
      await inner.close();
    },
  };
}
