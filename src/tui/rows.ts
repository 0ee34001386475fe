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

/** One screen line for each line of the text; further ones are indented. Of the name so many characters at most. */
export function logRowLines({ functionId, text }: LogRow, nameColumns = 40): string[] {
  const name = fitted(functionId, Math.min(functionId.length, nameColumns));
  const [first = '', ...rest] = text.split(/\r\n|\r|\n/);
  return [`${name} │ ${first}`, ...rest.map((line) => `${' '.repeat(name.length)} │ ${line}`)];
}

/** Exactly so many characters wide; what is too long ends in `…`. */
export function fitted(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

const ESCAPE_SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** Lines too long for the terminal go on in the next one, without their colours. */
export function foldedLines(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => {
    const plain = [...line.replaceAll('\t', '  ').replace(ESCAPE_SEQUENCE, '')];
    if (plain.length <= width) return line;
    const count = Math.ceil(plain.length / width);
    return Array.from({ length: count }, (_, at) => plain.slice(at * width, (at + 1) * width).join(''));
  });
}
