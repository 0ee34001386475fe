/** Lays out rows of cells under headings, within the width of a terminal. */

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Cut last, because people type what stands in it. */
  readonly whole?: boolean;
  /** For the heading, once it has its width. */
  readonly paint?: (text: string) => string;
}

export interface Layout {
  readonly lines: readonly string[];
  /** Titles of columns there was no room for. */
  readonly leftOut: readonly string[];
}

const GAP = '  ';
/** A cell of fewer characters says nothing. */
const NARROWEST = 10;

/** Cells wider than their column are cut with `…`; columns from the end are left out when even narrow ones do not fit. */
export function layOut(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): Layout {
  const clean = rows.map((row) => row.map(oneLine));
  const natural = columns.map((column, i) =>
    Math.max(widthOf(column.title), ...clean.map((row) => widthOf(row[i] ?? ''))),
  );
  const room = columns.map(({ whole }, i) => ({
    natural: natural[i] ?? 0,
    narrow: Math.min(natural[i] ?? 0, whole ? Math.floor(width / 2) : NARROWEST),
  }));
  const widths = fitted(room, width);
  const shown = columns.slice(0, widths.length);
  const line = (cells: readonly string[], paint: boolean) =>
    shown
      .map((column, i) => {
        const last = i === shown.length - 1 && column.align !== 'right';
        const text = padded(cells[i] ?? '', widths[i] ?? 0, last ? 'none' : (column.align ?? 'left'));
        return paint && column.paint ? column.paint(text) : text;
      })
      .join(GAP)
      .trimEnd();
  return {
    lines: [
      line(
        columns.map(({ title }) => title),
        true,
      ),
      ...clean.map((row) => line(row, false)),
    ],
    leftOut: columns.slice(shown.length).map(({ title }) => title),
  };
}

interface Room {
  readonly natural: number;
  readonly narrow: number;
}

/** As many columns as have room when narrow, none wider than the widest limit at which all of those fit. */
function fitted(rooms: readonly Room[], width: number): number[] {
  let shown = rooms;
  while (shown.length > 1 && total(shown, 0) > width) shown = shown.slice(0, -1);
  let low = 0;
  let high = Math.max(0, ...shown.map(({ natural }) => natural));
  while (low < high) {
    const limit = Math.ceil((low + high) / 2);
    if (total(shown, limit) <= width) low = limit;
    else high = limit - 1;
  }
  return shown.map((room) => limited(room, low));
}

function limited({ natural, narrow }: Room, limit: number): number {
  return Math.max(narrow, Math.min(natural, limit));
}

function total(rooms: readonly Room[], limit: number): number {
  return rooms.reduce((sum, room) => sum + limited(room, limit), 0) + GAP.length * (rooms.length - 1);
}

function padded(text: string, width: number, align: 'left' | 'right' | 'none'): string {
  const cut = cutTo(text, width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cut)));
  if (align === 'none') return cut;
  return align === 'right' ? blanks + cut : cut + blanks;
}

function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;

/** Columns the text takes in a terminal. */
function widthOf(text: string): number {
  // Most text is ASCII.
  if (/^[ -~]*$/.test(text)) return text.length;
  return [...text].length + (text.match(WIDE)?.length ?? 0);
}

/** Line ends and what would steer the terminal, made visible. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u00${character.charCodeAt(0).toString(16)}` : escaped;
  });
}
