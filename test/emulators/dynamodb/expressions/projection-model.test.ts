import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeValue, Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';
import { canonical, type DocumentPath, documentPaths, documents, writtenPath } from './documents.ts';
import { projected } from './reading.ts';

const startsWith = (path: DocumentPath, start: DocumentPath) => start.every((step, i) => path[i] === step);

/** One leads to or through the other, or a value is taken as a list by one and as a map by the other. */
function clash(one: DocumentPath, other: DocumentPath): boolean {
  const parting = one.findIndex((step, i) => step !== other[i]);
  if (startsWith(one, other) || startsWith(other, one)) return true;
  return typeof one[parting] !== typeof other[parting];
}

const isPossible = (paths: readonly DocumentPath[]) =>
  paths.every((one, i) => paths.every((other, k) => i === k || !clash(one, other)));

/** The document is walked as a whole: what no path leads to is dropped, and what held nothing else with it. */
function kept(value: AttributeValue, at: DocumentPath, paths: readonly DocumentPath[]): AttributeValue[] {
  if (paths.some((path) => path.length === at.length && startsWith(at, path))) return [value];
  if ('M' in value) {
    const members = Object.entries(value.M).flatMap(([name, member]) =>
      kept(member, [...at, name], paths).map((part) => [name, part] as const),
    );
    return members.length > 0 ? [{ M: Object.fromEntries(members) }] : [];
  }
  if (!('L' in value)) return [];
  const L = value.L.flatMap((member, i) => kept(member, [...at, i], paths));
  return L.length > 0 ? [{ L }] : [];
}

function model(item: Item, paths: readonly DocumentPath[]): Item {
  const [whole] = kept({ M: item }, [], paths);
  return whole && 'M' in whole ? whole.M : {};
}

const pathLists = fc.array(documentPaths, { minLength: 1, maxLength: 5 });

test('projections of nested documents keep what a plain walk through the document keeps', () => {
  fc.assert(
    fc.property(documents, pathLists, (item, paths) => {
      const text = paths.map(writtenPath).join(', ');
      if (!isPossible(paths)) {
        expect(() => projected(item, text), text).toThrow('Two document paths');
        return;
      }
      expect(canonical(projected(item, text)), text).toBe(canonical(model(item, paths)));
    }),
    { numRuns: 2000 },
  );
});
