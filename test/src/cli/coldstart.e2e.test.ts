/** `sls-local coldstart` starts a function cold and says where the time went. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli, startDev } from './session-under-test.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'sls-coldstart-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
};
const busy = (ms: number) => `for (const end = performance.now() + ${ms}; performance.now() < end; );`;
const manyFunctions = Array.from(
  { length: 900 },
  (_, i) => `exports.f${i} = (a) => a + ${i} + '${'y'.repeat(50)}';`,
).join('\n');

const writeProject = () => {
  write('node_modules/heavy/package.json', '{"name":"heavy","version":"1.0.0","main":"index.js"}');
  write('node_modules/heavy/index.js', `require('./part.js'); ${busy(25)}\n${manyFunctions}`);
  write('node_modules/heavy/part.js', busy(15));
  write(
    'src/create.ts',
    "// first line\nimport { f1 } from 'heavy';\nexport const handler = async () => f1(1);\n",
  );
  write(
    'src/agent.ts',
    "import { f1 } from 'heavy';\nexport const handler = async () => [f1(1), process.env.AWS_LAMBDA_RUNTIME_API];\n",
  );
  write('layer/wrap', '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(project, 'layer/wrap'), 0o755);
  write('wait.py', 'def handler(event, context): pass');
  write('src/broken.ts', "throw new Error('no good');\nexport const handler = async () => 1;\n");
  write(
    'sls-local.config.yml',
    [
      'name: cold',
      'functions:',
      '  Create: { handler: src/create.handler, runtime: nodejs20.x }',
      '  Agent: { handler: src/agent.handler, runtime: nodejs20.x }',
      '  Wrapped: { handler: src/create.handler, runtime: nodejs20.x, layers: [layer], environment: { AWS_LAMBDA_EXEC_WRAPPER: /opt/wrap } }',
      '  Slow: { handler: wait.handler, runtime: python3.12 }',
      '  Broken: { handler: src/broken.handler, runtime: nodejs20.x }',
    ].join('\n'),
  );
};
const coldstart = (...args: string[]) =>
  runCli(['coldstart', ...args, '-C', project, '--backend', 'process']);

test('phases, the module tree and advice, with the places in the sources', async () => {
  writeProject();
  const { code, stdout } = await coldstart('Create', '-n', '3', '--min', '10');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Create {2}src\/create\.handler {2}nodejs20\.x in a process, 3 cold starts\n/);
  expect(stdout).toMatch(/init \(import\) +\d+\.\d ms +\d+\.\d ms +\d+\.\d ms +\d+\.\d ms\n/);
  expect(stdout).toMatch(/src\/create\.handler\n.+ └ heavy\/index\.js\n.+ {3}└ heavy\/part\.js\n/);
  expect(stdout).toMatch(/ \d+\.\d ms \(\d+ %\) for heavy, required by src\/create\.ts:2:\d+\n/);
});

test('the same from the session that runs, as JSON, whose modules add up to the init', async () => {
  writeProject();
  const dev = await startDev(project, ['--backend', 'process']);
  const { code, stdout } = await coldstart('Create', '-n', '2', '--json');
  expect(await dev.stop()).toBe(0);
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ functionId: 'Create', backend: 'process', advice: [{ name: 'heavy' }] });
  expect([report.uncached.length, report.cached.length]).toEqual([2, 2]);
  const selfMs = report.modules.reduce((sum: number, module: { selfMs: number }) => sum + module.selfMs, 0);
  const typical = report.modules.find(({ parent }: { parent: number }) => parent === -1).totalMs;
  // Modules are told in whole microseconds.
  const apart = report.uncached.map((run: { initMs: number }) => Math.abs(run.initMs - typical));
  expect(Math.min(...apart)).toBeLessThan(0.001);
  expect(selfMs / typical).toBeGreaterThanOrEqual(0.95);
  expect(typical).toBeGreaterThanOrEqual(40);
  expect(
    dev.events.filter(({ type }) => type === 'invocation'),
    'no event is sent',
  ).toEqual([]);
});

test.each(['Agent', 'Wrapped'])(
  'modules of a function with the Runtime API are told too: %s',
  async (name) => {
    writeProject();
    const { code, stdout } = await coldstart(name, '-n', '1', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ advice: [{ name: 'heavy' }], uncached: [{ split: {} }] });
    expect(report).not.toHaveProperty('reason');
  },
);

test('a runtime that does not tell its modules is said to, with what to do', async () => {
  writeProject();
  const { stdout } = await coldstart('Slow', '-n', '1');
  expect(stdout).toMatch(
    /\n\nNo modules: python3\.12 does not tell what it imports: set PYTHONPROFILEIMPORTTIME=1/,
  );
  const report = JSON.parse((await coldstart('Slow', '-n', '1', '--json')).stdout);
  expect(report).toMatchObject({ modules: [], reason: expect.stringContaining('sls-local invoke Slow') });
});

test('a function that does not load, one that is unknown and runs there cannot be are told', async () => {
  writeProject();
  const broken = await coldstart('Broken', '-n', '1');
  expect(broken).toMatchObject({ code: 1, stdout: '' });
  expect(broken.stderr).toContain('Broken could not be started: Error: no good');
  expect(await coldstart('Nobody')).toMatchObject({ code: 2, stderr: expect.stringContaining('Nobody') });
  expect((await coldstart('Create', '-n', '0')).stderr).toContain('from 1 to 100, found 0');
});
