/** How many bytes an item counts: for the 400 KB limit and capacity, and (differently) for the 1 MB page. */
import { type AttributeValue, type Item, typeOf } from './attribute-value.ts';
import { base64Size } from './base64.ts';
import { numberSize } from './number-bytes.ts';

export const MAX_ITEM_BYTES = 400 * 1024;
/** Characters. */
const SHORT = 64;

/** UTF-8 bytes of the names and values; numbers take a byte per two digits and one more; 3 per list or map and 1 per member. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) size += textSize(name) + sizeAt(item, name);
  return size;
}

/** An item in both ways of counting, whatever table it goes to. */
export interface ItemSizes {
  /** As the 400 KB limit and capacity count. */
  readonly size: number;
  /** What its attributes count towards a 1 MB page when none of them is a sort key. */
  readonly stored: number;
}

export function valueSize(value: AttributeValue): number {
  if ('S' in value) return textSize(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return base64Size(value.B);
  if ('SS' in value) return sum(value.SS, textSize);
  if ('NS' in value) return sum(value.NS, numberSize);
  if ('BS' in value) return sum(value.BS, base64Size);
  if ('L' in value) return 3 + sum(value.L, (member) => 1 + valueSize(member));
  if ('M' in value) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

export function itemSizes(item: Item): ItemSizes {
  let size = 0;
  let stored = 0;
  for (const name in item) {
    const value = item[name];
    if (!value) continue;
    const bytes = valueSize(value);
    size += textSize(name) + bytes;
    stored += storedSize(value, bytes);
  }
  return { size, stored };
}

/**
 * What an item counts towards a page of Query and Scan: the service measures its own storage format there, not the
 * documented item size: names take one byte, values carry a length, and every 3 KB repeat the sort key.
 * Found by measuring the service (the 1 MB cases of dynalite's test suite).
 */
export function pageSize(item: Item, { stored }: ItemSizes, rangeKey: string | undefined): number {
  const rangeValue = rangeKey === undefined ? undefined : item[rangeKey];
  const rangeKeySize = rangeValue ? valueSize(rangeValue) : 0;
  const others = rangeValue ? stored - storedSize(rangeValue, rangeKeySize) : stored;
  const blocks = 1 + Math.floor((1 + others) / 3072);
  return 2 + others + blocks * (18 + rangeKeySize);
}

/** With a byte for the name. `size` is the value's. */
function storedSize(value: AttributeValue, size: number): number {
  const type = typeOf(value);
  if (type === 'S') return size + (size < 128 ? 2 : size < 16384 ? 3 : 4);
  if (type === 'BOOL' || type === 'NULL') return 1 + size;
  const members = Object.values(value)[0] as unknown;
  return size + 2 + (Array.isArray(members) && type !== 'L' ? members.length : 0);
}

function sizeAt(item: Item, name: string): number {
  const value = item[name];
  return value ? valueSize(value) : 0;
}

/** Most are short and ASCII, for which a call out of JavaScript takes longer than a look at each character. */
function textSize(text: string): number {
  const { length } = text;
  if (length > SHORT) return Buffer.byteLength(text);
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return Buffer.byteLength(text);
  return length;
}

function sum<T>(members: readonly T[], sizeOf: (member: T) => number): number {
  let size = 0;
  for (const member of members) size += sizeOf(member);
  return size;
}
