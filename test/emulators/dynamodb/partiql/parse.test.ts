import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceError } from '../../../../emulators/_wire/service-error.ts';
import { parseText } from '../../../../emulators/dynamodb/partiql/parse-statement.ts';
import type { Expression, Statement } from '../../../../emulators/dynamodb/partiql/syntax.ts';
import { print } from './print.ts';
import { runPartiql, type TestPartiql } from './running-partiql.ts';

let ql: TestPartiql;
beforeAll(async () => {
  ql = await runPartiql();
});
afterAll(() => ql.db.close());

const at = { line: 1, column: 1, length: 1 };
const name = fc.oneof(
  fc.constantFrom('a', 'select', 'it"s', "x'y", ''),
  fc.string({ maxLength: 4, unit: 'binary' }),
);
const number = fc
  .tuple(fc.constantFrom('', '-'), fc.nat(), fc.constantFrom('', '.5', '.', 'e3', '.25E-2'))
  .map((parts) => parts.join(''));

const { expression: arbitraryExpression, path: arbitraryPath } = fc.letrec<{
  expression: Expression;
  path: Expression;
  small: Expression;
}>((tie) => {
  const many = fc.array(tie('expression'), { maxLength: 3 });
  const negated = fc.boolean();
  const of = <K extends Expression['kind']>(kind: K, members: object) =>
    fc.record({
      kind: fc.constant(kind),
      at: fc.constant(at),
      ...members,
    } as never) as fc.Arbitrary<Expression>;
  const operands = { operand: tie('expression') };
  const parts = (kind: 'and' | 'or') =>
    of(kind, {
      parts: fc.array(
        tie('expression').filter((part) => part.kind !== kind),
        { minLength: 2, maxLength: 3 },
      ),
    });
  return {
    path: fc
      .tuple(
        name,
        fc.array(
          fc.oneof(
            name.map((each) => ({ name: each, at })),
            number.map((text) => ({ index: { kind: 'number', text, at } as Expression, at })),
          ),
          { maxLength: 3 },
        ),
      )
      .map(([first, steps]): Expression => ({ kind: 'path', steps: [{ name: first, at }, ...steps], at })),
    small: fc.oneof(
      tie('path'),
      of('string', { text: fc.string({ unit: 'binary' }) }),
      of('number', { text: number }),
      of('boolean', { value: fc.boolean() }),
      of('null', {}),
      of('missing', {}),
      of('parameter', { index: fc.constant(0) }),
    ),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('small'),
      of('list', { members: many }),
      of('bag', { members: many }),
      of('struct', {
        fields: fc.array(fc.record({ name: tie('small'), value: tie('expression') }), { maxLength: 3 }),
      }),
      of('call', { name: fc.constantFrom('size', 'begins_with', 'Foo', 'exists'), operands: many }),
      parts('and'),
      parts('or'),
      of('not', operands),
      of('sign', {
        operator: fc.constantFrom('+', '-'),
        operand: tie('expression').filter(({ kind }) => kind !== 'number'),
      }),
      of('compare', {
        comparator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
        left: tie('expression'),
        right: tie('expression'),
      }),
      of('arithmetic', {
        operator: fc.constantFrom('+', '-', '*', '/', '%', '||'),
        left: tie('expression'),
        right: tie('expression'),
      }),
      of('like', { negated, ...operands, right: tie('expression') }),
      of('in', { negated, ...operands, right: fc.oneof(of('list', { members: many }), tie('path')) }),
      of('between', { negated, ...operands, low: tie('expression'), high: tie('expression') }),
      of('is', {
        negated,
        ...operands,
        type: fc.constantFrom('missing', 'null', 'bool', 'int4', 'double precision', 'list'),
      }),
    ),
  };
});

const returning = fc.option(
  fc.record({ part: fc.constantFrom('ALL', 'MODIFIED'), side: fc.constantFrom('OLD', 'NEW') } as const),
  { nil: undefined },
);
const where = fc.option(arbitraryExpression, { nil: undefined });
const source = fc.record({ path: arbitraryPath, aliased: fc.boolean() });
const statement = fc.oneof(
  fc.record({
    kind: fc.constant('select'),
    columns: fc.option(
      fc.array(fc.record({ expression: arbitraryExpression, aliased: fc.boolean() }), {
        minLength: 1,
        maxLength: 3,
      }),
      {
        nil: undefined,
      },
    ),
    sources: fc.array(source, { minLength: 1, maxLength: 2 }),
    where,
    orderBy: fc.array(fc.record({ key: arbitraryExpression, descending: fc.boolean() }), { maxLength: 2 }),
    foreign: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('insert'),
    target: arbitraryPath,
    single: fc.boolean(),
    value: arbitraryExpression,
  }),
  fc.record({
    kind: fc.constant('update'),
    source,
    clauses: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('set'), path: arbitraryPath, value: arbitraryExpression }),
        fc.record({ kind: fc.constant('remove'), path: arbitraryPath }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    where,
    returning,
  }),
  fc.record({ kind: fc.constant('delete'), source, where, returning }),
) as fc.Arbitrary<Statement>;

