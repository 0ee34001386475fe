/** Differences of two JSON values, path by path. */
import type { JsonObject, JsonValue } from '../model/emulator.ts';
import { isObject } from '../model/json.ts';

/** Paths look like `payload.items[2].name`, with odd names quoted: `headers["x-a"]`. */
export type Difference =
  | { readonly kind: 'changed'; readonly path: string; readonly before: JsonValue; readonly after: JsonValue }
  | { readonly kind: 'removed'; readonly path: string; readonly before: JsonValue }
  | { readonly kind: 'added'; readonly path: string; readonly after: JsonValue }
  /** The same JSON written differently: order of members, white space, spelling of a number. */
  | { readonly kind: 'formatting'; readonly path: string };

/** Empty when the two are equal; the order of an object's members does not count. */
export function diffJson(before: JsonValue, after: JsonValue, path: string): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) return diffArrays(before, after, path);
  if (isObject(before) && isObject(after)) return diffObjects(before, after, path);
  if (typeof before === 'string' && typeof after === 'string') return diffStrings(before, after, path);
  return before === after ? [] : [{ kind: 'changed', path, before, after }];
}

/** Two JSON texts; unlike their values, texts are also compared letter by letter. */
export function diffTexts(before: string, after: string, path: string): Difference[] {
  if (before === after) return [];
  const left = parse(before);
  const right = parse(after);
  if (!left || !right) return [{ kind: 'changed', path, before, after }];
  const differences = diffJson(left.value, right.value, path);
  return differences.length > 0 ? differences : [{ kind: 'formatting', path }];
}

function diffObjects(before: JsonObject, after: JsonObject, path: string): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const at = memberPath(path, name);
    const left = Object.hasOwn(before, name) ? before[name] : undefined;
    const right = Object.hasOwn(after, name) ? after[name] : undefined;
    if (left === undefined) return right === undefined ? [] : [{ kind: 'added', path: at, after: right }];
    if (right === undefined) return [{ kind: 'removed', path: at, before: left }];
    return diffJson(left, right, at);
  });
}

/** Equal beginnings and ends are set aside, so that one inserted element is one difference. */
function diffArrays(before: readonly JsonValue[], after: readonly JsonValue[], path: string): Difference[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && equal(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && equal(before[before.length - 1 - tail], after[after.length - 1 - tail]))
    tail++;
  const left = before.slice(head, before.length - tail);
  const right = after.slice(head, after.length - tail);
  const differences: Difference[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const at = `${path}[${head + i}]`;
    const [l, r] = [left[i], right[i]];
    if (l !== undefined && r !== undefined) differences.push(...diffJson(l, r, at));
    else if (l !== undefined) differences.push({ kind: 'removed', path: at, before: l });
    else if (r !== undefined) differences.push({ kind: 'added', path: at, after: r });
  }
  return differences;
}

/** A string that holds JSON (an HTTP response's body) is compared as JSON; its path says so. */
function diffStrings(before: string, after: string, path: string): Difference[] {
  if (before === after) return [];
  if (!looksStructured(before) || !looksStructured(after)) return [{ kind: 'changed', path, before, after }];
  return diffTexts(before, after, `${path}→`);
}

function looksStructured(text: string): boolean {
  return /^\s*[[{]/.test(text) && parse(text) !== undefined;
}

function parse(text: string): { readonly value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch {
    return undefined;
  }
}

function equal(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((value, at) => equal(value, right[at]));
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && equal(left[name], right[name]))
  );
}

function memberPath(path: string, name: string): string {
  const member = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `["${name.replaceAll('"', '\\"')}"]`;
  if (member.startsWith('[')) return `${path}${member}`;
  return path === '' || path.endsWith('→') ? `${path}${member}` : `${path}.${member}`;
}
