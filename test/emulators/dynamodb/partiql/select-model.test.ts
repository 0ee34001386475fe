import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceError } from '../../../../emulators/_wire/service-error.ts';
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { runPartiql, type TestPartiql } from './running-partiql.ts';

/** Random items and conditions: what SELECT gives, page by page, must be what a plain filter of the items gives. */
let ql: TestPartiql;
let run = 0;
beforeAll(async () => {
  ql = await runPartiql();
});
afterAll(() => ql.db.close());

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly n?: number;
  readonly tag?: string;
}

type Name = keyof Row;
type Where =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Where[] }
  | { readonly kind: 'not'; readonly part: Where }
  | {
      readonly kind: 'compare';
      readonly name: Name;
      readonly comparator: string;
      readonly value: string | number;
    }
  | { readonly kind: 'in'; readonly name: Name; readonly values: readonly (string | number)[] }
  | {
      readonly kind: 'between';
      readonly name: Name;
      readonly low: string | number;
      readonly high: string | number;
    }
  | { readonly kind: 'prefix'; readonly name: Name; readonly prefix: string }
  | { readonly kind: 'missing'; readonly name: Name };

const holders = ['a', 'b', 'c'];
const sorts = ['1', '12', '2', '3'];
const tags = ['x', 'xy', 'z'];

const rows = fc.uniqueArray(
  fc.record(
    {
      pk: fc.constantFrom(...holders),
      sk: fc.constantFrom(...sorts),
      n: fc.integer({ min: 0, max: 3 }),
      tag: fc.constantFrom(...tags),
    },
    { requiredKeys: ['pk', 'sk'] },
  ),
  { maxLength: 12, selector: ({ pk, sk }) => `${pk}/${sk}` },
);

const valuesFor: Record<Name, fc.Arbitrary<string | number>> = {
  pk: fc.constantFrom(...holders),
  sk: fc.constantFrom(...sorts),
  n: fc.integer({ min: 0, max: 3 }),
  tag: fc.constantFrom(...tags),
};
const anyName = fc.constantFrom<Name>('pk', 'sk', 'sk', 'n', 'tag');
const about = <T>(make: (name: Name, value: fc.Arbitrary<string | number>) => fc.Arbitrary<T>) =>
  anyName.chain((name) => make(name, valuesFor[name]));

const atom: fc.Arbitrary<Where> = fc.oneof(
  about((name, value) =>
    fc.record({
      kind: fc.constant('compare' as const),
      name: fc.constant(name),
      comparator: fc.constantFrom('=', '=', '<>', '<', '<=', '>', '>='),
      value,
    }),
  ),
  about((name, value) =>
    fc.record({
      kind: fc.constant('in' as const),
      name: fc.constant(name),
      values: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
    }),
  ),
  about((name, value) =>
    fc.tuple(value, value).map((bounds) => {
      const [low = '', high = ''] = bounds.toSorted((a, b) => (a < b ? -1 : 1));
      return { kind: 'between' as const, name, low, high };
    }),
  ),
  fc.record({
    kind: fc.constant('prefix' as const),
    name: fc.constantFrom<Name>('sk', 'tag'),
    prefix: fc.constantFrom('1', 'x', 'xy'),
  }),
  fc.record({ kind: fc.constant('missing' as const), name: fc.constantFrom<Name>('n', 'tag') }),
);
const { where: free } = fc.letrec<{ where: Where }>((tie) => ({
  where: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('where'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('where') }),
  ),
}));
const keyed: fc.Arbitrary<Where> = fc.tuple(valuesFor.pk, free).map(([value, rest]) => ({
  kind: 'and',
  parts: [{ kind: 'compare', name: 'pk', comparator: '=', value }, rest],
}));
const where = fc.oneof(free, keyed);

function holds(row: Row, condition: Where): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(row, part));
    case 'or':
      return condition.parts.some((part) => holds(row, part));
    case 'not':
      return !holds(row, condition.part);
    case 'missing':
      return row[condition.name] === undefined;
    case 'compare':
      return compares(row[condition.name], condition.comparator, condition.value);
    case 'in':
      return condition.values.some((value) => value === row[condition.name]);
    case 'between':
      return (
        compares(row[condition.name], '>=', condition.low) &&
        compares(row[condition.name], '<=', condition.high)
      );
    case 'prefix':
      return String(row[condition.name] ?? '').startsWith(condition.prefix);
  }
}

