/** What differs between two versions of an item, attribute by attribute. */

import { formatJson } from '../std/exact-json.ts';
import { type AttributeValue, type Item, plainValue } from './data-plain.ts';

export interface AttributeChange {
  readonly name: string;
  /** Typed, as the service writes it; absent = it was not there. */
  readonly before?: AttributeValue;
  /** Absent = it is no longer there. */
  readonly after?: AttributeValue;
}

/** By name. Empty when the items are equal: the order of members, and of the members of a set, is no difference. */
export function diffItems(before: Item, after: Item): AttributeChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was && is && sameValue(was, is)) return [];
    return { name, ...(was && { before: was }), ...(is && { after: is }) };
  });
}

/** As plain JSON on one line. */
export function valueText(value: AttributeValue): string {
  return formatJson(plainValue(value));
}

function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: AttributeValue): string {
  return JSON.stringify(value, (name, member: unknown) => {
    if (Array.isArray(member)) return /^[SNB]S$/.test(name) ? [...member].sort() : member;
    if (typeof member !== 'object' || member === null) return member;
    return Object.fromEntries(Object.entries(member).sort(([x], [y]) => (x < y ? -1 : 1)));
  });
}
