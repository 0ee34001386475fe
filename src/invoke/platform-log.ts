/** The lines Lambda itself writes into a function's log, in its text format. */
import { exitReason } from '../model/exit-reason.ts';
import type { FunctionError, Outcome } from '../model/invocation.ts';
import type { FunctionSpec } from '../model/project.ts';

export function startLine(requestId: string, version = '$LATEST'): string {
  return `START RequestId: ${requestId} Version: ${version}`;
}

/** Runtime versions have names of their own in the cloud; here it is the machine's. */
export function initStartLine({ arn, runtime }: Pick<FunctionSpec, 'arn' | 'runtime'>): string {
  return `INIT_START Runtime Version: ${runtimeVersion(runtime)}\tRuntime Version ARN: ${runtimeArn(arn)}`;
}

export function runtimeVersion(runtime: string): string {
  return `${runtime.replace(/^([a-z]+)(\d)/, '$1:$2').replace(/\.x$/, '')}.local`;
}

export function runtimeArn(functionArn: string): string {
  return `arn:aws:lambda:${functionArn.split(':')[3] ?? ''}::runtime:local`;
}

export interface InitReport {
  /** A second init runs in the phase of the event. */
  readonly phase: 'init' | 'invoke';
  readonly initMs: number;
  /** How it failed. */
  readonly outcome: Outcome;
}

/** Written for an init phase that failed. */
export function initReportLine({ phase, initMs, outcome }: InitReport): string {
  const fields = [`INIT_REPORT Init Duration: ${initMs.toFixed(2)} ms`, `Phase: ${phase}`];
  const error = outcome.status === 'error' ? outcome.error : platformErrorOf(outcome);
  const status = outcome.status === 'timeout' ? ['Status: timeout'] : ['Status: error'];
  if (error && outcome.status !== 'timeout') status.push(`Error Type: ${error.errorType}`);
  return `${[...fields, ...status].join('\t')}\t`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

export interface Report {
  readonly requestId: string;
  readonly handlerMs: number;
  /** Set for a cold start. */
  readonly initMs?: number;
  readonly memoryMb: number;
  readonly memoryPeakBytes?: number;
  readonly cpuMs?: number;
  readonly outcome: Outcome;
}

/** Fields are separated by tabs, and a tab ends the line, as in the cloud. Last is one of ours, where no reader of the others expects any. */
export function reportLine(report: Report): string {
  const { initMs, memoryMb } = report;
  const peak = peakMb(report);
  const fields = [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${durationMs(report).toFixed(2)} ms`,
    `Billed Duration: ${billedMs(report)} ms`,
    `Memory Size: ${memoryMb} MB`,
  ];
  if (peak !== undefined) fields.push(`Max Memory Used: ${peak} MB`);
  if (initMs !== undefined) fields.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  fields.push(...statusFields(report.outcome));
  if (report.cpuMs !== undefined) fields.push(`CPU Time: ${report.cpuMs.toFixed(2)} ms`);
  return `${fields.join('\t')}\t`;
}

/** The init phase is billed since August 2025. */
export function billedMs(report: Report): number {
  return Math.max(1, Math.ceil(durationMs(report) + (report.initMs ?? 0)));
}

/** An event that is out of time took its time: what ending the instance takes is not the function's. */
export function durationMs({ handlerMs, outcome }: Pick<Report, 'handlerMs' | 'outcome'>): number {
  return outcome.status === 'timeout' ? Math.min(handlerMs, outcome.afterMs) : handlerMs;
}

export function peakMb({ memoryPeakBytes }: Report): number | undefined {
  return memoryPeakBytes === undefined ? undefined : Math.ceil(memoryPeakBytes / 2 ** 20);
}

function statusFields(outcome: Outcome): string[] {
  const error = platformErrorOf(outcome);
  if (!error) return [];
  if (outcome.status === 'timeout') return ['Status: timeout'];
  return ['Status: error', `Error Type: ${error.errorType}`];
}

/** What Lambda writes when the runtime did not end the event itself; undefined where it did. `at` is epoch ms. */
export function failureLine(requestId: string, outcome: Outcome, at: number): string | undefined {
  const error = platformErrorOf(outcome);
  if (!error) return undefined;
  if (outcome.status === 'timeout') return `${new Date(at).toISOString()} ${requestId} ${error.errorMessage}`;
  return `RequestId: ${requestId} Error: ${error.errorMessage}\n${error.errorType}`;
}

/** The error of an end that Lambda, not the function, tells of; its message stands behind `RequestId: … Error: `. */
export function platformErrorOf(outcome: Outcome): FunctionError | undefined {
  switch (outcome.status) {
    case 'timeout':
      return {
        errorType: 'Sandbox.Timedout',
        errorMessage: `Task timed out after ${(outcome.afterMs / 1000).toFixed(2)} seconds`,
      };
    case 'crash':
      return { errorType: 'Runtime.ExitError', errorMessage: exitReason(outcome) };
    case 'out-of-memory':
      return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' };
    case 'ok':
    case 'error':
    case 'throttled':
    case 'unavailable':
      return undefined;
  }
}