/** Without places, and without the numbers of parameters, which follow from them. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'at');
  return Object.fromEntries(
    entries.map(([key, each]) => [key, key === 'index' && typeof each === 'number' ? 0 : bare(each)]),
  );
}

test('a printed statement parses to what it was', () => {
  fc.assert(
    fc.property(statement, (each) => {
      const whole: Expression = { kind: 'statement', statement: each, at };
      expect(bare(parseText(print(whole)))).toEqual(bare(whole));
    }),
    { numRuns: 500 },
  );
});

test('operators bind as they do in SQL', () => {
  const same = (one: string, other: string) => expect(bare(parseText(one))).toEqual(bare(parseText(other)));
  same('a OR b AND NOT c = 1 + 2 * 3', 'a OR (b AND (NOT (c = (1 + (2 * 3)))))');
  same('a = b < c', 'a = (b < c)');
  same('a - b - c', '(a - b) - c');
  same('NOT a IN [1] AND b', '(NOT (a IN [1])) AND b');
  same('a BETWEEN 1 AND 2 AND b', '(a BETWEEN 1 AND 2) AND b');
  same('a AND (b AND c)', 'a AND b AND c');
  same('- - 1', '1');
  same('a != 1', 'a <> 1');
});

test('places are lines and columns from 1', () => {
  expect(parseText('\n  -- note\n size("ab")')).toMatchObject({
    at: { line: 3, column: 2, length: 4 },
    operands: [{ at: { line: 3, column: 7, length: 4 } }],
  });
});

const words =
  'SELECT INSERT INTO UPDATE DELETE FROM WHERE SET REMOVE VALUE VALUES AND OR NOT IN IS MISSING NULL BETWEEN LIKE ORDER BY GROUP LIMIT ASC DESC RETURNING ALL MODIFIED OLD NEW EXISTS COUNT size begins_with set_add list_append things pairs pk sk n "pk" "" a.b \'x\' \'1\' 1 -1 .5 1e9 1e200 true false ? * , ; ( ) [ ] { } << >> : . = <> != < <= > >= + - / % || @ -- /* */ # ` \' " \n'.split(
    ' ',
  );

const text = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((tokens) => tokens.join(' ')),
  // Nearly right.
  fc
    .tuple(
      fc.constantFrom(
        "SELECT * FROM things WHERE pk = 'x' AND n > 1 ORDER BY pk",
        "UPDATE pairs SET n = n + 1, l = list_append(l, [1]) REMOVE a.b[0] WHERE pk = 'x' AND sk = '1' RETURNING ALL NEW *",
        "INSERT INTO things VALUE {'pk': 'x', 'l': [1, <<'a'>>, {'b': null}]}",
        'EXISTS(SELECT * FROM things WHERE pk = ? AND a IS MISSING)',
      ),
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.array(fc.constantFrom(...words), { maxLength: 3 }),
    )
    .map(([valid, position, removed, added]) => {
      const tokens = valid.split(' ');
      tokens.splice(position % tokens.length, removed, ...added);
      return tokens.join(' ');
    }),
  fc.string({ maxLength: 60, unit: 'binary' }),
);

test('whatever the text, it is run or refused', async () => {
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(text.filter(Boolean), async (Statement) => {
      const Parameters = [{ S: 'x' }, { L: [{ N: '1' }] }, { SS: ['a'] }];
      for (const operation of ['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction']) {
        const statements = [{ Statement, Parameters }];
        try {
          await ql.db.call(operation, {
            ...(operation === 'ExecuteStatement' && statements[0]),
            ...(operation === 'BatchExecuteStatement' && { Statements: statements }),
            ...(operation === 'ExecuteTransaction' && { TransactStatements: statements }),
          });
        } catch (failure) {
          if (!(failure instanceof ServiceError)) throw failure;
          codes.add(failure.code);
        }
      }
    }),
    { numRuns: 3000 },
  );
  const known = [
    'ConditionalCheckFailedException',
    'DuplicateItemException',
    'ResourceNotFoundException',
    'TransactionCanceledException',
    'ValidationException',
  ];
  expect([...codes].filter((code) => !known.includes(code))).toEqual([]);
});

test('text that is no statement is a validation error', () => {
  fc.assert(
    fc.property(text, (each) => {
      try {
        parseText(each);
      } catch (failure) {
        expect(failure).toBeInstanceOf(ServiceError);
        expect((failure as ServiceError).code).toBe('ValidationException');
      }
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['(', 8000],
  ['[', 8000],
  ["{'a':", 1600],
  ['NOT ', 2000],
  ['- ', 4000],
  ['f(', 4000],
  ['a + ', 2000],
  ['a = ', 2000],
  ['a[', 4000],
  ['SELECT * FROM ', 580],
  ['a.', 4000],
  ['a AND ', 1300],
])('a statement of many %s is refused, not fatal', async (piece, count) => {
  expect(await ql.refusal(`SELECT * FROM things WHERE ${piece.repeat(count)}a`)).toBeTypeOf('string');
});

test('conditions compared with conditions do not grow out of hand', async () => {
  const where = (tail: string, count: number) =>
    `SELECT * FROM things WHERE attribute_exists(a)${tail.repeat(count)}`;
  expect(await ql.refusal(where(' = yes', 500))).toBe('Too many comparisons of conditions with each other');
  expect(await ql.refusal(where(' IN [true, false]', 200))).toBe(
    'Too many comparisons of conditions with each other',
  );
  expect(await ql.run(where(' = true', 500))).toMatchObject({ Items: [] });
});

test('a long chain of conditions is run', async () => {
  const where = Array.from({ length: 600 }, (_, i) => `n = ${i}`).join(' OR ');
  expect(await ql.items(`SELECT * FROM things WHERE ${where}`)).toEqual([]);
});
