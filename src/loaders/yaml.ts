/** Reads YAML and JSON project files into plain values, and tells where in the file any path of the value stands. */
import { readFile } from 'node:fs/promises';
import { type Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Place } from '../model/project.ts';
import { codeOf, messageOf, SlsError } from '../std/errors.ts';
import { notStrictJson } from './strict-json.ts';
import { composeText } from './yaml-indent.ts';
import { aliasHint, keyOf, longForm, toValue, type Values } from './yaml-values.ts';

export type Path = readonly (string | number)[];

export interface ParsedFile {
  /** Absolute path, as given. */
  readonly file: string;
  /** Plain objects, arrays and scalars; CloudFormation's short tags (`!Ref x`) in their long form. */
  readonly value: unknown;
  /** Position of the key or item `path` leads to, or of the nearest parent that exists. */
  place(path: Path): Place;
}

/**
 * Is told of each key that stands twice in a map, which then is no error: the later one counts, as CloudFormation has it
 * (and the framework has not).
 */
export type OnRepeatedKey = (key: string, place: Place) => void;

/** Throws `SlsError` `project-unreadable` or `project-syntax`. */
export async function readProjectYaml(file: string, onRepeated?: OnRepeatedKey): Promise<ParsedFile> {
  return parseYaml(await readText(file), file, onRepeated);
}

/** Text of a project file; throws `SlsError` `project-unreadable`. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (failure) {
    const missing = codeOf(failure) === 'ENOENT';
    throw new SlsError(
      'project-unreadable',
      missing ? `${file} does not exist` : `${file} cannot be read: ${messageOf(failure)}`,
      { file, hint: missing ? 'check the path' : 'check the file permissions', cause: failure },
    );
  }
}

/** Parses YAML, or JSON where the file name ends in `.json`. Throws `SlsError` `project-syntax` with line, column and hint. */
export function parseYaml(text: string, file: string, onRepeated?: OnRepeatedKey): ParsedFile {
  return file.endsWith('.json')
    ? parseJson(stripMark(text), file)
    : parseYamlText(stripMark(text), file, onRepeated);
}

function parseYamlText(text: string, file: string, onRepeated: OnRepeatedKey | undefined): ParsedFile {
  const parsed = compose(text, file, onRepeated);
  const values: Values = {
    byAnchor: new Map(),
    fail(message, offset, hint) {
      throw new SlsError('project-syntax', message, { file, ...parsed.positionOf(offset), hint });
    },
  };
  return { file, value: toValue(parsed.document.contents, values), place: parsed.place };
}

/** `JSON.parse` gives the value (templates can be megabytes); positions are composed only when asked for. */
function parseJson(text: string, file: string): ParsedFile {
  let parsed: Composed | undefined;
  const value = jsonValue(text, file);
  return {
    file,
    value,
    place(path) {
      parsed ??= compose(text, file, 'lenient');
      return parsed.place(path);
    },
  };
}

function jsonValue(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (failure) {
    const { document, positionOf } = compose(text, file);
    const reported = /at position (\d+)/.exec(messageOf(failure))?.[1];
    const found = reported === undefined ? notStrictJson(document.contents) : Number(reported);
    const offset = found ?? text.length;
    throw new SlsError('project-syntax', messageOf(failure).replaceAll(/\s+/g, ' '), {
      file,
      ...positionOf(offset),
      hint: 'JSON wants double quotes around every key and string, and no comma after the last item',
      cause: failure,
    });
  }
}

interface Composed {
  readonly document: Document;
  place(path: Path): Place;
  positionOf(offset: number): { line: number; column: number };
}

/** `lenient` takes what `JSON.parse` has accepted, such as a key that is there twice. */
function compose(given: string, file: string, mode?: 'lenient' | OnRepeatedKey): Composed {
  const { document, text, positionOf } = composeText(given, {
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: (a, b) => a === b || (isScalar(a) && isScalar(b) && a.value === b.value && a.value !== '<<'),
  });
  const onRepeated = typeof mode === 'function' ? mode : undefined;
  const failure = document.errors.find(({ code }) => !onRepeated || code !== 'DUPLICATE_KEY');
  if (failure && mode !== 'lenient')
    throw new SlsError('project-syntax', `${failure.message}${foundAt(text, failure.pos[0])}`, {
      file,
      ...positionOf(failure.pos[0]),
      hint: hintFor(failure.code),
      cause: failure,
    });
  for (const { code, pos } of onRepeated ? document.errors : [])
    if (code === 'DUPLICATE_KEY') onRepeated?.(keyAt(text, pos[0]), { file, ...positionOf(pos[0]) });
  return {
    document,
    positionOf,
    place: (path) => ({ file, ...positionOf(offsetOf(document.contents, path)) }),
  };
}

function keyAt(text: string, offset: number): string {
  const line = text.slice(offset).split('\n', 1)[0] ?? '';
  return line.split(/:(?:\s|$)/, 1)[0]?.trim() ?? '';
}

function foundAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = (text.slice(start).split('\n', 1)[0] ?? '').trim().slice(0, 80);
  return line === '' ? '' : `, found "${line}"`;
}

function hintFor(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'indent with spaces: YAML does not allow tabs';
    case 'BAD_INDENT':
    case 'BAD_COLLECTION_TYPE':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'check the indentation of this line and the one before';
    case 'DUPLICATE_KEY':
      return 'remove or rename one of the two keys';
    case 'BAD_ALIAS':
      return aliasHint;
    case 'MISSING_CHAR':
      return 'a quote, bracket or colon is missing here or just before; a text with { or [ in it wants quotes';
    case 'MULTIPLE_DOCS':
      return 'keep one document per file: remove the `---` line and what follows';
    default:
      return 'quote texts that hold special characters, and check the indentation';
  }
}

function offsetOf(root: unknown, path: Path): number {
  let node: unknown = root;
  let offset = (root as Node | null)?.range?.[0] ?? 0;
  for (const step of path) {
    if (longForm((node as Node | null)?.tag) === step) continue;
    const next = child(node, step);
    if (!next) break;
    offset = next.offset;
    node = next.node;
  }
  return offset;
}

function child(node: unknown, step: string | number): { node: unknown; offset: number } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    const offset = (item as Node | undefined)?.range?.[0];
    return item === undefined || offset === undefined ? undefined : { node: item, offset };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.findLast((candidate) => keyOf(candidate) === String(step));
  const offset = (pair?.key as Node | undefined)?.range?.[0];
  return pair && offset !== undefined ? { node: pair.value, offset } : undefined;
}

function stripMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
