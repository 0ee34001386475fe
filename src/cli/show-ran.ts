/** Shows one finished invocation: the answer on standard output, everything about it on standard error. */
import { errorPayload } from '../model/error-payload.ts';
import type { DevEvent } from '../model/events.ts';
import type { InvocationRecord } from '../model/invocation.ts';
import { makePaint, type Paint } from './colours.ts';
import { invocationText, logText, outcomeText, problemLines } from './plain.ts';

/** For one-shot commands: problems, failed builds and notices, nothing else. */
export function makeStderrReporter(): (event: DevEvent) => void {
  const paint = makePaint(process.stderr.isTTY === true);
  const print = (line: string) => void process.stderr.write(`${line}\n`);
  return (event) => {
    if (event.type === 'project')
      for (const problem of event.problems) for (const line of problemLines(problem, paint)) print(line);
    if (event.type === 'notice' && event.level !== 'info')
      print(`${paint.yellow(event.level)} ${event.message}`);
  };
}

export function printRan(record: InvocationRecord, paint: Paint, attached: boolean): void {
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  for (const line of record.logs) note(logText(record.functionId, line, paint));
  note(`${invocationText(record, paint)}${attached ? paint.dim(' (in the running session)') : ''}`);
  const { outcome } = record;
  if (outcome?.status === 'ok') return void process.stdout.write(`${pretty(outcome.payload)}\n`);
  if (outcome?.status === 'error') {
    for (const frame of outcome.error.trace ?? []) note(`    ${frame.trim()}`);
    process.stdout.write(`${pretty(errorPayload(outcome.error))}\n`);
    return;
  }
  if (outcome?.status === 'unavailable') {
    note(outcome.reason);
    if (outcome.hint) note(`  ${paint.cyan('hint')} ${outcome.hint}`);
  } else if (outcome) note(outcomeText(outcome));
}

/** 0, or 1 for a function that failed, or 2 for one that could not even be started: its project is to be mended. */
export function exitCodeOf({ outcome, instanceId }: InvocationRecord): number {
  if (outcome?.status === 'ok') return 0;
  return outcome?.status === 'unavailable' && instanceId === undefined ? 2 : 1;
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
