/** Shows a session as plain lines: one for each thing that happened. */
import { guardText } from '../model/authorizers.ts';
import type { DevEvent, ReadyEvent } from '../model/events.ts';
import type { InvocationRecord, LogLine, Outcome } from '../model/invocation.ts';
import type { Problem, Project, Trigger } from '../model/project.ts';
import type { RestMockResource } from '../model/resources.ts';
import { deployedPath } from '../model/routes.ts';
import { unreachable } from '../std/errors.ts';
import { shortIdOf } from '../trace/list-lines.ts';
import { readableLog } from '../trace/readable-log.ts';
import { durationOf } from '../trace/status.ts';
import { causeText, durationText } from '../trace/words.ts';
import type { Paint } from './colours.ts';
import { placeText } from './failure.ts';

export interface PlainOptions {
  readonly print: (line: string) => void;
  readonly paint: Paint;
  /** Also show what the platform says about each event (START, END, REPORT). */
  readonly platformLines: boolean;
}

export function makePlainPrinter(options: PlainOptions): (event: DevEvent) => void {
  const { print, paint } = options;
  let project: Project | undefined;
  return (event) => {
    switch (event.type) {
      case 'project':
        project = event.project;
        if (event.reloaded) print(`${paint.cyan('reloaded')} ${event.project.file}`);
        for (const problem of event.problems) for (const line of problemLines(problem, paint)) print(line);
        return;
      case 'problem':
        for (const line of problemLines(event.problem, paint)) print(line);
        return;
      case 'ready':
        for (const line of readyLines(event, project, paint)) print(line);
        return;
      case 'build':
        return printBuild(event, options);
      case 'invocation':
        if (event.status === 'ended')
          print(`${paint.dim(timeOf(event.record.startedAt))} ${invocationText(event.record, paint)}`);
        return;
      case 'log':
        if (event.line.stream !== 'platform' || options.platformLines)
          print(`${paint.dim(timeOf(event.line.at))} ${logText(event.functionId, event.line, paint)}`);
        return;
      case 'notice':
        print(
          `${event.level === 'info' ? paint.cyan('note') : event.level === 'warning' ? paint.yellow('warning') : paint.red('error')} ${event.message}`,
        );
        return;
      case 'debugger':
        print(`${paint.cyan('debugger')} ${event.status}${event.instanceId ? ` ${event.instanceId}` : ''}`);
        return;
      case 'stopping':
        print(paint.dim('stopping'));
        return;
      case 'instance':
        return;
      default:
        unreachable(event);
    }
  };
}

function printBuild(event: Extract<DevEvent, { type: 'build' }>, { print, paint }: PlainOptions): void {
  if (event.status === 'ok')
    print(`${paint.green('built')} ${event.functionId} ${paint.dim(`${event.ms.toFixed(0)} ms`)}`);
  if (event.status === 'failed') print(`${paint.red('build failed')} ${event.functionId}\n${event.message}`);
}

export function problemLines(problem: Problem, paint: Paint): string[] {
  const at = placeText(problem.place ?? {});
  const mark = problem.severity === 'error' ? paint.red('error') : paint.yellow('warning');
  const lines = [`${mark} ${at ? `${at} ` : ''}${problem.message}`];
  if (problem.hint) lines.push(`  ${paint.cyan('hint')} ${problem.hint}`);
  return lines;
}

function readyLines(event: ReadyEvent, project: Project | undefined, paint: Paint): string[] {
  const lines = [''];
  if (event.backendReason)
    lines.push(`${paint.yellow('warning')} functions run as child processes: ${event.backendReason}`);
  if (event.http) lines.push(`  ${paint.bold('HTTP')}    ${event.http}`);
  lines.push(`  ${paint.bold('AWS')}     ${event.aws}`);
  if (event.inspect) lines.push(`  ${paint.bold('Debug')}   ${event.inspect}`);
  for (const [functionId, address] of Object.entries(event.inspectJava ?? {}))
    lines.push(`  ${paint.bold('Debug')}   ${address} ${paint.dim('→')} ${functionId} (Java)`);
  for (const trigger of project?.triggers ?? [])
    lines.push(
      `  ${paint.dim(triggerText(trigger, event))} ${paint.dim('→')} ${trigger.functionId}${guardedText(trigger, paint)}`,
    );
  for (const resource of project?.resources ?? [])
    if (resource.kind === 'rest-mock')
      lines.push(
        `  ${paint.dim(`${resource.method.padEnd(6)} ${event.http ?? ''}${resource.path} → (mock)`)}${guardedText(resource, paint)}`,
      );
  lines.push(
    `${paint.green('ready')} in ${event.elapsedMs.toFixed(0)} ms, functions run in ${event.backend === 'docker' ? 'containers' : 'child processes'}`,
    '',
  );
  return lines;
}

