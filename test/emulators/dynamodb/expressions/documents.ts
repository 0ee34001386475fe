/** Arbitrary documents with short names, so that paths often lead somewhere. */
import fc from 'fast-check';
import type { AttributeValue, Item } from '../../../../emulators/dynamodb/values/attribute-value.ts';

export const documentNames = fc.constantFrom('p', 'q', 'r');
export const smallNumber = fc.integer({ min: -3, max: 3 }).map(String);
export const smallText = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });
export const smallBinary = fc.uint8Array({ maxLength: 2, min: 0, max: 2 }).map(toBase64);

const setOf = (member: fc.Arbitrary<string>) => fc.uniqueArray(member, { minLength: 1, maxLength: 3 });

export const sets: fc.Arbitrary<AttributeValue> = fc.oneof(
  setOf(smallText).map((SS): AttributeValue => ({ SS })),
  setOf(smallNumber).map((NS): AttributeValue => ({ NS })),
  setOf(smallBinary).map((BS): AttributeValue => ({ BS })),
);

export const scalars: fc.Arbitrary<AttributeValue> = fc.oneof(
  smallText.map((S): AttributeValue => ({ S })),
  smallNumber.map((N): AttributeValue => ({ N })),
  smallBinary.map((B): AttributeValue => ({ B })),
  fc.boolean().map((BOOL): AttributeValue => ({ BOOL })),
  fc.constant<AttributeValue>({ NULL: true }),
);

export const { value: attributeValues } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: scalars },
    { weight: 2, arbitrary: sets },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((L): AttributeValue => ({ L })) },
    {
      weight: 2,
      arbitrary: fc
        .dictionary(documentNames, tie('value'), { maxKeys: 3, noNullPrototype: true })
        .map((M): AttributeValue => ({ M })),
    },
  ),
}));

export const documents: fc.Arbitrary<Item> = fc.dictionary(documentNames, attributeValues, {
  maxKeys: 3,
  noNullPrototype: true,
});

export type DocumentPath = readonly (string | number)[];

export const documentPaths: fc.Arbitrary<DocumentPath> = fc
  .tuple(documentNames, fc.array(fc.oneof(documentNames, fc.integer({ min: 0, max: 3 })), { maxLength: 2 }))
  .map(([first, rest]) => [first, ...rest]);

export function writtenPath(path: DocumentPath): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i > 0 ? `.${step}` : step)).join('');
}

/** What is at `path`, found the plain way. */
export function lookUp(item: Item, path: DocumentPath): AttributeValue | undefined {
  let found: unknown = { M: item };
  for (const step of path) {
    const { M, L } = (found ?? {}) as { M?: Record<string, unknown>; L?: unknown[] };
    found = typeof step === 'number' ? L?.[step] : M?.[step];
  }
  return found as AttributeValue | undefined;
}

/** The same text for values that are the same: sets and maps have no order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, content: unknown) => {
    if (Array.isArray(content)) return ['SS', 'NS', 'BS'].includes(key) ? [...content].sort() : content;
    if (typeof content !== 'object' || content === null) return content;
    return Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
