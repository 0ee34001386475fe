/** Turns YAML nodes into plain values, CloudFormation's short tags into their long form. */
import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

export const aliasHint =
  'an alias (*name) needs an anchor (&name) before it; quote a text that begins with *';

/** Tags whose long form is not `Fn::<name>`. */
const plainTags = new Set(['Ref', 'Condition']);

/** `!Sub` → `Fn::Sub`, known or not: who evaluates it tells; undefined for no tag and for YAML's own. */
export function longForm(tag: string | undefined): string | undefined {
  if (!tag?.startsWith('!') || tag.startsWith('!!') || tag === '!') return undefined;
  const name = tag.slice(1);
  return plainTags.has(name) ? name : `Fn::${name}`;
}

export interface Values {
  /** An aliased node is one shared value, so that nested aliases cannot grow without bound. */
  readonly byAnchor: Map<string, unknown>;
  fail(message: string, offset: number, hint: string): never;
}

export function toValue(node: unknown, values: Values): unknown {
  if (isAlias(node)) return aliased(node, values);
  const value = untagged(node, values);
  const name = longForm((node as Node | null)?.tag);
  const whole =
    name === undefined ? value : { [name]: name === 'Fn::GetAtt' ? splitAttribute(value) : value };
  const anchor = (node as { anchor?: string } | null)?.anchor;
  if (anchor !== undefined) values.byAnchor.set(anchor, whole);
  return whole;
}

function aliased(node: Alias, values: Values): unknown {
  if (values.byAnchor.has(node.source)) return values.byAnchor.get(node.source);
  return values.fail(
    `no anchor &${node.source} stands before *${node.source}`,
    node.range?.[0] ?? 0,
    aliasHint,
  );
}

function untagged(node: unknown, values: Values): unknown {
  if (isSeq(node)) return node.items.map((item) => toValue(isPair(item) ? item.value : item, values));
  if (isMap(node)) return mapValue(node, values);
  return isScalar(node) ? node.value : null;
}

function mapValue(node: YAMLMap, values: Values): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  const merged: Record<string, unknown> = {};
  for (const pair of node.items) {
    const key = keyOf(pair);
    const value = toValue(pair.value, values);
    if (key !== '<<') define(own, key, value);
    else for (const source of Array.isArray(value) ? value.toReversed() : [value]) copyInto(merged, source);
  }
  return copyInto(merged, own);
}

function copyInto(target: Record<string, unknown>, source: unknown): Record<string, unknown> {
  if (source && typeof source === 'object')
    for (const [key, value] of Object.entries(source)) define(target, key, value);
  return target;
}

/** A plain property even where the key is `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value ?? pair.key.source ?? '') : String(pair.key);
}

/** `!GetAtt Table.StreamArn` → `['Table', 'StreamArn']`. */
function splitAttribute(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const dot = value.indexOf('.');
  return dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)];
}
