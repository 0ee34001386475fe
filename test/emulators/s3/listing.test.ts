import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { afterPrefix } from '../../../emulators/s3/listing/after-prefix.ts';
import { type RunningS3, startS3, texts } from './running-s3.ts';

let s3: RunningS3;
const keys = ['a', 'a/1', 'a/2', 'a/b/1', 'b', 'c//x', 'c/y', 'd+e', 'é', '~', '\u{1F600}'];
beforeAll(async () => {
  s3 = await startS3();
  await s3.ask('PUT', '/box');
  for (const key of keys) await s3.ask('PUT', `/box/${encodeURIComponent(key)}`, { body: key });
});
afterAll(() => s3.close());

const list = async (query: string) => {
  const { text } = await s3.ask('GET', `/box?list-type=2&${query}`);
  return {
    keys: texts(text, 'Key'),
    prefixes: [...text.matchAll(/<CommonPrefixes><Prefix>([^<]*)/g)].map(([, prefix]) => prefix),
    token: texts(text, 'NextContinuationToken')[0],
    count: texts(text, 'KeyCount')[0],
    text,
  };
};

test('keys come in the order of their bytes', async () => {
  const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect((await list('')).keys).toEqual(sorted);
});

test('a delimiter folds what comes after it', async () => {
  expect(await list('delimiter=/')).toMatchObject({ prefixes: ['a/', 'c/'], count: '8' });
  expect(await list('delimiter=/&prefix=a/')).toMatchObject({ keys: ['a/1', 'a/2'], prefixes: ['a/b/'] });
  expect(await list('delimiter=/&prefix=c/')).toMatchObject({ keys: ['c/y'], prefixes: ['c//'] });
  expect(await list('prefix=zzz')).toMatchObject({ keys: [], prefixes: [], count: '0' });
});

describe.each(['', 'delimiter=/&', 'prefix=a&', 'prefix=a/&delimiter=/&'])('pages of "%s"', (query) => {
  test.each([1, 2, 3])('of %i are together the whole', async (size) => {
    const whole = await list(query);
    const found: (string | undefined)[] = [];
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const page = await list(
        `${query}max-keys=${size}${token === undefined ? '' : `&continuation-token=${token}`}`,
      );
      expect(page.keys.length + page.prefixes.length).toBeLessThanOrEqual(size);
      found.push(...page.keys, ...page.prefixes);
      token = page.token;
    }
    expect(found.sort()).toEqual([...whole.keys, ...whole.prefixes].sort());
    expect(new Set(found).size).toBe(found.length);
  });
});

test('start-after, encoding and a page of none', async () => {
  expect((await list('start-after=a/2&max-keys=2')).keys).toEqual(['a/b/1', 'b']);
  expect((await list('encoding-type=url&prefix=d')).keys).toEqual(['d%2Be']);
  expect(await list('max-keys=0')).toMatchObject({ keys: [], token: undefined });
  expect((await s3.ask('GET', '/box?max-keys=-1')).status).toBe(400);
  expect((await s3.ask('GET', '/box?list-type=2&continuation-token=***')).status).toBe(400);
});

test('version 1 goes on by markers', async () => {
  const { text } = await s3.ask('GET', '/box?delimiter=/&max-keys=2');
  expect(texts(text, 'NextMarker')).toEqual(['a/']);
  const next = await s3.ask('GET', '/box?delimiter=/&max-keys=2&marker=a/');
  expect(texts(next.text, 'Key')).toEqual(['b']);
});

test('nothing that begins with a prefix comes after its end, and everything else that is greater does', () => {
  const bytes = (text: string) => Buffer.from(text);
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (prefix, rest, other) => {
        const end = afterPrefix(prefix);
        if (end === undefined) return;
        expect(Buffer.compare(bytes(prefix + rest), bytes(end))).toBe(-1);
        const isGreater = Buffer.compare(bytes(other), bytes(prefix)) > 0 && !other.startsWith(prefix);
        if (isGreater) expect(Buffer.compare(bytes(other), bytes(end))).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
