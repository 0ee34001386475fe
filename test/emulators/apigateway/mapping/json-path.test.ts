import { expect, test } from 'vitest';
import { readPath } from '../../../../emulators/apigateway/mapping/json-path.ts';

const store = {
  limit: 10,
  book: [
    { title: 'Sayings', kind: 'reference', price: 8.95, tags: ['old', 'short'] },
    { title: "It's (a) sword", kind: 'fiction', price: 12.99, tags: [] },
    { title: 'Moby "Dick"', kind: 'fiction', price: 8.99, isbn: null },
  ],
  bike: { color: 'red', price: 19.95 },
};

const titles = (...at: number[]) => at.map((index) => store.book[index]?.title);

test.each([
  ['$.bike.color', 'red'],
  ["$['bike']['color']", 'red'],
  ['$.book[-1].price', 8.99],
  ['$.nothing.at.all', undefined],
  ['$.book[*].price', [8.95, 12.99, 8.99]],
  ['$.book[0:2].kind', ['reference', 'fiction']],
  ['$..color', ['red']],
  ["$.bike['color', 'price']", { color: 'red', price: 19.95 }],
  ["$.book[0, 1]['title', 'nothing']", [{ title: 'Sayings' }, { title: "It's (a) sword" }]],
])('%s', (path, value) => {
  expect(readPath(store, path)).toEqual(value);
});

test.each([
  ['@.price < 10', titles(0, 2)],
  ['@.price <= 8.95', titles(0)],
  ['@.price > $.limit', titles(1)],
  ["@.kind == 'fiction' && @.price < 10", titles(2)],
  ["@.kind == 'reference' || @.price >= 12.99", titles(0, 1)],
  ["!(@.kind == 'fiction')", titles(0)],
  ['@.isbn', titles(2)],
  ['!@.tags', titles(2)],
  ['@.isbn == null', titles(2)],
  ["@.price == '8.95'", []],
  ["@.kind < 'g'", titles(1, 2)],
  ["@.kind in ['poem', 'reference']", titles(0)],
  ["@.kind nin ['reference']", titles(1, 2)],
  ['@.title =~ /.*DICK.*/i', titles(2)],
  ["@.title == 'It\\'s (a) sword'", titles(1)],
  ['@["title"] == "Moby \\"Dick\\""', titles(2)],
  ['@.tags size 2', titles(0)],
  ['@.tags empty true', titles(1)],
  ["@.tags[0] == 'old'", titles(0)],
  ['@.tags.length() == 2', titles(0)],
  ["['old','short']==@.tags", titles(0)],
])('the filter %s', (filter, found) => {
  expect(readPath(store, `$.book[?(${filter})].title`)).toEqual(found);
});

test('a map that is no list passes a filter itself, or does not', () => {
  expect(readPath(store, "$.bike[?(@.color == 'red')].price")).toEqual([19.95]);
  expect(readPath(store, "$..[?(@.color == 'blue')]")).toEqual([]);
});

test.each([
  ['$.book.length()', 3],
  ['$.book[?(@.price < 10)].length()', 2],
  ['$.bike.color.length()', 3],
  ['$.bike.keys()', ['color', 'price']],
  ['$.book[*].price.max()', 12.99],
  ['$.book[*].price.min()', 8.95],
  ['$.book[0, 2].price.sum()', 17.939999999999998],
  ['$.book[0].tags.avg()', undefined],
])('the function at the end of %s', (path, value) => {
  expect(readPath(store, path)).toEqual(value);
});

test.each([
  ['book', '"book" is no path: it begins with "$"'],
  ['$.book[?(@.price', 'the filter "[?(@.price" has no end'],
  ['$.book[?(@.price)', 'expected "]" behind the filter "@.price"'],
  ['$.book[?(@.price <)]', 'the filter "@.price <" is not understood here'],
  ['$.book[?(@.price ~ 1)]', '"~ 1" of the filter "@.price ~ 1" is not understood here'],
  [
    `$.book[?(${'('.repeat(300)}1${')'.repeat(300)})]`,
    /^the filter "\({300}1\){300}" is not understood here$/,
  ],
  ['$.book.first()', 'the function "first()" of paths is not understood here'],
  ['$.book.length().a', 'the function "length()" of a path stands at its end'],
  ['$.nothing[?(@.a.first())]', 'the function "first()" of paths is not understood here'],
  ['$.book[?(@.title =~ /(/)]', /Invalid regular expression/],
])('%s is refused', (path, words) => {
  expect(() => readPath(store, path)).toThrow(words);
});
