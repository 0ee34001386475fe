/** What Lambda itself writes about an event into a function's log: lines of text, or JSON records of its system log. */
import type { Outcome } from '../model/invocation.ts';
import { type FunctionSpec, initializationTypeOf, type LoggingSettings } from '../model/project.ts';
import {
  billedMs,
  durationMs,
  endLine,
  failureLine,
  type InitReport,
  initReportLine,
  initStartLine,
  peakMb,
  platformErrorOf,
  type Report,
  reportLine,
  runtimeArn,
  runtimeVersion,
  startLine,
} from './platform-log.ts';

/** Texts in the order they are written; `at` is epoch ms. */
export interface SystemLog {
  initStart(at: number): readonly string[];
  /** Of an init phase that failed. */
  initReport(report: InitReport, at: number): readonly string[];
  start(requestId: string, at: number): readonly string[];
  end(report: Report, at: number): readonly string[];
}

export function systemLogOf(fn: FunctionSpec): SystemLog {
  return fn.logging?.format === 'JSON' ? jsonLog(fn, fn.logging) : textLog(fn);
}

const textLog = (fn: FunctionSpec): SystemLog => ({
  initStart: () => [initStartLine(fn)],
  initReport: (report) => [initReportLine(report)],
  start: (requestId) => [startLine(requestId, fn.version)],
  end(report, at) {
    const failure = failureLine(report.requestId, report.outcome, at);
    return [...(failure === undefined ? [] : [failure]), endLine(report.requestId), reportLine(report)];
  },
});

const RANK = { DEBUG: 0, INFO: 1, WARN: 2 } as const;
type Level = keyof typeof RANK;

/** Levels of events: Lambda guide, "System log level event mapping". There is no record for END. */
function jsonLog(fn: FunctionSpec, { systemLevel = 'INFO' }: LoggingSettings): SystemLog {
  const initializationType = initializationTypeOf(fn);
  const write = (level: Level, type: string, record: object, at: number) =>
    RANK[level] < RANK[systemLevel]
      ? []
      : [JSON.stringify({ time: new Date(at).toISOString(), type, record })];
  return {
    initStart: (at) =>
      write(
        'INFO',
        'platform.initStart',
        {
          initializationType,
          phase: 'init',
          runtimeVersion: runtimeVersion(fn.runtime),
          runtimeVersionArn: runtimeArn(fn.arn),
          functionName: fn.name,
          functionVersion: fn.version ?? '$LATEST',
        },
        at,
      ),
    initReport: ({ phase, initMs, outcome }, at) =>
      write(
        'WARN',
        'platform.initReport',
        { initializationType, phase, ...statusOf(outcome), metrics: { durationMs: rounded(initMs) } },
        at,
      ),
    start: (requestId, at) =>
      write('INFO', 'platform.start', { requestId, version: fn.version ?? '$LATEST' }, at),
    end(report, at) {
      const { requestId, outcome } = report;
      const end = statusOf(outcome);
      const failed = end.status !== 'success';
      return [
        ...write(
          failed ? 'WARN' : 'DEBUG',
          'platform.runtimeDone',
          { requestId, ...end, metrics: { durationMs: rounded(durationMs(report)) } },
          at,
        ),
        ...write(
          failed ? 'WARN' : 'INFO',
          'platform.report',
          { requestId, metrics: metricsOf(report), ...end },
          at,
        ),
      ];
    },
  };
}

function metricsOf(report: Report) {
  const { cpuMs, initMs, memoryMb } = report;
  const peak = peakMb(report);
  return {
    durationMs: rounded(durationMs(report)),
    billedDurationMs: billedMs(report),
    memorySizeMB: memoryMb,
    ...(peak === undefined ? {} : { maxMemoryUsedMB: peak }),
    ...(initMs === undefined ? {} : { initDurationMs: rounded(initMs) }),
    ...(cpuMs === undefined ? {} : { cpuTimeMs: rounded(cpuMs) }),
  };
}

function statusOf(outcome: Outcome): { readonly status: string; readonly errorType?: string } {
  if (outcome.status === 'ok') return { status: 'success' };
  if (outcome.status === 'timeout') return { status: 'timeout' };
  const error = outcome.status === 'error' ? outcome.error : platformErrorOf(outcome);
  return { status: 'error', ...(error && { errorType: error.errorType }) };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
