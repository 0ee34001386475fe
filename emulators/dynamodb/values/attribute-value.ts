/** An attribute value in the service's own JSON form, and items made of them. */

export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  /** Base64. */
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

export type Item = { readonly [name: string]: AttributeValue };

export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** The order in which the service happens to print them. */
export const valueTypes: readonly ValueType[] = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];

export function typeOf(value: AttributeValue): ValueType {
  for (const type in value) return type as ValueType;
  return 'NULL';
}

/** The attribute called `name`; `toString` is a name like the others. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The text, number or base64 of a scalar that can be a key; undefined for every other type. */
export function keyText(value: AttributeValue): string | undefined {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'B' in value ? value.B : undefined;
}

/** As the service prints a value inside its messages: `{S:a}`. */
export function printValue(value: AttributeValue): string {
  if ('L' in value) return `{L:[${value.L.map(printValue).join(', ')}]}`;
  if ('M' in value) {
    const entries = Object.entries(value.M).map(([name, member]) => `${name}=${printValue(member)}`);
    return `{M:{${entries.join(', ')}}}`;
  }
  const type = typeOf(value);
  const content = Object.values(value)[0] as unknown;
  return `{${type}:${Array.isArray(content) ? `[${content.join(', ')}]` : String(content)}}`;
}

/** A copy of `item` with only `names`, in the item's own order of names. */
export function pick(item: Item, names: ReadonlySet<string>): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
