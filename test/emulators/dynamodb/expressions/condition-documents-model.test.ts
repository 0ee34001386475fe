import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeValue, Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import {
  attributeValues,
  canonical,
  documentPaths,
  documents,
  lookUp,
  scalars,
  writtenPath,
} from './documents.ts';
import { holds } from './reading.ts';

interface Sample {
  readonly text: string;
  readonly values: JsonObject;
  readonly test: (item: Item) => boolean;
}

type Loose = Readonly<Record<string, unknown>>;
const typeName = (value: AttributeValue) => Object.keys(value)[0] ?? '';
const content = (value: AttributeValue) => (value as Loose)[typeName(value)];

let counter = 0;
const bind = (value: AttributeValue) => {
  const key = `:v${counter++}`;
  return { key, values: { [key]: value } as unknown as JsonObject };
};

function orderOf(a: AttributeValue, b: AttributeValue): number | undefined {
  const type = typeName(a);
  if (type !== typeName(b)) return undefined;
  const [x, y] = [String(content(a)), String(content(b))];
  if (type === 'N') return Number(x) - Number(y);
  if (type === 'S') return x < y ? -1 : Number(x > y);
  return type === 'B' ? Buffer.compare(Buffer.from(x, 'base64'), Buffer.from(y, 'base64')) : undefined;
}

const equalities: fc.Arbitrary<Sample> = fc
  .record({ path: documentPaths, value: attributeValues, different: fc.boolean() })
  .map(({ path, value, different }) => {
    const { key, values } = bind(value);
    return {
      text: `${writtenPath(path)} ${different ? '<>' : '='} ${key}`,
      values,
      test: (item) => {
        const found = lookUp(item, path);
        return (found !== undefined && canonical(found) === canonical(value)) !== different;
      },
    };
  });

const between: fc.Arbitrary<Sample> = fc
  .record({ left: documentPaths, right: documentPaths, comparator: fc.constantFrom('<', '<=', '>', '>=') })
  .filter(({ left, right }) => writtenPath(left) !== writtenPath(right))
  .map(({ left, right, comparator }) => ({
    text: `${writtenPath(left)} ${comparator} ${writtenPath(right)}`,
    values: {},
    test: (item) => {
      const [a, b] = [lookUp(item, left), lookUp(item, right)];
      const order = a && b && orderOf(a, b);
      if (order === undefined) return false;
      return comparator.startsWith('<') === order < 0
        ? order !== 0 || comparator.length > 1
        : order === 0 && comparator.length > 1;
    },
  }));

const types: fc.Arbitrary<Sample> = fc
  .record({
    path: documentPaths,
    type: fc.constantFrom('S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'),
  })
  .map(({ path, type }) => {
    const { key, values } = bind({ S: type });
    return {
      text: `attribute_type(${writtenPath(path)}, ${key})`,
      values,
      test: (item) => {
        const found = lookUp(item, path);
        return found !== undefined && typeName(found) === type;
      },
    };
  });

const existence: fc.Arbitrary<Sample> = documentPaths.map((path) => ({
  text: `attribute_not_exists(${writtenPath(path)})`,
  values: {},
  test: (item) => lookUp(item, path) === undefined,
}));

const containment: fc.Arbitrary<Sample> = fc
  .record({ path: documentPaths, part: scalars })
  .map(({ path, part }) => {
    const { key, values } = bind(part);
    return {
      text: `contains(${writtenPath(path)}, ${key})`,
      values,
      test: (item) => {
        const found = lookUp(item, path);
        if (!found) return false;
        const type = typeName(found);
        if (type === 'L')
          return (content(found) as unknown[]).some((member) => canonical(member) === canonical(part));
        if (type === `${typeName(part)}S`) return (content(found) as unknown[]).includes(content(part));
        if (type !== typeName(part)) return false;
        if (type === 'S') return String(content(found)).includes(String(content(part)));
        const bytes = (value: AttributeValue) =>
          Buffer.from(String(content(value)), 'base64').toString('latin1');
        return type === 'B' && bytes(found).includes(bytes(part));
      },
    };
  });

const sizes: fc.Arbitrary<Sample> = fc
  .record({ path: documentPaths, size: fc.integer({ min: 0, max: 3 }) })
  .map(({ path, size }) => {
    const { key, values } = bind({ N: String(size) });
    return {
      text: `size(${writtenPath(path)}) >= ${key}`,
      values,
      test: (item) => {
        const found = lookUp(item, path);
        if (!found) return false;
        const inside = content(found);
        const type = typeName(found);
        if (type === 'S') return String(inside).length >= size;
        if (type === 'B') return Buffer.from(String(inside), 'base64').length >= size;
        if (type === 'M') return Object.keys(inside as object).length >= size;
        return Array.isArray(inside) && inside.length >= size;
      },
    };
  });

const { condition } = fc.letrec<{ condition: Sample }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    equalities,
    between,
    types,
    existence,
    containment,
    sizes,
    fc.record({ both: fc.boolean(), left: tie('condition'), right: tie('condition') }).map(
      ({ both, left, right }): Sample => ({
        text: `(${left.text}) ${both ? 'AND' : 'OR'} (${right.text})`,
        values: { ...left.values, ...right.values },
        test: (item) => (both ? left.test(item) && right.test(item) : left.test(item) || right.test(item)),
      }),
    ),
    tie('condition').map(
      (inner): Sample => ({
        ...inner,
        text: `NOT (${inner.text})`,
        test: (item) => !inner.test(item),
      }),
    ),
  ),
}));

test('conditions on nested documents hold when a plain walk through the document says so', () => {
  fc.assert(
    fc.property(condition, fc.array(documents, { minLength: 1, maxLength: 4 }), (sample, items) => {
      const values = Object.keys(sample.values).length > 0 ? sample.values : undefined;
      for (const item of items) expect(holds(item, sample.text, values), sample.text).toBe(sample.test(item));
    }),
    { numRuns: 1000 },
  );
});
