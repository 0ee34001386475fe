import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeValue, Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { holds } from './reading.ts';

/** Items of the model are plain objects of numbers and texts. */
type Value = number | string;
type Plain = Readonly<Partial<Record<string, Value>>>;

/** A condition as text with its values, and what it says of a plain item. */
interface Sample {
  readonly text: string;
  readonly values: JsonObject;
  readonly test: (item: Plain) => boolean;
}

const attributeValue = (value: Value): AttributeValue =>
  typeof value === 'number' ? { N: String(value) } : { S: value };
const toItem = (plain: Plain): Item =>
  Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, attributeValue(value ?? '')]));

let counter = 0;
const values: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }),
);
const names = fc.constantFrom('p', 'q', 'r');
const items: fc.Arbitrary<Plain> = fc.dictionary(names, values, { noNullPrototype: true });

const placeholder = (value: Value) => {
  const key = `:v${counter++}`;
  return { key, values: { [key]: attributeValue(value) as JsonObject } };
};

const comparisons: fc.Arbitrary<Sample> = fc
  .record({
    name: names,
    comparator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
    value: values,
    swap: fc.boolean(),
  })
  .map(({ name, comparator, value, swap }) => {
    const { key, values: bound } = placeholder(value);
    const text = swap ? `${key} ${comparator} ${name}` : `${name} ${comparator} ${key}`;
    const test = (item: Plain) => {
      const [left, right] = swap ? [value, item[name]] : [item[name], value];
      if (comparator === '<>') return left !== right;
      if (left === undefined || right === undefined || typeof left !== typeof right) return false;
      if (comparator === '=') return left === right;
      if (comparator.startsWith('<')) return comparator === '<' ? left < right : left <= right;
      return comparator === '>' ? left > right : left >= right;
    };
    return { text, values: bound, test };
  });

const inLists: fc.Arbitrary<Sample> = fc
  .record({ name: names, options: fc.array(values, { minLength: 1, maxLength: 4 }) })
  .map(({ name, options }) => {
    const keys = options.map(placeholder);
    return {
      text: `${name} IN (${keys.map(({ key }) => key).join(', ')})`,
      values: Object.assign({}, ...keys.map((each) => each.values)) as JsonObject,
      test: (item) => item[name] !== undefined && options.includes(item[name]),
    };
  });

const betweens: fc.Arbitrary<Sample> = fc
  .record({ name: names, a: fc.integer({ min: -3, max: 3 }), b: fc.integer({ min: -3, max: 3 }) })
  .map(({ name, a, b }) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const [from, to] = [placeholder(low), placeholder(high)];
    return {
      text: `${name} BETWEEN ${from.key} AND ${to.key}`,
      values: { ...from.values, ...to.values },
      test: (item) => typeof item[name] === 'number' && item[name] >= low && item[name] <= high,
    };
  });

const functions: fc.Arbitrary<Sample> = fc.oneof(
  names.map(
    (name): Sample => ({
      text: `attribute_exists(${name})`,
      values: {},
      test: (item) => item[name] !== undefined,
    }),
  ),
  fc.record({ name: names, part: fc.constantFrom('a', 'ab', '') }).map(({ name, part }): Sample => {
    const { key, values: bound } = placeholder(part);
    return {
      text: `begins_with(${name}, ${key})`,
      values: bound,
      test: (item) => typeof item[name] === 'string' && item[name].startsWith(part),
    };
  }),
  fc.record({ name: names, length: fc.integer({ min: 0, max: 3 }) }).map(({ name, length }): Sample => {
    const { key, values: bound } = placeholder(length);
    return {
      text: `size(${name}) = ${key}`,
      values: bound,
      test: (item) => typeof item[name] === 'string' && item[name].length === length,
    };
  }),
);

const { condition } = fc.letrec<{ condition: Sample }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparisons,
    inLists,
    betweens,
    functions,
    fc
      .record({ operator: fc.constantFrom('AND', 'or'), left: tie('condition'), right: tie('condition') })
      .map(
        ({ operator, left, right }): Sample => ({
          text: `(${left.text}) ${operator} (${right.text})`,
          values: { ...left.values, ...right.values },
          test: (item) =>
            operator === 'AND' ? left.test(item) && right.test(item) : left.test(item) || right.test(item),
        }),
      ),
    tie('condition').map(
      (inner): Sample => ({ ...inner, text: `NOT (${inner.text})`, test: (item) => !inner.test(item) }),
    ),
  ),
}));

test('a condition holds of an item when the same said in plain JavaScript does', () => {
  fc.assert(
    fc.property(condition, fc.array(items, { minLength: 1, maxLength: 5 }), (sample, all) => {
      const bound = Object.keys(sample.values).length > 0 ? sample.values : undefined;
      for (const plain of all)
        expect(holds(toItem(plain), sample.text, bound), sample.text).toBe(sample.test(plain));
    }),
    { numRuns: 500 },
  );
});
