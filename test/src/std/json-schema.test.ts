import { expect, test } from 'vitest';
import { compileSchema } from '../../../src/std/json-schema.ts';

const person = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1 },
    age: { type: 'integer', minimum: 0, exclusiveMinimum: true },
    friends: { type: 'array', items: { $ref: '#' } },
    kind: { $ref: '#/definitions/kind' },
  },
  definitions: { kind: { enum: ['a', 'b'] } },
  additionalProperties: false,
};

test.each([
  [{ name: 'Ada' }, undefined],
  [{ name: 'Ada', age: 3, friends: [{ name: 'Ben', kind: 'b' }] }, undefined],
  [{}, '/: Instance does not have required property "name".'],
  [{ name: '' }, '/name: String is too short (0 < 1).'],
  [{ name: 'Ada', age: 0 }, '/age: 0 is less than or equal to  0.'],
  [
    { name: 'Ada', friends: [{ name: 5 }] },
    '/friends/0/name: Instance type "number" is invalid. Expected "string".',
  ],
  [[], '/: Instance type "array" is invalid. Expected "object".'],
  [null, '/: Instance type "null" is invalid. Expected "object".'],
])('of %j it says %s', (value, flaw) => {
  expect(compileSchema(person).flawOf(value)).toBe(flaw);
});

test('a schema stays as it is, and may be frozen', () => {
  const frozen = Object.freeze({
    type: 'object',
    properties: Object.freeze({ a: Object.freeze({ type: 'string' }) }),
  });
  expect(compileSchema(frozen).flawOf({ a: 1 })).toContain('/a');
});

test.each([['#/definitions/none'], ['https://apigateway.amazonaws.com/restapis/abc/models/Person']])(
  'a reference to %s is refused',
  ($ref) => {
    expect(() => compileSchema({ properties: { a: { $ref } } })).toThrow(`$ref "${$ref}" is not in it`);
  },
);
