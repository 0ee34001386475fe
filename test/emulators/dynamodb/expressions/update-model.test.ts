import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServiceError } from '../../../../emulators/_wire/service-error.ts';
import type { AttributeValue, Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import {
  attributeValues,
  canonical,
  type DocumentPath,
  documentPaths,
  documents,
  lookUp,
  sets,
  smallNumber,
  writtenPath,
} from './documents.ts';
import { projected, updated } from './reading.ts';

/**
 * The model merges all actions into one tree of changes and lays it over the item once, where the emulator applies one
 * action after the other; both must come to the same item, or both refuse.
 */
class Refused extends Error {}

type Value = AttributeValue | undefined;
interface Action {
  readonly section: 'SET' | 'REMOVE' | 'ADD' | 'DELETE';
  readonly path: DocumentPath;
  readonly text: string;
  readonly values: JsonObject;
  /** Of the item as it was; undefined removes. */
  readonly result: (item: Item) => Value;
}

let counter = 0;
const bind = (value: AttributeValue) => {
  const key = `:v${counter++}`;
  return { key, values: { [key]: value } as unknown as JsonObject };
};
const needed = (value: Value): AttributeValue => {
  if (!value) throw new Refused();
  return value;
};
const numberOf = (value: AttributeValue): number => {
  if (!('N' in value)) throw new Refused();
  return Number(value.N);
};

interface Operand {
  readonly text: string;
  readonly values: JsonObject;
  readonly of: (item: Item) => AttributeValue;
}
const literal: fc.Arbitrary<Operand> = attributeValues.map((value) => {
  const { key, values } = bind(value);
  return { text: key, values, of: () => value };
});
const copied: fc.Arbitrary<Operand> = documentPaths.map((path) => ({
  text: writtenPath(path),
  values: {},
  of: (item) => needed(lookUp(item, path)),
}));
const defaulted: fc.Arbitrary<Operand> = fc
  .record({ path: documentPaths, otherwise: fc.oneof(literal, copied) })
  .map(({ path, otherwise }) => ({
    text: `if_not_exists(${writtenPath(path)}, ${otherwise.text})`,
    values: otherwise.values,
    of: (item) => lookUp(item, path) ?? otherwise.of(item),
  }));
const calculated: fc.Arbitrary<Operand> = fc
  .record({ left: fc.oneof(copied, defaulted), right: smallNumber, plus: fc.boolean() })
  .map(({ left, right, plus }) => {
    const { key, values } = bind({ N: right });
    return {
      text: `${left.text} ${plus ? '+' : '-'} ${key}`,
      values: { ...left.values, ...values },
      of: (item) => ({ N: String(numberOf(left.of(item)) + (plus ? 1 : -1) * Number(right)) }),
    };
  });
const appended: fc.Arbitrary<Operand> = fc
  .record({
    head: fc.oneof(copied, defaulted),
    tail: fc.array(attributeValues, { maxLength: 2 }),
    swapped: fc.boolean(),
  })
  .map(({ head, tail, swapped }) => {
    const { key, values } = bind({ L: tail });
    return {
      text: `list_append(${swapped ? `${key}, ${head.text}` : `${head.text}, ${key}`})`,
      values: { ...head.values, ...values },
      of: (item) => {
        const value = head.of(item);
        if (!('L' in value)) throw new Refused();
        return { L: swapped ? [...tail, ...value.L] : [...value.L, ...tail] };
      },
    };
  });

const settings: fc.Arbitrary<Action> = fc
  .record({ path: documentPaths, operand: fc.oneof(literal, copied, defaulted, calculated, appended) })
  .map(({ path, operand }) => ({
    section: 'SET',
    path,
    text: `${writtenPath(path)} = ${operand.text}`,
    values: operand.values,
    result: operand.of,
  }));
const removals: fc.Arbitrary<Action> = documentPaths.map((path) => ({
  section: 'REMOVE',
  path,
  text: writtenPath(path),
  values: {},
  result: () => undefined,
}));

const members = (value: AttributeValue, type: string): readonly string[] => {
  const found = (value as unknown as Record<string, readonly string[] | undefined>)[type];
  if (!found || type.length !== 2) throw new Refused();
  return found;
};
const additions: fc.Arbitrary<Action> = fc
  .record({
    path: documentPaths,
    value: fc.oneof(
      sets,
      smallNumber.map((N): AttributeValue => ({ N })),
    ),
  })
  .map(({ path, value }) => {
    const { key, values } = bind(value);
    const [type = ''] = Object.keys(value);
    const result = (item: Item): Value => {
      const present = lookUp(item, path);
      if (!present) return value;
      if ('N' in value) return { N: String(numberOf(present) + Number(value.N)) };
      const union = new Set([...members(present, type), ...members(value, type)]);
      return { [type]: [...union] } as unknown as AttributeValue;
    };
    return { section: 'ADD', path, text: `${writtenPath(path)} ${key}`, values, result };
  });
const deletions: fc.Arbitrary<Action> = fc
  .record({ path: documentPaths, value: sets })
  .map(({ path, value }) => {
    const { key, values } = bind(value);
    const [type = ''] = Object.keys(value);
    const result = (item: Item): Value => {
      const present = lookUp(item, path);
      if (!present) return undefined;
      const rest = members(present, type).filter((member) => !members(value, type).includes(member));
      return rest.length > 0 ? ({ [type]: rest } as unknown as AttributeValue) : undefined;
    };
    return { section: 'DELETE', path, text: `${writtenPath(path)} ${key}`, values, result };
  });

/** Changes at one place: those of its parts, or the value it gets. */
interface Node {
  leaf?: { readonly value: Value };
  readonly parts: Map<string | number, Node>;
}

function laidOver(present: Value, node: Node): Value {
  if (node.leaf) return node.leaf.value;
  const steps = [...node.parts];
  if (steps.every(([step]) => typeof step === 'string')) {
    if (!(present && 'M' in present)) throw new Refused();
    const members = new Map(Object.entries(present.M));
    for (const [name, part] of steps) {
      const changed = laidOver(members.get(String(name)), part);
      if (changed) members.set(String(name), changed);
      else members.delete(String(name));
    }
    return { M: Object.fromEntries(members) };
  }
  if (!(present && 'L' in present)) throw new Refused();
  const slots: Value[] = [...present.L];
  const behind: AttributeValue[] = [];
  for (const [at, part] of steps.sort(([a], [b]) => Number(a) - Number(b))) {
    const changed = laidOver(slots[Number(at)], part);
    if (Number(at) < present.L.length) slots[Number(at)] = changed;
    else if (changed) behind.push(changed);
  }
  return { L: [...slots.filter((slot) => slot !== undefined), ...behind] };
}

function modelled(item: Item, actions: readonly Action[]): Value {
  const root: Node = { parts: new Map() };
  for (const { path, result } of actions) {
    let node = root;
    for (const step of path) {
      const next: Node = node.parts.get(step) ?? { parts: new Map() };
      node.parts.set(step, next);
      node = next;
    }
    node.leaf = { value: result(item) };
  }
  return laidOver({ M: item }, root);
}

/** The service takes no two paths of which one leads through the other or takes a list for a map. */
function compatible(a: DocumentPath, b: DocumentPath): boolean {
  for (const [i, step] of a.entries()) {
    const other = b[i];
    if (other === undefined) return false;
    if (step !== other) return typeof step === typeof other;
  }
  return false;
}

const updates = fc
  .array(fc.oneof({ weight: 3, arbitrary: settings }, removals, additions, deletions), {
    minLength: 1,
    maxLength: 4,
  })
  .map((actions) =>
    actions.filter((action, i) => actions.slice(0, i).every((other) => compatible(action.path, other.path))),
  );

function written(actions: readonly Action[]): string {
  const sections = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
  return sections
    .map((section) => [section, actions.filter((action) => action.section === section)] as const)
    .filter(([, inside]) => inside.length > 0)
    .map(([section, inside]) => `${section} ${inside.map(({ text }) => text).join(', ')}`)
    .join(' ');
}

/** Refusals are one and the same: which of several mistakes is named first is not the model's business. */
function outcome(compute: () => unknown): string {
  try {
    return canonical(compute());
  } catch (thrown) {
    if (thrown instanceof Refused || thrown instanceof ServiceError) return 'refused';
    throw thrown;
  }
}

test('an update gives what laying all its changes over the item at once gives', () => {
  let applied = 0;
  fc.assert(
    fc.property(updates, documents, (actions, item) => {
      const before = canonical(item);
      const values = Object.assign({}, ...actions.map((action) => action.values)) as JsonObject;
      const text = written(actions);
      const ours = outcome(() => ({
        M: updated(item, text, Object.keys(values).length > 0 ? values : undefined),
      }));
      expect(ours, text).toBe(outcome(() => modelled(item, actions)));
      expect(canonical(item)).toBe(before);
      if (ours !== 'refused') applied++;
    }),
    { numRuns: 2000 },
  );
  expect(applied).toBeGreaterThan(100);
});

function kept(value: Value, paths: readonly DocumentPath[]): Value {
  if (!value || paths.some((path) => path.length === 0)) return value;
  const below = (step: string | number) =>
    paths.filter(([first]) => first === step).map(([, ...rest]) => rest);
  if ('M' in value) {
    const entries = Object.entries(value.M).flatMap(([name, member]) => {
      const inner = below(name).length > 0 ? kept(member, below(name)) : undefined;
      return inner ? [[name, inner] as const] : [];
    });
    return entries.length > 0 ? { M: Object.fromEntries(entries) } : undefined;
  }
  if (!('L' in value)) return undefined;
  const list = value.L.flatMap((member, at) => {
    const inner = below(at).length > 0 ? kept(member, below(at)) : undefined;
    return inner ? [inner] : [];
  });
  return list.length > 0 ? { L: list } : undefined;
}

test('a projection keeps what its paths lead to, lists closed up', () => {
  const projections = fc
    .array(documentPaths, { minLength: 1, maxLength: 4 })
    .map((paths) => paths.filter((path, i) => paths.slice(0, i).every((other) => compatible(path, other))));
  fc.assert(
    fc.property(projections, documents, (paths, item) => {
      const text = paths.map(writtenPath).join(', ');
      const expected = kept({ M: item }, paths) ?? { M: {} };
      expect(canonical({ M: projected(item, text) }), text).toBe(canonical(expected));
    }),
    { numRuns: 1000 },
  );
});
