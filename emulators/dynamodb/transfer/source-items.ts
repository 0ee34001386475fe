/** Reads the objects of an import: raw items with the lines they stand on. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { BrokenFormat } from './broken-format.ts';
import { type CsvRecord, makeCsvReader } from './csv.ts';
import type { ImportRecord } from './transfer-records.ts';

/** What one line says: an item as it would be in a request, or why it is none. */
export type SourceItem =
  | { readonly line: number; readonly item: JsonObject }
  | { readonly line: number; readonly problem: string };

export interface SourceBatch {
  readonly items: readonly SourceItem[];
  /** Uncompressed bytes that were read for it. */
  readonly bytes: number;
}

type Format = Pick<ImportRecord, 'format' | 'compression' | 'csv'>;

/** Throws when the object cannot be unpacked or is no text. What breaks the format is the last item of the last batch. */
export async function* readItems(
  path: string,
  { format, compression, csv = {} }: Format,
  { attributes }: Pick<TableRecord, 'attributes'>,
  signal: AbortSignal,
): AsyncGenerator<SourceBatch> {
  const file = createReadStream(path, { signal });
  const bytes: AsyncIterable<Buffer> = compression === 'GZIP' ? gunzip(file) : file;
  const reader = format === 'CSV' ? csvItems(csv, attributes) : jsonItems();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytes) {
    const { items, isBroken } = collect(reader.push(decoder.decode(chunk, { stream: true })));
    yield { items, bytes: chunk.length };
    if (isBroken) return;
  }
  yield { items: collect(reader.push(decoder.decode()), reader.end()).items, bytes: 0 };
}

/** Its iterables throw a `BrokenFormat` where nothing that follows can be read. */
interface ItemReader {
  push(text: string): Iterable<SourceItem>;
  end(): Iterable<SourceItem>;
}

function collect(...parts: readonly Iterable<SourceItem>[]): {
  readonly items: readonly SourceItem[];
  readonly isBroken: boolean;
} {
  const items: SourceItem[] = [];
  try {
    for (const part of parts) for (const item of part) items.push(item);
    return { items, isBroken: false };
  } catch (thrown) {
    if (!(thrown instanceof BrokenFormat)) throw thrown;
    return { items: [...items, { line: thrown.line, problem: thrown.message }], isBroken: true };
  }
}

function gunzip(file: ReturnType<typeof createReadStream>): AsyncIterable<Buffer> {
  const unpacked = createGunzip();
  file.on('error', (failure) => unpacked.destroy(failure));
  return file.pipe(unpacked);
}

/** One object with an `Item` per line. As in the service, a line that is no JSON ends the reading of its object. */
function jsonItems(): ItemReader {
  let rest = '';
  let line = 0;

  function* read(lines: readonly string[]): Generator<SourceItem> {
    for (const text of lines) {
      line++;
      if (text.trim() === '') continue;
      const item = itemOf(parse(text, line));
      yield item ? { line, item } : { line, problem: 'there is no object called Item' };
    }
  }

  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      return read(lines);
    },
    end: () => read([rest]),
  };
}

function parse(text: string, line: number): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (failure) {
    throw new BrokenFormat(line, `it is not JSON: ${messageOf(failure)}`);
  }
}

function itemOf(value: JsonValue): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const { Item: item } = value;
  return isObject(item) ? item : undefined;
}

/** Keys of the table and its indexes get their types; all else is text. */
function csvItems(csv: NonNullable<ImportRecord['csv']>, attributes: TableRecord['attributes']): ItemReader {
  const records = makeCsvReader(csv.Delimiter ?? ',');
  let header = csv.HeaderList;

  function* read(found: Iterable<CsvRecord>): Generator<SourceItem> {
    for (const { line, fields } of found) {
      if (!header) header = fields;
      else if (fields.length !== header.length)
        yield { line, problem: `there are ${fields.length} fields, the header has ${header.length}` };
      else yield { line, item: typedItem(header, fields, attributes) };
    }
  }

  return { push: (text) => read(records.push(text)), end: () => read(records.end()) };
}

function typedItem(
  header: readonly string[],
  fields: readonly string[],
  attributes: TableRecord['attributes'],
): JsonObject {
  return Object.fromEntries(
    header.map((name, i) => {
      const type = (Object.hasOwn(attributes, name) && attributes[name]) || 'S';
      return [name, { [type]: fields[i] ?? '' }] as const;
    }),
  );
}
