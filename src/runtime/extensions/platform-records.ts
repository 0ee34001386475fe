/** What the platform itself says of an instance and its events, as the Telemetry API's schema 2022-12-13 has it. */
import type { Outcome } from '../../model/invocation.ts';
import { toldPeakBytes } from '../../model/memory-peak.ts';
import type { Clock } from '../../model/platform.ts';
import type { FunctionSpec } from '../../model/project.ts';
import type { Delivery, InitResult } from '../../model/runtime.ts';
import type { Telemetry } from './telemetry.ts';

export interface PlatformRecords {
  initStart(): void;
  initRuntimeDone(result: InitResult): void;
  initReport(initMs: number): void;
  start(delivery: Delivery): void;
  /** The runtime has answered. */
  runtimeDone(delivery: Delivery, outcome: Outcome, tookMs: number): void;
  /** Everybody is done with the event. */
  report(delivery: Delivery, outcome: Outcome, tookMs: number, measuredPeakBytes: number | undefined): void;
}

export interface RecordsOptions {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly fn: FunctionSpec;
  readonly instanceId: string;
  /** `on-demand`, `provisioned-concurrency`, `snap-start`. */
  readonly initializationType: string;
}

export function makePlatformRecords(options: RecordsOptions): PlatformRecords {
  const { telemetry, fn, instanceId, initializationType, clock } = options;
  const version = fn.version ?? '$LATEST';
  const phase = { initializationType, phase: 'init' };
  let initMs: number | undefined;
  let startedAt = 0;
  return {
    initStart() {
      telemetry.platform('platform.initStart', {
        ...phase,
        runtimeVersion: fn.runtime,
        runtimeVersionArn: `arn:aws:lambda:${fn.arn.split(':')[3]}::runtime:local`,
        functionName: fn.name,
        functionVersion: version,
        instanceId,
        instanceMaxMemory: fn.memoryMb * 2 ** 20,
      });
    },
    initRuntimeDone(result) {
      const end = result.status === 'ready' ? { status: 'success' } : statusOf(result.outcome);
      telemetry.platform('platform.initRuntimeDone', { ...phase, ...end });
    },
    initReport(durationMs) {
      initMs = durationMs;
      telemetry.platform('platform.initReport', {
        ...phase,
        status: 'success',
        metrics: { durationMs: rounded(durationMs) },
      });
    },
    start(delivery) {
      startedAt = clock.now();
      const { requestId, tenantId } = delivery;
      telemetry.platform('platform.start', {
        requestId,
        version,
        ...(tenantId === undefined ? {} : { tenantId }),
        tracing: tracingOf(delivery),
      });
    },
    runtimeDone(delivery, outcome, tookMs) {
      const producedBytes = outcome.status === 'ok' ? Buffer.byteLength(outcome.payload) : 0;
      telemetry.platform('platform.runtimeDone', {
        requestId: delivery.requestId,
        ...statusOf(outcome),
        metrics: { durationMs: rounded(tookMs), producedBytes },
        spans: [
          { name: 'responseLatency', start: new Date(startedAt).toISOString(), durationMs: rounded(tookMs) },
        ],
        tracing: tracingOf(delivery),
      });
    },
    report(delivery, outcome, tookMs, measuredPeakBytes) {
      const memoryPeakBytes = toldPeakBytes(outcome, measuredPeakBytes);
      const billedMs = Math.max(1, Math.ceil(tookMs + (initMs ?? 0)));
      telemetry.platform('platform.report', {
        requestId: delivery.requestId,
        ...statusOf(outcome),
        metrics: {
          durationMs: rounded(tookMs),
          billedDurationMs: billedMs,
          memorySizeMB: fn.memoryMb,
          ...(memoryPeakBytes === undefined ? {} : { maxMemoryUsedMB: Math.ceil(memoryPeakBytes / 2 ** 20) }),
          ...(initMs === undefined ? {} : { initDurationMs: rounded(initMs) }),
        },
        tracing: tracingOf(delivery),
      });
      // A start is reported with the first event.
      initMs = undefined;
    },
  };
}

function statusOf(outcome: Outcome): { readonly status: string; readonly errorType?: string } {
  switch (outcome.status) {
    case 'ok':
      return { status: 'success' };
    case 'timeout':
      return { status: 'timeout', errorType: 'Sandbox.Timedout' };
    case 'error':
      return { status: 'error', errorType: outcome.error.errorType };
    case 'crash':
      return { status: 'failure', errorType: 'Runtime.ExitError' };
    case 'out-of-memory':
      return { status: 'failure', errorType: 'Runtime.OutOfMemory' };
    case 'throttled':
    case 'unavailable':
      return { status: 'failure', errorType: 'Sandbox.Failure' };
  }
}

function tracingOf({ traceHeader }: Delivery) {
  const spanId = /Parent=([0-9a-f]{16})/.exec(traceHeader)?.[1] ?? '';
  return { spanId, type: 'X-Amzn-Trace-Id', value: traceHeader };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
