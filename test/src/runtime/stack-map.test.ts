/** Positions in bundles become positions in the user's sources. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Artifact } from '../../../src/model/runtime.ts';
import { makeStackMapper } from '../../../src/runtime/stack-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'sls-stack-'));
const source = join(folder, 'src/order.ts');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  mkdirSync(join(folder, 'src'));
  writeFileSync(
    source,
    'interface Order { id: string }\n\nexport const handler = async (order: Order) => {\n  throw new TypeError(`no order ${order.id}`);\n};\n',
  );
});

async function built(sourcemap: 'external' | 'linked' | 'inline' | false): Promise<Artifact> {
  const dir = join(folder, `out-${sourcemap}`);
  const outfile = join(dir, 'index.js');
  await build({ entryPoints: [source], bundle: true, platform: 'node', minify: true, sourcemap, outfile });
  return { id: String(sourcemap), functionId: 'f', dir, handler: 'index.handler', inputs: [] };
}

/** What Node prints for the throw in the built file. */
async function frameOf(artifact: Artifact, root = artifact.dir): Promise<string> {
  const { handler } = await import(join(artifact.dir, 'index.js'));
  const failure = await handler({ id: '7' }).catch((thrown: Error) => thrown);
  return String(failure.stack.split('\n')[1]).replace(artifact.dir, root);
}

test.each(['external', 'linked', 'inline'] as const)('with a map that is %s', async (kind) => {
  const artifact = await built(kind);
  const mapper = makeStackMapper(artifact, []);
  await mapper.load();
  expect(mapper.map(await frameOf(artifact))).toContain(`(${source}:4:9)`.replace(/[()]/g, ''));
});

test('where the code lies elsewhere inside the instance', async () => {
  const artifact = await built('linked');
  const mapper = makeStackMapper(artifact, ['/var/task']);
  await mapper.load();
  const frame = await frameOf(artifact, '/var/task');
  expect(mapper.map(frame)).toContain(`${source}:4:9`);
  // As ES modules are named.
  expect(mapper.map(frame.replace('/var/task', 'file:///var/task'))).toMatch(/at \S* ?\(?\/.*order\.ts:4:9/);
});

test('leaves what it cannot map as it is', async () => {
  const artifact = await built(false);
  const mapper = makeStackMapper(artifact, []);
  await mapper.load();
  const text = `Error\n    at handler (${artifact.dir}/index.js:1:20)\n    at node:internal/process:1:2`;
  expect(mapper.map(text)).toBe(text);
  expect(mapper.map('no position at all')).toBe('no position at all');
});

test('names a handler that is not exported as the project does, not as the build does', async () => {
  const artifact = await built(false);
  const mapper = makeStackMapper(artifact, [], 'src/order.create');
  const error = {
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: 'index.handler is undefined or not exported',
    trace: ['Runtime.HandlerNotFound: index.handler is undefined or not exported'],
  };
  expect(mapper.mapOutcome({ status: 'error', phase: 'init', error })).toMatchObject({
    error: {
      errorMessage: 'src/order.create is undefined or not exported',
      trace: ['Runtime.HandlerNotFound: src/order.create is undefined or not exported'],
    },
  });
  const own = { errorType: 'TypeError', errorMessage: 'index.handler is not a function' };
  expect(mapper.mapOutcome({ status: 'error', phase: 'invoke', error: own })).toMatchObject({ error: own });
});