function compares(actual: string | number | undefined, comparator: string, value: string | number): boolean {
  if (comparator === '<>') return actual !== value;
  if (actual === undefined) return false;
  switch (comparator) {
    case '=':
      return actual === value;
    case '<':
      return actual < value;
    case '<=':
      return actual <= value;
    case '>':
      return actual > value;
    default:
      return actual >= value;
  }
}

const literal = (value: string | number) => (typeof value === 'number' ? String(value) : `'${value}'`);

function print(condition: Where): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `(${condition.parts.map(print).join(` ${condition.kind} `)})`;
    case 'not':
      return `NOT ${print(condition.part)}`;
    case 'missing':
      return `${condition.name} IS MISSING`;
    case 'compare':
      return `${condition.name} ${condition.comparator} ${literal(condition.value)}`;
    case 'in':
      return `${condition.name} IN [${condition.values.map(literal)}]`;
    case 'between':
      return `${condition.name} BETWEEN ${literal(condition.low)} AND ${literal(condition.high)}`;
    case 'prefix':
      return `begins_with(${condition.name}, ${literal(condition.prefix)})`;
  }
}

const stored = ({ pk, sk, n, tag }: Row): JsonObject => ({
  pk: { S: pk },
  sk: { S: sk },
  ...(n !== undefined && { n: { N: String(n) } }),
  ...(tag !== undefined && { tag: { S: tag } }),
});

async function selectAll(statement: string, Limit: number): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let token: string | undefined;
  do {
    const page = await ql.run(statement, { Limit, ...(token !== undefined && { NextToken: token }) });
    items.push(...(page.Items as JsonObject[]));
    token = page.NextToken as string | undefined;
  } while (token !== undefined);
  return items;
}

/** An index holds the items that have its attributes. */
interface Source {
  readonly index?: string;
  readonly names: readonly Name[];
}
const sources = fc.constantFrom<Source>(
  { names: [] },
  { index: 'by-n', names: ['n'] },
  { index: 'by-tag', names: ['n', 'tag'] },
);

const keySchema = (hash: Name, range: Name): JsonObject[] => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];
const index = (IndexName: string, KeySchema: JsonObject[]): JsonObject => ({
  IndexName,
  KeySchema,
  Projection: { ProjectionType: 'ALL' },
});

/** The service refuses alternatives that may give an item twice. */
const refusable = /Overlapping conditions|Too many decomposed/;

test('SELECT gives what a filter of all items gives, or is refused for alternatives that overlap', async () => {
  let answered = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.array(fc.record({ condition: where, from: sources }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (all, conditions, limit) => {
        const table = `model-${run++}`;
        await ql.db.call('CreateTable', {
          TableName: table,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: Object.entries({ pk: 'S', sk: 'S', n: 'N', tag: 'S' }).map(
            ([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }),
          ),
          KeySchema: keySchema('pk', 'sk'),
          LocalSecondaryIndexes: [index('by-n', keySchema('pk', 'n'))],
          GlobalSecondaryIndexes: [index('by-tag', keySchema('tag', 'n'))],
        });
        for (const row of all)
          await ql.run(`INSERT INTO "${table}" VALUE ?`, { Parameters: [{ M: stored(row) }] });
        for (const { condition, from } of conditions) {
          try {
            const source = from.index ? `"${table}"."${from.index}"` : `"${table}"`;
            const items = await selectAll(`SELECT * FROM ${source} WHERE ${print(condition)}`, limit);
            const there = all.filter((row) => from.names.every((name) => row[name] !== undefined));
            const expected = there.filter((row) => holds(row, condition)).map(stored);
            expect(items.map((item) => JSON.stringify(item)).sort()).toEqual(
              expected.map((item) => JSON.stringify(item)).sort(),
            );
            answered++;
          } catch (failure) {
            if (!refusable.test((failure as ServiceError).message)) throw failure;
            refused++;
          }
        }
        await ql.db.call('DeleteTable', { TableName: table });
      },
    ),
    { numRuns: 100 },
  );
  expect(answered).toBeGreaterThan(refused);
});
