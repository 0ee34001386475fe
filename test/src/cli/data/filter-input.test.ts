import { describe, expect, test } from 'vitest';
import { parseFilters } from '../../../../src/cli/data/filter-input.ts';

/** The expression with names and values put back where their placeholders stand. */
function inWords(...texts: string[]): string {
  const parsed = parseFilters(texts);
  return (parsed?.expression ?? '').replace(/[#:]f\d+/g, (placeholder) =>
    placeholder.startsWith('#')
      ? `#${parsed?.names[placeholder]}`
      : JSON.stringify(parsed?.values[placeholder]),
  );
}

describe('a word is an attribute on the left and a value on the right', () => {
  test.each([
    ['status = open', '#status = {"S":"open"}'],
    ["status='open'", '#status = {"S":"open"}'],
    ['total>=100.50', '#total >= {"N":"100.50"}'],
    ['n = 12345678901234567890123456789012345678', '#n = {"N":"12345678901234567890123456789012345678"}'],
    ['code = "100"', '#code = {"S":"100"}'],
    ["name = 'it''s'", `#name = {"S":"it's"}`],
    ['done = true and gone = null', '#done = {"BOOL":true} AND #gone = {"NULL":true}'],
    ['a != 1 or not b == 2', '#a <> {"N":"1"} OR NOT #b = {"N":"2"}'],
    ['(a = 1 or b = 2) and c <> 3', '( #a = {"N":"1"} OR #b = {"N":"2"} ) AND #c <> {"N":"3"}'],
    ['a between 1 and 5 and b = c', '#a BETWEEN {"N":"1"} AND {"N":"5"} AND #b = {"S":"c"}'],
    ['a in (x, 2) and b = 1', '#a IN ( {"S":"x"} , {"N":"2"} ) AND #b = {"N":"1"}'],
    ['begins_with(day, 2026-01)', 'begins_with ( #day , {"S":"2026-01"} )'],
    [
      'contains(tags, red) and size(list) > 2',
      'contains ( #tags , {"S":"red"} ) AND size ( #list ) > {"N":"2"}',
    ],
    [
      'attribute_exists(a) and attribute_type(b, S)',
      'attribute_exists ( #a ) AND attribute_type ( #b , {"S":"S"} )',
    ],
    ['address.lines[0] = x', '#address.#lines[0] = {"S":"x"}'],
    ['size = 5', '#size = {"N":"5"}'],
    ['in = 5 and between = 6', '#in = {"N":"5"} AND #between = {"N":"6"}'],
  ])('%s', (text, expected) => {
    expect(inWords(text)).toBe(expected);
  });
});

test('several filters must all hold', () => {
  expect(inWords('a = 1 or b = 2', 'c = 3')).toBe('(#a = {"N":"1"} OR #b = {"N":"2"}) AND (#c = {"N":"3"})');
});

test('no filter is none', () => {
  expect(parseFilters([])).toBeUndefined();
});

describe('what is no filter is refused', () => {
  test.each([
    ['', 'there is no condition in it'],
    ['"a" = 1', 'a condition begins with the name of an attribute, without quotes'],
    ["a = 'b", `"'b" is not understood`],
    ['a = "\\x"', '"\\x" is no text'],
    ['a..b = 1', '"a..b" is no attribute'],
  ])('%s', (text, reason) => {
    expect(() => parseFilters([text])).toThrow(reason);
  });
});
