/** What a project that has the package gets from its compiler and its editor. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from './cli/session-under-test.ts';

const CONFIG = `
import { defineConfig, type ProjectConfig } from 'sls-local';
export const plain: ProjectConfig = { name: 'shop', functions: {} };
export default defineConfig({
  name: 'shop',
  dev: { backend: 'process' },
  functions: {
    Create: {
      handler: 'src/create.handler',
      http: 'POST /orders',
      env: ({ tableName, queueUrl }) => ({ TABLE: tableName('orders'), QUEUE: queueUrl('work') }),
    },
    Worker: { handler: 'src/worker.handler', queue: { queue: 'work', batchSize: 5 }, kinesis: 'clicks' },
  },
  tables: { orders: { key: 'id' } },
  queues: { work: {} },
  streams: { clicks: { shards: 2 } },
});
`;

const CHAOS = `
import { chaos, type ChaosFindings } from 'sls-local/testing';
export async function find(): Promise<string> {
  const found: ChaosFindings = await chaos({
    events: [{ queue: 'work', body: { id: '1' } }],
    faults: ['duplicate', 'crash'],
    check({ endpoint, events }) {
      if (events.length > endpoint.length) throw new Error(endpoint);
    },
  });
  return found.ok ? '' : found.text;
}
`;

const WRONG = `
import { defineConfig } from 'sls-local';
import { chaos } from 'sls-local/testing';
export const table = defineConfig({
  name: 'shop', functions: {}, tabels: {},
});
export const source = defineConfig({
  name: 'shop', functions: { Worker: { handler: 'a.handler', queue: { queue: 'work', batchsize: 5 } } },
});
export const lookup = defineConfig({
  name: 'shop', functions: { A: { handler: 'a.handler', env: ({ tableNam }) => ({ TABLE: tableNam('orders') }) } },
});
export const fault = chaos({
  faults: ['duplicates'],
});
`;

/** Lines of WRONG that a compiler must refuse. */
const WRONG_LINES = [5, 8, 11, 14];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sls-local-consumer-'));
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as { files: { path: string }[] }[];
  for (const { path } of packed[0]?.files ?? []) {
    if (!/^package\.json$|^dist\/types\//.test(path)) continue;
    const to = join(folder, 'node_modules/sls-local', path);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(repository, path), to);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  { type: 'module', module: 'node16', moduleResolution: 'node16' },
  { type: 'commonjs', module: 'node16', moduleResolution: 'node16' },
  { type: 'commonjs', module: 'nodenext', moduleResolution: 'nodenext' },
  { type: 'module', module: 'esnext', moduleResolution: 'bundler' },
])('a $type project type-checks with $moduleResolution, and what is wrong is refused', (settings) => {
  const { type, module, moduleResolution } = settings;
  const project = join(folder, `${type}-${moduleResolution}`);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
  writeFileSync(join(project, 'sls-local.config.ts'), CONFIG);
  writeFileSync(join(project, 'chaos.test.ts'), CHAOS);
  writeFileSync(join(project, 'wrong.ts'), WRONG);
  const strict = { strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true };
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { target: 'es2023', module, moduleResolution, types: [], ...strict },
      include: ['*.ts'],
    }),
  );
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    cwd: project,
    encoding: 'utf8',
  });
  const refused = stdout.split('\n').filter((line) => line.includes('): error'));
  expect(refused.map((line) => line.replace(/,\d+\).*/, ')'))).toEqual(
    WRONG_LINES.map((line) => `wrong.ts(${line})`),
  );
});
