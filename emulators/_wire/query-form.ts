/** The query protocol's requests: flat `Name.1.Part=value` pairs to the JSON form of the same input. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import type { QueryMember } from '../../src/model/service-api.ts';

type Tree = Map<string, Tree | string>;

/** Parameters of the protocol itself and of signatures, which are no members of any input. */
const ENVELOPE =
  /^(Action|Version|AWSAccessKeyId|Signature\w*|Timestamp|Expires|SecurityToken|X-Amz-[\w-]+)$/;

/** `Action` and `Version` are left out. Values stay strings unless a member says they are numbers or booleans. */
export function decodeQuery(
  form: URLSearchParams,
  members: readonly QueryMember[],
  operation: string,
): JsonObject {
  const tree: Tree = new Map();
  for (const [name, value] of form) if (!ENVELOPE.test(name)) insert(tree, name.split('.'), value);
  return structure(
    tree,
    new Map(membersOf(members, operation, 'input').map((member) => [member.query, member])),
  );
}

/** The members that apply to an operation, its own after the general ones so that they win when keyed by name. */
export function membersOf(
  members: readonly QueryMember[],
  operation: string,
  direction: 'input' | 'output',
): QueryMember[] {
  const fitting = members.filter((member) => member.only === undefined || member.only === direction);
  return [
    ...fitting.filter((member) => member.operation === undefined),
    ...fitting.filter((member) => member.operation === operation),
  ];
}

function insert(tree: Tree, path: readonly string[], value: string): void {
  let at = tree;
  for (const part of path.slice(0, -1)) {
    const next = at.get(part);
    if (next instanceof Map) at = next;
    else {
      const made: Tree = new Map();
      at.set(part, made);
      at = made;
    }
  }
  at.set(path.at(-1) ?? '', value);
}

type Members = ReadonlyMap<string, QueryMember>;

function structure(tree: Tree, members: Members): JsonObject {
  const entries: [string, JsonValue][] = [];
  for (const [name, node] of tree) {
    const member = members.get(name);
    entries.push([member?.json ?? name, value(node, member, members)]);
  }
  return Object.fromEntries(entries);
}

function value(node: Tree | string, member: QueryMember | undefined, members: Members): JsonValue {
  if (typeof node === 'string') return scalar(node, member);
  if (member?.kind === 'list') return items(node).map((item) => value(item, undefined, members));
  if (member?.kind === 'map') return map(node, member.entry ?? ['key', 'value'], members);
  return structure(node, members);
}

function scalar(text: string, member: QueryMember | undefined): JsonValue {
  if (member?.kind === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (member?.kind === 'boolean') return text === 'true';
  // An empty list is written as its name alone.
  if (member?.kind === 'list') return text === '' ? [] : [text];
  return text;
}

/** The numbered children in order; also those wrapped in `member` or `entry`, as unflattened lists are. */
function items(node: Tree): (Tree | string)[] {
  const wrapped = node.get('member') ?? node.get('entry');
  if (wrapped instanceof Map) return items(wrapped);
  return [...node]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item);
}

function map(node: Tree, [keyName, valueName]: readonly [string, string], members: Members): JsonObject {
  const entries: [string, JsonValue][] = [];
  for (const item of items(node)) {
    if (!(item instanceof Map)) continue;
    const key = item.get(keyName);
    if (typeof key === 'string') entries.push([key, value(item.get(valueName) ?? '', undefined, members)]);
  }
  return Object.fromEntries(entries);
}
