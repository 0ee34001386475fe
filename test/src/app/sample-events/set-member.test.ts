import { expect, test } from 'vitest';
import { setMember } from '../../../../src/app/sample-events/set-member.ts';

function changed(assignment: string): unknown {
  const event = { Records: [{ body: 'a', size: 1, 'x.y': true }], none: null };
  setMember(event, assignment);
  return event;
}

test.each([
  ['Records[0].body={"id":2}', { Records: [{ body: '{"id":2}' }] }],
  ['Records.0.body=5', { Records: [{ body: '5' }] }],
  ['Records[0].body:=null', { Records: [{ body: null }] }],
  ['Records[0].size=2', { Records: [{ size: 2 }] }],
  ['Records[0].size=a=b', { Records: [{ size: 'a=b' }] }],
  ['Records[0]["x.y"]=false', { Records: [{ 'x.y': false }] }],
  ['Records[1]={"body":"b"}', { Records: [{}, { body: 'b' }] }],
  ['detail.order.id=7', { detail: { order: { id: 7 } } }],
  ['none.now=text', { none: { now: 'text' } }],
])('%s sets that member', (assignment, expected) => {
  expect(changed(assignment)).toMatchObject(expected);
});

test('a member called __proto__ is one like any other', () => {
  const event = changed('__proto__.polluted=1');
  expect(Object.getOwnPropertyNames(event)).toContain('__proto__');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each([
  ['Records', 'takes PATH=VALUE'],
  ['=5', 'takes PATH=VALUE'],
  ['Records[3].body=5', 'Records has 1 members'],
  ['Records[2]=5', 'Records has 1 members'],
  ['Records.first=5', 'Records is a list'],
  ['Records[0].body.deep=5', 'Records[0].body is "a"'],
  ['Records[0].size:=text', 'is not JSON'],
  ['a[b=1', 'takes PATH=VALUE'],
])('%s is refused: %s', (assignment, words) => {
  expect(() => changed(assignment)).toThrow(words);
});
