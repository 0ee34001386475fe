// @ts-check
/** Step over → held again: through the debugger's front of `dev --inspect`, and through Node's own inspector port, in turns. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { median, repository, startDev } from './processes.mjs';

const rounds = Number(process.env.BENCH_STEP_ROUNDS ?? 10);
const stepsInRound = 20;
const warmUp = 10;

const WORK = `let n = 0;
  debugger;
  for (let i = 0; i < 100_000; i++) {
    n += i;
    n ^= 1;
  }`;

/** @typedef {{ step(): Promise<number>, close(): Promise<unknown> }} Stepper milliseconds of one step */

/**
 * @param {(method: string, params?: object) => void} send
 * @param {(listener: () => void) => void} onHeld
 */
function makeStep(send, onHeld) {
  let held = () => {};
  onHeld(() => held());
  return () =>
    new Promise((/** @type {(ms: number) => void} */ yes) => {
      const startedAt = performance.now();
      held = () => yes(performance.now() - startedAt);
      send('Debugger.stepOver');
    });
}

/** @param {string} url */
async function open(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** As VS Code sees an instance: a worker of the front's first target. @param {string} backend @returns {Promise<Stepper>} */
async function throughFront(backend) {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  const project = join(scratch, 'hello');
  cpSync(join(repository, 'fixtures/projects/hello'), project, {
    recursive: true,
    filter: (path) => !path.includes('.sls-local'),
  });
  symlinkSync(join(repository, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(
    join(project, 'src/hello.ts'),
    `export const handler = async () => {\n  ${WORK}\n  return { statusCode: 200, body: String(n) };\n};\n`,
  );
  const running = await startDev(project, ['--backend', backend, '--inspect', '0']);
  const socket = await open(`ws://${running.ready.inspect}/sls-local`);
  let lastId = 0;
  let sessionId = '';
  /** @type {() => void} */
  let onHeld = () => {};
  const post = (/** @type {string} */ method, params = {}) =>
    socket.send(JSON.stringify({ id: ++lastId, method, params }));
  const send = (/** @type {string} */ method, params = {}) =>
    post('NodeWorker.sendMessageToWorker', {
      sessionId,
      message: JSON.stringify({ id: ++lastId, method, params }),
    });
  const firstHeld = new Promise((yes) => {
    onHeld = () => yes(undefined);
  });
  socket.on('message', (data) => {
    const { method, params } = JSON.parse(data.toString());
    if (method === 'NodeWorker.attachedToWorker') {
      sessionId = params.sessionId;
      for (const setUp of ['Runtime.enable', 'Debugger.enable', 'Runtime.runIfWaitingForDebugger'])
        send(setUp);
    }
    if (method !== 'NodeWorker.receivedMessageFromWorker') return;
    if (JSON.parse(params.message).method === 'Debugger.paused') onHeld();
  });
  post('NodeWorker.enable', { waitForDebuggerOnStart: true });
  const answered = new Promise((yes) =>
    get(`${running.ready.http}/hello`, (response) => response.resume().on('end', yes)),
  );
  await firstHeld;
  return {
    step: makeStep(send, (listener) => {
      onHeld = listener;
    }),
    async close() {
      onHeld = () => {};
      send('Debugger.resume');
      await answered;
      socket.terminate();
      await running.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** What a debugger gets from `node --inspect`. @returns {Promise<Stepper>} */
async function throughOwnPort() {
  const child = spawn(
    process.execPath,
    ['--inspect=127.0.0.1:0', '-e', `setInterval(() => {\n  ${WORK}\n}, 50);`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const url = await new Promise((/** @type {(url: string) => void} */ yes) =>
    createInterface({ input: child.stderr }).on('line', (line) => {
      const found = /Debugger listening on (\S+)/.exec(line)?.[1];
      if (found) yes(found);
    }),
  );
  const socket = await open(url);
  let lastId = 0;
  /** @type {() => void} */
  let onHeld = () => {};
  const send = (/** @type {string} */ method, params = {}) =>
    socket.send(JSON.stringify({ id: ++lastId, method, params }));
  const firstHeld = new Promise((yes) => {
    onHeld = () => yes(undefined);
  });
  socket.on('message', (data) => {
    if (JSON.parse(data.toString()).method === 'Debugger.paused') onHeld();
  });
  send('Runtime.enable');
  send('Debugger.enable');
  await firstHeld;
  return {
    step: makeStep(send, (listener) => {
      onHeld = listener;
    }),
    close() {
      socket.terminate();
      child.kill('SIGKILL');
      return once(child, 'exit');
    },
  };
}

/** @param {string} backend */
export async function benchStep(backend) {
  const front = await throughFront(backend);
  const own = await throughOwnPort();
  /** @type {number[]} */
  const frontMs = [];
  /** @type {number[]} */
  const ownMs = [];
  const run = async (/** @type {Stepper} */ stepper, /** @type {number[]} */ times, steps = stepsInRound) => {
    for (let i = 0; i < steps; i++) times.push(await stepper.step());
  };
  try {
    await run(front, [], warmUp);
    await run(own, [], warmUp);
    for (let round = 0; round < rounds; round++) {
      await run(front, frontMs);
      await run(own, ownMs);
    }
  } finally {
    await Promise.all([front.close(), own.close()]);
  }
  return {
    backend,
    'sls-local p50': at(frontMs, 0.5),
    'sls-local p90': at(frontMs, 0.9),
    'node --inspect p50': at(ownMs, 0.5),
    'node --inspect p90': at(ownMs, 0.9),
    ratio: Number((median(ownMs) / median(frontMs)).toFixed(1)),
    steps: frontMs.length,
  };
}

/** @param {number[]} values @param {number} share */
function at(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2));
}

if (process.argv[1]?.endsWith('step.mjs')) {
  const rows = [await benchStep('process')];
  if (!process.argv.includes('--no-docker')) rows.push(await benchStep('docker'));
  console.table(rows);
}
