/**
 * Where a path of the value that a program exports stands in its source. The program was run, so that this can only be looked for: the
 * object literals are read as they are written, and what is computed has no place but its file.
 */
import { readFileSync } from 'node:fs';
import type { Place } from '../model/project.ts';
import type { Path } from './yaml.ts';

/** An object or array literal; blocks of code look the same and do no harm. */
interface Group {
  readonly entries: Map<string | number, Entry>;
}

interface Entry {
  readonly offset: number;
  /** The literal that the entry's value is. */
  group?: Group;
}

/** A source as read. */
interface Source {
  readonly file: string;
  /** Literals by what stands right in them, each in the order in which they begin. */
  readonly having: ReadonlyMap<string, readonly Group[]>;
  /** Where each line begins. */
  readonly lines: readonly number[];
}

/** Looks in `file` first, then for what it brings together from the other `sources`. Paths are absolute. */
export function programPlaces(file: string, sources: readonly string[]): (path: Path) => Place {
  const files = [file, ...sources.filter((one) => one !== file && !/[\\/]node_modules[\\/]/.test(one))];
  let read: readonly Source[] | undefined;

  return (path) => {
    read ??= files.map(readSource);
    const [own] = read;
    if (!own) return { file };
    const whole = deepest(having(own, path), path);
    if (whole.depth === path.length && whole.depth > 0) return placeAt(own, whole.offset);
    return findPart(read, path) ?? (whole.depth > 0 ? placeAt(own, whole.offset) : { file });
  };
}

function readSource(file: string): Source {
  const text = textOf(file);
  const byKey = new Map<string, Group[]>();
  for (const group of groupsIn(text))
    for (const key of group.entries.keys()) {
      const known = byKey.get(String(key));
      if (known) known.push(group);
      else byKey.set(String(key), [group]);
    }
  const lines = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  return { file, having: byKey, lines };
}

function having(source: Source, path: Path): readonly Group[] {
  return source.having.get(String(path[0])) ?? [];
}

function placeAt({ file, lines }: Source, offset: number): Place {
  const after = lines.findIndex((start) => start > offset);
  const line = after < 0 ? lines.length : after;
  return { file, line, column: offset - (lines[line - 1] ?? 0) + 1 };
}

/** What stands in a literal of its own: only where nothing else looks like it. */
function findPart(sources: readonly Source[], path: Path): Place | undefined {
  for (let from = 1; path.length - from >= 2; from++) {
    const only = onlyOne(sources, path.slice(from));
    if (only) return placeAt(only.source, only.offset);
  }
  return undefined;
}

function onlyOne(
  sources: readonly Source[],
  part: Path,
): { readonly source: Source; readonly offset: number } | undefined {
  let only: { source: Source; offset: number } | undefined;
  for (const source of sources)
    for (const group of having(source, part)) {
      const { depth, offset } = walk(group, part);
      if (depth < part.length) continue;
      if (only) return undefined;
      only = { source, offset };
    }
  return only;
}

function textOf(source: string): string {
  try {
    return readFileSync(source, 'utf8');
  } catch {
    return '';
  }
}

interface Found {
  /** So many steps of the path are there. */
  readonly depth: number;
  /** Of the last of them. */
  readonly offset: number;
}

function deepest(groups: readonly Group[], path: Path): Found {
  let best: Found = { depth: 0, offset: 0 };
  for (const group of groups) {
    const found = walk(group, path);
    if (found.depth > best.depth) best = found;
  }
  return best;
}

function walk(start: Group, path: Path): Found {
  let group: Group | undefined = start;
  let found: Found = { depth: 0, offset: 0 };
  for (const step of path) {
    const entry: Entry | undefined = group?.entries.get(step) ?? group?.entries.get(String(step));
    if (!entry) break;
    found = { depth: found.depth + 1, offset: entry.offset };
    group = entry.group;
  }
  return found;
}

