/** Reads comma-separated records, with quotes, from text that arrives in pieces. */

import { BrokenFormat } from './broken-format.ts';

export interface CsvReader {
  /** The records that are complete with this piece. Throws for a quote that stands where none may. */
  push(text: string): Iterable<CsvRecord>;
  /** What is left when the text ends without a line end. */
  end(): Iterable<CsvRecord>;
}

export interface CsvRecord {
  /** From 1; of its first line. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** `delimiter` is one character. Double quotes within quotes are written twice; a quoted field may span lines. */
export function makeCsvReader(delimiter: string): CsvReader {
  let fields: string[] = [];
  let field = '';
  let state: 'plain' | 'quoted' | 'quote-in-quoted' = 'plain';
  let line = 1;
  let startLine = 1;

  const endField = () => {
    fields.push(field);
    field = '';
    state = 'plain';
  };

  const endRecord = (): CsvRecord | undefined => {
    if (state === 'plain' && field.endsWith('\r')) field = field.slice(0, -1);
    endField();
    const record = { line: startLine, fields };
    fields = [];
    startLine = line;
    return record.fields.length === 1 && record.fields[0] === '' ? undefined : record;
  };

  const read = (character: string): CsvRecord | undefined => {
    if (state === 'quoted') {
      if (character === '\n') line++;
      if (character === '"') state = 'quote-in-quoted';
      else field += character;
      return undefined;
    }
    if (character === '"') {
      if (state === 'plain' && field !== '') throw new BrokenFormat(line, 'a double quote is not escaped');
      if (state === 'quote-in-quoted') field += '"';
      state = 'quoted';
      return undefined;
    }
    if (character === '\n') {
      line++;
      return endRecord();
    }
    if (character === delimiter) endField();
    else if (state === 'plain') field += character;
    else if (character !== '\r')
      throw new BrokenFormat(line, 'a field goes on behind its closing double quote');
    return undefined;
  };

  return {
    *push(text) {
      for (const character of text) {
        const record = read(character);
        if (record) yield record;
      }
    },
    *end() {
      if (state === 'quoted') throw new BrokenFormat(startLine, 'a double quote is never closed');
      if (field === '' && fields.length === 0) return;
      const record = endRecord();
      if (record) yield record;
    },
  };
}
