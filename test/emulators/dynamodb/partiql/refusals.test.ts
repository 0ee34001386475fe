import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPartiql, type TestPartiql } from './running-partiql.ts';

/** The texts are the service's: captured by the public conformance suite of DynamoDB, or documented. */
let ql: TestPartiql;
beforeAll(async () => {
  ql = await runPartiql();
  await ql.db.call('CreateTable', {
    TableName: 'numbers',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
});
afterAll(() => ql.db.close());

const malformed = "Statement wasn't well formed, can't be processed: ";

test.each([
  ['SELECT * FROM numbers WHERE pk = 1 foo', 'Unexpected token after expression'],
  ['SELECT * FROM numbers WHERE pk = 1 e5', 'Unexpected token after expression'],
  ["INSERT INTO numbers VALUE {'pk': 970001} foo", 'Unexpected token after expression'],
  ['UPDATE numbers SET a = 9 WHERE pk = 970002 foo', 'Unexpected token after expression'],
  ['SELECT * FROM numbers WHERE pk = 1)', 'Unexpected token after expression'],
  ['DELETE FROM numbers WHERE pk = 970004 ORDER BY pk', 'Unexpected token after expression'],
  ['SELECT * FROM numbers ORDER BY pk WHERE pk = 1', 'Unexpected token after expression'],
  ["INSERT INTO things t VALUE {'pk': 'x'}", 'Unexpected token after expression'],
  ['FROM things SET c = 1 WHERE pk = 1', 'Unexpected token after expression'],
  ['SELECTT * FROMM "things"', 'Unexpected token after expression'],
  ['SELECT * FROM numbers WHERE pk = 1e2147483648', ''],
  ['SELECT * FROM numbers WHERE pk = 1.5e-2147483647', ''],
  ['SELECT * FROM numbers WHERE pk = 1 # note', ''],
  ['SELECT * FROM numbers WHERE pk = 1 /* note', ''],
  ['SELECT * FROM "things', ''],
  ['SELECT * FROM things WHERE', 'Unexpected term'],
  ['SELECT * FROM things WHERE;', 'Unexpected term'],
  ['UPDATE things SET a = 1 WHERE', 'Unexpected term'],
  ['SELECT * FROM things WHERE NOT', 'Unexpected term'],
  ['SELECT * FROM things WHERE (', 'Unexpected term'],
  ['SELECT * FROM nowhere WHERE', 'Unexpected term'],
  ['SELECT * FROM', 'Unexpected term'],
  ["SELECT * FROM things WHERE pk = 'p1' AND", 'Missing right-hand side expression of infix operator'],
  ['SELECT * FROM things WHERE ORDER BY pk', 'Unexpected keyword'],
  ['INSERT INTO urls (key, clicks) VALUES (?, ?)', 'Unexpected keyword'],
  ["SELECT * FROM things WHERE pk = 'a' AND x IS FOO", 'Expected type name'],
  ['SELECT * FROM things WHERE IS NULL', 'Unexpected operator'],
  ['SELECT * FROM things WHERE pk = LIKE', 'Unexpected operator'],
  ['DELETE FROM', 'Expected identifier for simple path'],
  ["DELETE FROM WHERE pk = 'a'", 'Expected identifier for simple path'],
  ["SLECT * FROM things WHERE pk = 'x'", 'Expected data manipulation'],
  ['UPDATE Payment-table SET active = 1', 'Expected data manipulation'],
  ["SELECT * FROM things WHERE pk = 'a' AND attribute_exists(m.inner)", 'Invalid path dot component'],
  ['SELECT * FROM a; SELECT * FROM b', 'Unexpected token after semicolon. (Only one query is allowed.)'],
])('%s is not well formed', async (statement, detail) => {
  expect(await ql.refusal(statement)).toBe(malformed + detail);
});

test.each([
  ["SELECT * FROM things t WHERE pk = 'x'", 'Aliasing is not supported'],
  ["SELECT * FROM things AS t WHERE pk = 'x'", 'Aliasing is not supported'],
  ["UPDATE things t SET a = 3 WHERE pk = 'x'", 'Aliasing is not supported'],
  ["DELETE FROM things t WHERE pk = 'x'", 'Aliasing is not supported'],
  ['SELECT * FROM things LIMIT 10', 'Unsupported clause: LIMIT at 1:28:2'],
  ['SELECT COUNT(*) FROM things', 'Unexpected path component at 1:8:5'],
  ['SELECT attribute_exists(ss) FROM things', 'Unexpected path component at 1:8:16'],
  ['x IS DOUBLE PRECISION', 'Unsupported operation: IsType'],
  ['x IS INT4', 'Unsupported operation: IsType'],
  ['SELECT * FROM a.b.c', 'A path may contain at most 2 components in the FROM clause'],
  ['SELECT * FROM ""', 'Path component cannot be an empty string'],
  ['SELECT * FROM things.""', 'Path component cannot be an empty string'],
  ['SELECT * FROM things.nope', 'The table does not have the specified index'],
  ["INSERT INTO things.idx VALUE {'pk': 'x'}", 'FROM clause may only contain a single table name'],
  ["UPDATE things.idx SET a = 1 WHERE pk = 'x'", 'This operation is not supported on an index'],
  ["DELETE FROM things.idx WHERE pk = 'x'", 'This operation is not supported on an index'],
  [
    "EXISTS(SELECT * FROM things WHERE pk = 'x' AND a = 1)",
    'EXISTS can only be used in ExecuteTransaction write requests.',
  ],
])('%s is refused', async (statement, text) => {
  expect(await ql.refusal(statement)).toBe(text);
});

test.each([
  ['SELECT * FROM nowhere WHERE pk = ?', 'ResourceNotFoundException: Requested resource not found'],
  ["FROM nowhere WHERE pk = 'x' SET c = 1", 'ResourceNotFoundException: Requested resource not found'],
])('%s finds no table', async (statement, text) => {
  expect(await ql.refusal(statement, { S: 'x' })).toBe(text);
});

const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const underflow =
  'Number underflow. Attempting to store a number with magnitude smaller than supported range';

test.each([
  ['SELECT * FROM numbers WHERE pk = 1e126', `${overflow} under root`],
  ['SELECT * FROM numbers WHERE pk = 1e-131', `${underflow} under root`],
  [
    'SELECT * FROM numbers WHERE pk = 123456789012345678901234567890123456789',
    'Attempting to store more than 38 significant digits in a Number under root',
  ],
  ["INSERT INTO numbers VALUE {'pk': 1, 'm': {'x': 1e126}}", `${overflow} under root.x`],
  ["INSERT INTO numbers VALUE {'pk': 1, 'l': [1, 1e126]}", `${overflow} under root[1]`],
  ['UPDATE numbers SET a = 1e-131 WHERE pk = 1', `${underflow} under root`],
  ["INSERT INTO numbers VALUE {'pk': 1, 's': <<>>}", 'Empty bags are not supported'],
  [
    "INSERT INTO numbers VALUE {'pk': 1, 's': <<1, 'a'>>}",
    'Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags',
  ],
  [
    "INSERT INTO numbers VALUE {'pk': 1, 's': <<'a', 'a'>>}",
    'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
  ],
  [
    'UPDATE numbers SET n = <<2, 2.0>> WHERE pk = 1',
    'One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root',
  ],
  ['UPDATE numbers SET x = [?] WHERE pk = 1', 'Unsupported data type: Parameter under key root[0] at 1:25:1'],
  ["INSERT INTO numbers VALUE {'pk': set_add(1)}", 'Unsupported data type: set_add under key root at 1:34:7'],
  [
    `UPDATE numbers SET d = ${"{'a':".repeat(32)}1${'}'.repeat(32)} WHERE pk = 1`,
    `Nesting Levels have exceeded supported limits under root${'.a'.repeat(32)}`,
  ],
])('the value in %s is refused', async (statement, text) => {
  expect(await ql.refusal(statement)).toBe(text);
});

const where = (condition: string) => `SELECT * FROM things WHERE pk = 'x' AND ${condition}`;
const operand = (name: string, type: string) =>
  `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`;
const count = (name: string, operands: number) =>
  `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands}`;

test.each([
  [
    "attribute_exists('ss')",
    'Operator or function requires a document path; operator or function: attribute_exists',
  ],
  ['attribute_exists()', count('attribute_exists', 0)],
  ['attribute_exists(ss, ns)', count('attribute_exists', 2)],
  ['EXISTS(ss)', 'Unrecognized function: exists at 1:41:6'],
  ["set_add(ss, <<'x'>>) = ss", 'Unrecognized function: set_add at 1:41:7'],
  ['val < true', operand('<', 'BOOL')],
  ['val >= [1]', operand('>=', 'L')],
  ['val BETWEEN true AND false', operand('BETWEEN', 'BOOL')],
  ['attribute_exists(n) > false', operand('>', 'BOOL')],
  ['attribute_type(l, 1)', operand('attribute_type', 'N')],
  [
    "attribute_type(l, 'X')",
    'Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
  ],
  ['n = 5 + 5', 'Unsupported operator in Condition Expression. Operator: +'],
  ['n > -n', count('-', 1)],
  [
    `n IN [${Array.from({ length: 101 }, (_, i) => i)}]`,
    'The IN operator is provided with too many operands; number of operands: 101',
  ],
])('WHERE %s is refused', async (condition, text) => {
  expect(await ql.refusal(where(condition))).toBe(text);
});

test.each([
  ['SELECT l[-1] FROM things', 'List index is not within the allowable range; index: [-1] at 1:11:1'],
  [
    'SELECT l[2147483648] FROM things',
    'List index is not within the allowable range; index: [2147483648] at 1:10:10',
  ],
])('%s has no such position', async (statement, text) => {
  expect(await ql.refusal(statement)).toBe(text);
});

const set = (assignment: string) => `UPDATE things SET ${assignment} WHERE pk = 'x'`;

test.each([
  ["t = set_add(ss, <<'x'>>)", 'The first argument to SET_ADD must equal the assignment value at 1:23:7'],
  [
    "ss = set_add(<<'a'>>, <<'b'>>)",
    'The first argument to SET_ADD must equal the assignment value at 1:24:7',
  ],
  ["ss = set_add(ss, 'x')", 'The second argument to SET_ADD must be a value with type SET at 1:32:2'],
  [
    '"ss" = set_delete("ss", [\'x\'])',
    'The second argument to SET_DELETE must be a value with type SET at 1:37:4',
  ],
  ['ss = set_add(ss)', 'SET_ADD must have exactly two arguments at 1:24:7'],
  ["n = 'a' + 1", operand('+', 'S')],
  ['n = n - null', operand('-', 'NULL')],
  ['n = n + [1]', operand('+', 'L')],
  [
    'a = 1, a = 2',
    'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
  ],
  [
    "pk = 'y'",
    'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
  ],
])('SET %s is refused', async (assignment, text) => {
  expect(await ql.refusal(set(assignment))).toBe(text);
});

const noKey = 'Where clause does not contain a mandatory equality on all key attributes';

test.each([
  ["DELETE FROM things WHERE a = 'x'", noKey],
  ["DELETE FROM pairs WHERE pk = 'x'", noKey],
  ["DELETE FROM pairs WHERE pk = 'x' AND sk > '1'", noKey],
  ["UPDATE things SET a = 1 WHERE pk IN ['x']", noKey],
  ['UPDATE things SET a = 1', noKey],
  ['FROM things SET c = 1', noKey],
  ['FROM things WHERE a = 1 SET c = 1', noKey],
  [
    "UPDATE things SET a = 1 WHERE pk = 'x' AND pk = 'y'",
    'Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported',
  ],
  [
    "DELETE FROM things WHERE pk = 'x' RETURNING MODIFIED OLD *",
    'Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.',
  ],
  [
    "INSERT INTO pairs VALUE {'pk': 'x'}",
    'One or more parameter values were invalid: Missing the key sk in the item',
  ],
])('%s names no one item', async (statement, text) => {
  expect(await ql.refusal(statement)).toBe(text);
});

const overlapping = 'Overlapping conditions with range keys are not supported in where clause';
const values = (length: number) => Array.from({ length }, (_, i) => `'v${i}'`);

test.each([
  ["pk IN ['r', 'r']", overlapping],
  ["pk = 'r' OR pk = 'r'", overlapping],
  ["pk = 'r' AND (sk > '0' OR sk < '5')", overlapping],
  ["pk = 'r' AND (sk = '1' OR flag = 'two')", overlapping],
  ["(pk = 'r' AND a = 1) OR (pk = 'r' AND a = 2)", overlapping],
  ["pk = 'a' AND x <> '1' OR pk = 'a' AND sk = '2'", overlapping],
  ["pk = 1 OR pk = 'r'", "Key attribute's data type should match its data type in table's schema: Key pk"],
  [
    "pk = 'r' AND sk IN ['1', 2]",
    "Key attribute's data type should match its data type in table's schema: Key sk",
  ],
  [`pk IN [${values(51)}]`, 'Too many decomposed read operations for a given query.'],
  [`pk IN [${values(26)}] AND sk IN ['1', '2']`, 'Too many decomposed read operations for a given query.'],
])('SELECT WHERE %s is refused', async (condition, text) => {
  expect(await ql.refusal(`SELECT * FROM pairs WHERE ${condition}`)).toBe(text);
});

test.each([
  ['ORDER BY sk', 'Must have WHERE clause in the statement when using ORDER BY clause.'],
  [
    "WHERE pk = 'o' ORDER BY total DESC",
    'Attribute total in ORDER BY clause must be part of the primary key',
  ],
  [
    "WHERE pk > 'a' ORDER BY sk",
    'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
  ],
  [
    "WHERE pk IN ['o', 'p'] ORDER BY sk DESC",
    'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
  ],
])('SELECT %s cannot be served', async (rest, text) => {
  expect(await ql.refusal(`SELECT * FROM pairs ${rest}`)).toBe(text);
});

test('parameters are looked at before the statement, and there must be enough of them', async () => {
  expect(await ql.refusal('UPDATE things SET WHERE', { SS: ['a', 'a'] })).toBe(
    'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
  );
  expect(await ql.refusal('SELECT * FROM things WHERE pk = ? AND a = ?', { S: 'x' })).toBe(
    "Number of parameters in request and statement don't match.",
  );
  expect(await ql.items('SELECT * FROM things WHERE pk = ?', { S: 'x' }, { S: 'more' })).toEqual([]);
});

test('what is wrong with the statement is said before what is wrong with the table', async () => {
  expect(
    await ql.refusal('SELECT pk FROM nowhere WHERE pk = ? AND val < ?', { S: 'x' }, { BOOL: true }),
  ).toBe(operand('<', 'BOOL'));
});

test('the request has limits', async () => {
  const refusal = (more: object) => ql.db.refusal('ExecuteStatement', { Statement: 'x', ...more });
  expect(await ql.db.refusal('ExecuteStatement', {})).toContain("Value null at 'statement'");
  expect(await refusal({ Statement: '' })).toContain('length greater than or equal to 1');
  expect(await refusal({ Statement: 'x'.repeat(8193) })).toContain('length less than or equal to 8192');
  expect(await refusal({ Limit: 0 })).toContain('value greater than or equal to 1');
  expect(await refusal({ Parameters: [] })).toContain('length greater than or equal to 1');
});
