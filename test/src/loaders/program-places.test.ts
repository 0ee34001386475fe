import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programPlaces } from '../../../src/loaders/program-places.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `line:column` of each path in the first of the sources, or in the one that is named. */
function placesIn(sources: Record<string, string>, ...paths: (string | number)[][]): string[] {
  const files = Object.entries(sources).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const [first = ''] = files;
  const place = programPlaces(first, files);
  return paths.map((path) => {
    const { file, line, column } = place(path);
    const name = file === first ? '' : `${file.slice(folder.length + 1)}:`;
    return line === undefined ? 'file' : `${name}${line}:${column}`;
  });
}

const CONFIG = `import type { AWS } from '@serverless/typescript';
// functions: { hello: { handler: 'in a comment' } }
const note = "functions: { hello: { handler: 'in a text' } }", pattern = /[{"]\\/{/, half = 4 / 2;
const config: AWS = {
  service: \`shop-\${[{ a: 1 }].length}-{\`,
  'plugins': ['one', \`two\`],
  functions: {
    hello: {
      handler: 'src/hello.handler',
      events: [{ httpApi: '*' }, { sqs: { arn: cond ? a : b, batchSize: 5 } }],
    },
    ...(process.env.MORE ? { more: { handler: 'src/more.handler' } } : {}),
  },
};
module.exports = config;
`;

test('keys and items are found where they stand, not in comments, texts and patterns', () => {
  expect(
    placesIn(
      { 'serverless.ts': CONFIG },
      ['service'],
      ['plugins'],
      ['plugins', 1],
      ['functions', 'hello'],
      ['functions', 'hello', 'handler'],
      ['functions', 'hello', 'events', 1],
      ['functions', 'hello', 'events', 1, 'sqs', 'batchSize'],
    ),
  ).toEqual(['5:3', '6:3', '6:22', '8:5', '9:7', '10:34', '10:62']);
});

test('of what is not written there the nearest that is, or the file', () => {
  expect(
    placesIn(
      { 'serverless.ts': CONFIG },
      ['functions', 'hello', 'timeout'],
      ['functions', 'gone', 'handler'],
      ['provider', 'runtime'],
      [],
    ),
  ).toEqual(['8:5', '7:3', 'file', 'file']);
});

test('what is put together of parts is found in them, where only one looks like it', () => {
  const sources = {
    'sls-local.config.ts': `import { defineConfig } from 'sls-local';
import { orders } from './orders';
const hello = { timeout: 5, runtime: { name: 'x' } };
export default defineConfig({ service: 'shop', functions: { hello, orders } });
`,
    'orders.ts': `export const orders = {
  handler: 'src/orders.handler',
  http: [{ path: '/orders', methods: ['GET'] }],
};
export const a = { twice: { x: 1 } }, b = { twice: { x: 2 } };
`,
  };
  expect(
    placesIn(
      sources,
      ['service'],
      ['functions', 'orders', 'http', 0, 'path'],
      ['functions', 'hello', 'runtime', 'name'],
      ['functions', 'orders', 'twice', 'x'],
    ),
  ).toEqual(['4:31', 'orders.ts:3:12', '3:40', '4:48']);
});

test('a source that is no longer there, or cannot be read as one, is the file alone', () => {
  expect(placesIn({ 'a.ts': '}}]) ` ${ \' " /* {' }, ['a'])).toEqual(['file']);
  const place = programPlaces(join(folder, 'gone.ts'), []);
  expect(place(['a'])).toEqual({ file: join(folder, 'gone.ts') });
});
