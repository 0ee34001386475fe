import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../../src/std/listen.ts';
import { describeExtensions } from '../../../suites/extensions.suite.ts';
import {
  errorOf,
  fixtures,
  payloadOf,
  type RunningInstance,
  startSample,
} from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

describeExtensions('extensions beside a child process of Node.js', {
  open: async () => openProcessParts(),
  runtime: 'nodejs22.x',
});

test('an extension works beside a function in Python', async () => {
  const parts = openProcessParts();
  onTestFinished(() => parts.close());
  const layers = [join(fixtures, '../extensions/agent')];
  const sample = await startSample(parts, { runtime: 'python3.12', handler: 'outcomes.answers', layers });
  onTestFinished(() => sample.instance.kill());
  expect(await sample.started).toMatchObject({ status: 'ready' });
  expect(payloadOf((await sample.invoke({ n: 1 })).outcome)).toEqual({ got: { n: 1 } });
});

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const listening = await listen(createServer(), { port: 0, purpose: 'a test' });
  await listening.close();
  return listening.port;
}

test.each<[string, string, (sample: RunningInstance) => unknown]>([
  ['whose runtime died', 'exits', ({ invoke }) => invoke({ code: 1 })],
  ['whose event took too long', 'sleeps', ({ invoke }) => invoke({ ms: 60_000 })],
  ['that is ended', 'answers', ({ instance }) => void instance.kill()],
])('an instance waits for the extensions of one %s: they may have its ports', async (_, handler, end) => {
  const parts = openProcessParts();
  onTestFinished(() => parts.close());
  const sample = {
    runtime: 'nodejs22.x',
    handler: `outcomes.${handler}`,
    timeoutMs: 700,
    layers: [join(fixtures, '../extensions/agent')],
    env: { AGENT_TELEMETRY: 'http', AGENT_PORT: String(await freePort()), AGENT_SHUTDOWN_MS: '400' },
  };
  const first = await startSample(parts, sample);
  expect(await first.started).toMatchObject({ status: 'ready' });
  await end(first);
  const second = await startSample(parts, sample);
  onTestFinished(() => second.instance.kill());
  const { status, coldStart } = await second.started;
  expect(status).toBe('ready');
  expect(coldStart.startMs, 'waiting is no init').toBeGreaterThan(300);
});

test('an instance that waits for them is not started any more when the session ends', async () => {
  const parts = openProcessParts();
  const sample = {
    ...{ runtime: 'nodejs22.x', handler: 'outcomes.answers' },
    layers: [join(fixtures, '../extensions/agent')],
    env: { AGENT_SHUTDOWN_MS: '1500' },
  };
  const first = await startSample(parts, sample);
  expect(await first.started).toMatchObject({ status: 'ready' });
  void first.instance.kill();
  const second = await startSample(parts, sample);
  const started = expect(second.started).rejects.toThrow('the session is stopping');
  await parts.close();
  await started;
});

function makeLayer(content: string | Buffer, mode: number): string {
  const layer = mkdtempSync(join(tmpdir(), 'sls-local-layer-'));
  onTestFinished(() => rmSync(layer, { recursive: true }));
  mkdirSync(join(layer, 'extensions'));
  writeFileSync(join(layer, 'extensions', 'agent'), content, { mode });
  return layer;
}

async function startWith(layer: string) {
  const parts = openProcessParts();
  onTestFinished(() => parts.close());
  const sample = await startSample(parts, {
    runtime: 'nodejs22.x',
    handler: 'outcomes.answers',
    layers: [layer],
  });
  onTestFinished(() => sample.instance.kill());
  return sample.started;
}

test('a program that may not be run makes the init phase fail, as in the cloud', async () => {
  const started = await startWith(makeLayer('#!/bin/sh\n', 0o644));
  expect(errorOf(started)).toMatchObject({ phase: 'init', error: { errorType: 'Extension.LaunchError' } });
});

test('one that is made for another processor is left out with a word to the user', async () => {
  // The head of an ELF program for a machine there is not.
  const elf = Buffer.alloc(128);
  elf.write('\x7fELF\x02\x01\x01', 'latin1');
  elf.writeUInt16LE(2, 16);
  elf.writeUInt16LE(0xfffe, 18);
  const started = await startWith(makeLayer(elf, 0o755));
  expect(started).toMatchObject({ status: 'ready' });
  expect(started.coldStart.logs).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      text: expect.stringContaining('runs without its extension agent'),
    }),
  );
});

function makeCode(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'index.mjs'), text);
  return dir;
}

const INTERNAL = `
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension';
let heard = 'nothing';
const headers = { 'Lambda-Extension-Name': 'inside' };
const body = JSON.stringify({ events: ['INVOKE'] });
const registered = await fetch(base + '/register', { method: 'POST', headers, body });
const id = { 'Lambda-Extension-Identifier': registered.headers.get('lambda-extension-identifier') };
void (async () => {
  for (;;) heard = (await (await fetch(base + '/event/next', { headers: id })).json()).eventType;
})();

export const handler = async () => {
  while (heard === 'nothing') await new Promise((resolve) => setTimeout(resolve, 5));
  return { heard };
};
`;

test('an internal extension is served where the code names the API', async () => {
  const parts = openProcessParts();
  onTestFinished(() => parts.close());
  const dir = makeCode(INTERNAL);
  const sample = await startSample(parts, { runtime: 'nodejs22.x', handler: 'index.handler', dir });
  onTestFinished(() => sample.instance.kill());
  expect(await sample.started).toMatchObject({ status: 'ready' });
  expect(payloadOf((await sample.invoke({})).outcome)).toEqual({ heard: 'INVOKE' });
});

test('a function that does not ask for the API is not given it', async () => {
  const parts = openProcessParts();
  onTestFinished(() => parts.close());
  const dir = makeCode(
    `export const handler = async () => process.env['AWS_LAMBDA_RUNTIME' + '_API'] ?? 'none';`,
  );
  const sample = await startSample(parts, { runtime: 'nodejs22.x', handler: 'index.handler', dir });
  onTestFinished(() => sample.instance.kill());
  await sample.started;
  expect(payloadOf((await sample.invoke({})).outcome)).toBe('none');
});
