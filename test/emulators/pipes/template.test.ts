import { expect, test } from 'vitest';
import { valueAt } from '../../../emulators/pipes/path.ts';
import { fillTemplate } from '../../../emulators/pipes/template.ts';

const message = {
  messageId: 'm1',
  body: '{"id":7,"name":"a \\"b\\"","items":[{"n":1},{"n":2}],"nested":{"deep":true}}',
  attributes: { SenderId: 'me' },
};
const reserved = { 'aws.pipes.pipe-name': 'orders' };
const fill = (template: string, event: typeof message | { data: string } = message) =>
  fillTemplate(template, event, reserved);

test.each([
  ['{"id": <$.body.id>, "name": <$.body.name>}', '{"id": 7, "name": "a \\"b\\""}'],
  ['{"text": "<$.body.name> of <aws.pipes.pipe-name>"}', '{"text": "a \\"b\\" of orders"}'],
  ['{"all": <$.body.items>, "last": <$.body.items[1].n>}', '{"all": [{"n":1},{"n":2}], "last": 2}'],
  ['{"ns": <$.body.items[*].n>}', '{"ns": [1,2]}'],
  ['{"nested": "<$.body.nested>"}', '{"nested": "{\\"deep\\":true}"}'],
  ['{"none": <$.body.nothing>, "text": "<$.nothing>"}', '{"none": "", "text": ""}'],
  ['"Hello, <$.attributes.SenderId>"', '"Hello, me"'],
  ['<$.attributes.SenderId>', 'me'],
  ['<$.body>', '{"id":7,"name":"a \\"b\\"","items":[{"n":1},{"n":2}],"nested":{"deep":true}}'],
  ['{"a": 1 < 2}', '{"a": 1 < 2}'],
])('%s', (template, expected) => {
  expect(fill(template)).toBe(expected);
});

test('the data of a stream’s record is looked into', () => {
  const data = Buffer.from('{"id":"x"}').toString('base64');
  expect(fill('{"id": <$.data.id>}', { data })).toBe('{"id": "x"}');
});

test('a body that is no JSON is a text, in which no path finds anything', () => {
  const plain = { ...message, body: 'plain' };
  expect(fill('{"body": <$.body>, "id": <$.body.id>}', plain)).toBe('{"body": "plain", "id": ""}');
});

test('a path that cannot be read finds nothing, and no path finds what every object has', () => {
  expect(valueAt(message, '$.body..id')).toBeUndefined();
  expect(valueAt(message, '$.constructor')).toBeUndefined();
  expect(valueAt(message, "$['attributes']['SenderId']")).toBe('me');
});
