/** One-line texts of what the screen lists. */
import type { InvocationRecord } from '../model/invocation.ts';
import { durationOf } from '../trace/status.ts';
import { causeText, durationText } from '../trace/words.ts';
import type { FunctionRow, LogRow } from './state.ts';

export interface InvocationCells {
  readonly time: string;
  readonly mark: '✔' | '✖' | '…';
  readonly functionId: string;
  readonly cause: string;
  readonly duration: string;
  readonly note: string;
}

export function invocationCells(record: InvocationRecord): InvocationCells {
  const { outcome } = record;
  const spent = durationOf(record);
  return {
    time: new Date(record.startedAt).toTimeString().slice(0, 8),
    mark: outcome === undefined ? '…' : outcome.status === 'ok' ? '✔' : '✖',
    functionId: record.functionId,
    cause: causeText(record.cause),
    duration: spent === undefined ? '' : durationText(spent),
    note: [record.coldStart ? 'cold' : '', outcome && outcome.status !== 'ok' ? outcome.status : '']
      .filter((word) => word !== '')
      .join(' '),
  };
}

/** `●●○` one mark an instance: busy, idle, starting. */
export function instanceMarks(row: FunctionRow): string {
  const marks = { starting: '◌', ready: '○', busy: '●', idle: '○', gone: '' } as const;
  return Object.values(row.instances)
    .map((status) => marks[status])
    .join('');
}

/** One screen line for each line of the text; further ones are indented. */
export function logRowLines({ functionId, text }: LogRow): string[] {
  const [first = '', ...rest] = text.split(/\r\n|\r|\n/);
  return [`${functionId} │ ${first}`, ...rest.map((line) => `${' '.repeat(functionId.length)} │ ${line}`)];
}
