/** The documented size rules, one line each, computed on the bytes themselves. Numbers are whole. */
import type { AttributeValue, Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';

export function plainSize(value: AttributeValue): number {
  const [[type, content] = ['', '']] = Object.entries(value) as [string, unknown][];
  const each = (size: (member: never) => number) =>
    (content as never[]).reduce((sum: number, member) => sum + size(member), 0);
  switch (type) {
    case 'S':
      return new TextEncoder().encode(String(content)).length;
    case 'B':
      return atob(String(content)).length;
    case 'N':
      return wholeNumberSize(String(content));
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'SS':
      return each((S) => plainSize({ S }));
    case 'NS':
      return each((N) => plainSize({ N }));
    case 'BS':
      return each((B) => plainSize({ B }));
    case 'L':
      return 3 + each((member) => 1 + plainSize(member));
    default:
      return 3 + plainSizeOfAll(content as Item, 1);
  }
}

/** What the item counts towards a page, attribute by attribute. */
export function plainPageSize(item: Item, rangeKey: string): number {
  const stored = Object.entries(item).map(([name, value]) =>
    name === rangeKey ? 0 : 1 + plainSize(value) + lengthSize(value),
  );
  const others = stored.reduce((sum, size) => sum + size, 0);
  const range = item[rangeKey] ? plainSize(item[rangeKey]) : 0;
  return 2 + others + (1 + Math.floor((1 + others) / 3072)) * (18 + range);
}

/** Texts carry theirs in up to three bytes, sets a byte for each member besides. */
function lengthSize(value: AttributeValue): number {
  if ('S' in value) return plainSize(value) < 128 ? 1 : plainSize(value) < 16384 ? 2 : 3;
  if ('BOOL' in value || 'NULL' in value) return 0;
  for (const set of ['SS' in value && value.SS, 'NS' in value && value.NS, 'BS' in value && value.BS])
    if (set) return 1 + set.length;
  return 1;
}

/** `overhead` is 1 within a map. */
export function plainSizeOfAll(item: Item, overhead = 0): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + overhead + new TextEncoder().encode(name).length + plainSize(value),
    0,
  );
}

function wholeNumberSize(text: string): number {
  const digits = text.replace('-', '').replace(/(00)+$/, '');
  if (digits === '0') return 1;
  return 1 + Math.ceil(digits.length / 2) + Number(text.startsWith('-'));
}
