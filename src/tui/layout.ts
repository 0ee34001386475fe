/** How the parts of the screen share a terminal of a given size. */
import type { FunctionRow } from './state.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface Layout {
  readonly width: number;
  /** Lines for functions, the one that counts the others included. */
  readonly functionRows: number;
  /** Lines for the list or text below them. */
  readonly paneRows: number;
}

/** Widths of an invocation's columns; 0 = left out. */
export interface RowWidths {
  readonly functionId: number;
  readonly cause: number;
}

const MOST_FUNCTIONS = 8;
const LEAST_PANE_ROWS = 3;
/** Title, a blank line on either side of the functions, help, message, and one free: a full screen is drawn anew each time. */
const OTHER_ROWS = 6;
/** Time, mark, duration, and the blanks between. */
const FIXED_COLUMNS = 8 + 1 + 1 + 1 + 1 + 9;
const NOTE_COLUMNS = 14;
const MOST_CAUSE_COLUMNS = 80;

const HELPS = [
  '↑↓ select · enter trace · i invoke again · r replay · l logs · p problems · f filter · esc back · q quit',
  '↑↓ · enter trace · i again · r replay · l logs · p problems · f filter · q quit',
  '↑↓ · ⏎ trace · i again · r replay · l logs · f · q quit',
  '⏎ trace · i again · l logs · q quit',
  'q quit',
];

export function layoutFor({ columns, rows }: TerminalSize, functionCount: number): Layout {
  const room = Math.max(
    1,
    Math.min(MOST_FUNCTIONS, rows - OTHER_ROWS - LEAST_PANE_ROWS, Math.ceil(rows / 3)),
  );
  const functionRows = Math.min(functionCount, room);
  return {
    width: columns,
    functionRows,
    paneRows: Math.max(LEAST_PANE_ROWS, rows - OTHER_ROWS - functionRows),
  };
}

export function helpFor(columns: number): string {
  return HELPS.find((text) => text.length <= columns) ?? '';
}

/** The name first, then what caused it, as far as there is room. */
export function rowWidths(columns: number): RowWidths {
  const room = columns - FIXED_COLUMNS;
  const cause = Math.min(MOST_CAUSE_COLUMNS, room - NOTE_COLUMNS - 21);
  return cause < 10
    ? { functionId: Math.max(8, Math.min(20, room - 1)), cause: 0 }
    : { functionId: Math.min(40, 20 + Math.floor(cause / 4)), cause: cause - Math.floor(cause / 4) - 1 };
}

/** Of more functions than there is room for, those that fail to build and those with instances; always in their order. */
export function functionsShown(functions: readonly FunctionRow[], room: number): readonly FunctionRow[] {
  if (functions.length <= room) return functions;
  const byWeight = functions.toSorted((a, b) => weightOf(b) - weightOf(a));
  const shown = new Set(byWeight.slice(0, room - 1));
  return functions.filter((row) => shown.has(row));
}

function weightOf({ build, instances }: FunctionRow): number {
  if (build === 'failed') return 2;
  return Object.keys(instances).length > 0 ? 1 : 0;
}
