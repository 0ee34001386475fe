/** The same shop in four project files is the same project. */
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadProject } from '../../../src/loaders/load.ts';
import type { LoadedProject, Project } from '../../../src/model/project.ts';
import { noOptions } from './temporary-project.ts';

const projects = resolve(import.meta.dirname, '../../../fixtures/projects');
const kinds = ['serverless', 'sam', 'cdk', 'native'] as const;
const loaded = new Map<string, LoadedProject>();

beforeAll(async () => {
  for (const kind of kinds)
    loaded.set(kind, await loadProject({ root: join(projects, `shop-${kind}`), options: noOptions }));
});

const of = (kind: string): LoadedProject => {
  const found = loaded.get(kind);
  if (!found) throw new Error(`shop-${kind} was not loaded`);
  return found;
};

/** Without what must differ: where the files are, which folder a handler's path begins at, what the file calls its resources. */
function comparable({ root, file, sources, functions, triggers, resources, ...project }: Project) {
  const bare = <T extends { place?: unknown }>({ place, ...rest }: T) => rest;
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    ...project,
    functions: functions
      .map(({ codeRoot, handler, ...fn }) => ({ ...bare(fn), handler: handler.replace(/^src\//, '') }))
      .sort(byText),
    triggers: triggers.map(bare).sort(byText),
    resources: resources.map((one) => ({ ...bare(one), id: undefined })).sort(byText),
  };
}

test.each(kinds)('%s loads without a problem', (kind) => {
  expect(of(kind).problems).toEqual([]);
});

test.each(['sam', 'cdk', 'native'])('%s is the same project as serverless', (kind) => {
  expect(comparable(of(kind).project)).toEqual(comparable(of('serverless').project));
});

test('it is the shop', () => {
  const shop = comparable(of('serverless').project);
  expect(shop).toMatchObject({
    name: 'shop',
    functions: ['shop-create-order', 'shop-get-order', 'shop-nightly', 'shop-worker'].map(() =>
      expect.anything(),
    ),
    triggers: [
      { kind: 'http-api', functionId: 'CreateOrder', method: 'POST', path: '/orders' },
      { kind: 'http-api', functionId: 'GetOrder', method: 'GET', path: '/orders/{id}' },
      { kind: 'queue', functionId: 'Worker', reportBatchItemFailures: true },
      { kind: 'schedule', functionId: 'Nightly', expression: 'cron(0 3 * * ? *)' },
    ],
    resources: [
      { kind: 'queue', name: 'shop-orders-dlq' },
      { kind: 'queue', name: 'shop-orders-queue', deadLetter: { maxReceiveCount: 3 } },
      { kind: 'table', name: 'shop-orders', key: { hash: 'id' } },
    ],
  });
});