/** A comment, a text in quotes (a template up to its first value), a name or number, or one character. */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|[\w$]+|\s+|[\s\S]/y;
/** After these a slash begins a regular expression. */
const BEFORE_PATTERN = /(?:[([{,;:=!&|?+\-*%~^<>]|\breturn)$/;
const PATTERN = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;

interface Open {
  readonly group: Group;
  readonly close: string;
  readonly isList: boolean;
  /** Of a list: the item that is next; of a map: the entry whose value is being read. */
  index: number;
  entry: Entry | undefined;
  /** What was read of the entry so far: nothing, or its key. */
  key: { readonly name: string; readonly offset: number } | undefined;
  isFresh: boolean;
}

/** All literals of the source, in the order in which they begin. */
function groupsIn(text: string): readonly Group[] {
  const groups: Group[] = [];
  const open: Open[] = [];
  let last = '';
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, last);
    const offset = at;
    at += token.length;
    if (/^(?:\s|\/\/|\/\*)/.test(token)) continue;
    last = token;
    const inside = open.at(-1);
    if (token === '{' || token === '[' || token === '(') {
      const group = begin(inside, token, offset);
      if (token !== '(') groups.push(group);
      open.push(opened(group, token));
    } else if (inside && token === inside.close) open.pop();
    else if (inside) take(inside, token, offset);
  }
  return groups;
}

function tokenAt(text: string, at: number, last: string): string {
  if (text[at] === '`') return templateAt(text, at);
  if (text[at] === '/' && !/[/*]/.test(text[at + 1] ?? '') && (last === '' || BEFORE_PATTERN.test(last))) {
    PATTERN.lastIndex = at;
    const pattern = PATTERN.exec(text);
    if (pattern) return pattern[0];
  }
  TOKEN.lastIndex = at;
  return TOKEN.exec(text)?.[0] ?? text.slice(at, at + 1);
}

/** With the values within it, whatever they are. */
function templateAt(text: string, at: number): string {
  let depth = 0;
  for (let end = at + 1; end < text.length; end++) {
    const char = text[end];
    if (char === '\\') end++;
    else if (depth === 0 && char === '`') return text.slice(at, end + 1);
    else if (char === '{' && (depth > 0 || text[end - 1] === '$')) depth++;
    else if (char === '}' && depth > 0) depth--;
    else if (depth > 0 && char === '`') end += templateAt(text, end).length - 1;
  }
  return text.slice(at);
}

const CLOSE: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

function opened(group: Group, token: string): Open {
  const isList = token === '[';
  return {
    group,
    close: CLOSE[token] ?? '',
    isList,
    index: 0,
    entry: undefined,
    key: undefined,
    isFresh: true,
  };
}

/** A literal begins: the first one of an entry's value is that value (`defineConfig({ … })` too). */
function begin(inside: Open | undefined, token: string, offset: number): Group {
  const group: Group = { entries: new Map() };
  if (!inside) return group;
  if (inside.isList && inside.isFresh) addItem(inside, offset);
  inside.isFresh = false;
  // What stands in brackets by itself belongs to the entry around it.
  if (token === '(') return inside.entry ? { entries: new Map() } : group;
  if (inside.entry && !inside.entry.group) inside.entry.group = group;
  return group;
}

function addItem(inside: Open, offset: number): void {
  inside.entry = { offset };
  inside.group.entries.set(inside.index, inside.entry);
}

function take(inside: Open, token: string, offset: number): void {
  if (token === ',' || token === ';') {
    inside.index++;
    inside.entry = undefined;
    inside.key = undefined;
    inside.isFresh = true;
    return;
  }
  if (inside.isList) {
    if (inside.isFresh) addItem(inside, offset);
  } else if (token === ':' && inside.key && !inside.entry) {
    inside.entry = { offset: inside.key.offset };
    inside.group.entries.set(inside.key.name, inside.entry);
  } else inside.key = inside.isFresh ? { name: nameOf(token), offset } : undefined;
  inside.isFresh = false;
}

function nameOf(token: string): string {
  return /^['"]/.test(token) ? token.slice(1, -1) : token;
}