/** ` (authorizer users)`; nothing for what everybody may call. */
export function guardedText(trigger: Trigger | RestMockResource, paint: Paint): string {
  const isRoute =
    trigger.kind === 'http-api' ||
    trigger.kind === 'rest-api' ||
    trigger.kind === 'rest-mock' ||
    trigger.kind === 'function-url';
  const guard = isRoute ? guardText(trigger) : undefined;
  return guard === undefined ? '' : paint.dim(` (${guard})`);
}

export function triggerText(trigger: Trigger, ready: Pick<ReadyEvent, 'http'>): string {
  switch (trigger.kind) {
    case 'http-api':
      return `${trigger.method.padEnd(6)} ${ready.http ?? ''}${deployedPath(trigger)}`;
    case 'rest-api':
      return `${trigger.method.padEnd(6)} ${ready.http ?? ''}${trigger.path}`;
    case 'function-url':
      return `URL    ${ready.http ?? ''}/_url/${trigger.address ?? trigger.functionId}/`;
    case 'queue':
      return `queue  ${trigger.queueArn.split(':').at(-1)}`;
    case 'table-stream':
      return `stream ${/:table\/([^/]+)/.exec(trigger.streamArn)?.[1] ?? trigger.streamArn}`;
    case 'stream':
      return `stream ${/:stream\/([^/]+)/.exec(trigger.streamArn)?.[1] ?? trigger.streamArn}`;
    case 'topic':
      return `topic  ${trigger.topicArn.split(':').at(-1)}`;
    case 'bucket':
      return `bucket ${trigger.bucket} ${trigger.events.join(', ')}`;
    case 'event-rule':
      return `event  ${trigger.pattern ?? trigger.schedule ?? trigger.rule}${trigger.bus === 'default' ? '' : ` on ${trigger.bus}`}`;
    case 'schedule':
      return `timer  ${trigger.expression}`;
    default:
      return unreachable(trigger);
  }
}

/** `✔ CreateOrder POST /orders 12 ms cold 19a3…`. */
export function invocationText(record: InvocationRecord, paint: Paint): string {
  const ok = record.outcome?.status === 'ok';
  const spent = durationOf(record);
  const parts = [
    ok ? paint.green('✔') : paint.red('✖'),
    paint.bold(record.functionId),
    causeText(record.cause),
  ];
  if (spent !== undefined) parts.push(paint.dim(durationText(spent)));
  if (record.coldStart) parts.push(paint.cyan('cold'));
  if (record.outcome && !ok) parts.push(paint.red(outcomeText(record.outcome)));
  return [...parts, paint.dim(shortIdOf(record))].join(' ');
}

/** One line: `TypeError: x is not a function`, `timed out after 3.00 s`. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.status) {
    case 'ok':
      return 'ok';
    case 'error':
      return `${outcome.error.errorType}: ${outcome.error.errorMessage.split('\n')[0]}${outcome.phase === 'init' ? ' (while loading)' : ''}`;
    case 'timeout':
      return `timed out after ${(outcome.afterMs / 1000).toFixed(2)} s`;
    case 'crash':
      return `exited with ${outcome.signal ?? `status ${outcome.exitCode}`}`;
    case 'out-of-memory':
      return `out of memory (${outcome.memoryMb} MB)`;
    case 'throttled':
      return `throttled: ${outcome.reason}`;
    case 'unavailable':
      return `${outcome.code}: ${outcome.reason.split('\n')[0]}`;
    default:
      return unreachable(outcome);
  }
}

export function logText(functionId: string, written: LogLine, paint: Paint): string {
  const line = readableLog(written);
  const bad = line.stream === 'stderr' || line.level === 'ERROR' || line.level === 'FATAL';
  return `${paint.dim(`${functionId} │`)} ${bad ? paint.red(line.text) : line.text}`;
}

export function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
