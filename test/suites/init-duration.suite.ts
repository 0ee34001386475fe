/** Init durations against stopwatches of our own, for every backend with both contracts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Artifact, Backend, Contract, ContractSession, Delivery } from '../../src/model/runtime.ts';
import { makeFramesContract } from '../../src/runtime/contracts/frames/frames.ts';
import { makeRuntimeApiContract } from '../../src/runtime/contracts/runtime-api/contract.ts';
import { makeEnvironment } from '../../src/runtime/environment.ts';
import { Instance } from '../../src/runtime/instance.ts';
import { prepareInstance } from '../../src/runtime/prepared-instance.ts';
import { makeSystemClock } from '../../src/std/clock.ts';
import { randomIds } from '../../src/std/ids.ts';
import { begun, payloadOf, sampleFunction } from './running-instance.ts';

export interface InitDurationParts {
  readonly backend: Backend;
  /** The session's folder. */
  readonly folder: string;
  close(): Promise<void>;
}

const EVENT: Delivery = {
  requestId: 'r',
  event: '{}',
  deadlineAt: Date.now() + 60_000,
  invokedFunctionArn: 'arn',
  traceHeader: '',
};
const SLEEP_MS = 1200;
const HANDLERS = {
  sleeps: `const from = Date.now(); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${SLEEP_MS});
    const to = Date.now(); exports.handler = async () => to - from;`,
  trivial: 'exports.handler = async () => 0;',
};
/** A runtime client as short as can be. `node` runs it in the place of the official one. */
const CLIENT = `
  const { request } = require('node:http');
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
  const { handler } = require(process.env.LAMBDA_TASK_ROOT + '/' + process.env._HANDLER.split('.')[0] + '.js');
  const call = (method, path, body) => new Promise((resolve) => request({ host, port, method, path: '/2018-06-01/runtime/' + path }, (response) => {
    response.resume().on('end', () => resolve(response.headers['lambda-runtime-aws-request-id']));
  }).end(body));
  (async () => { for (;;) { const id = await call('GET', 'invocation/next'); await call('POST', 'invocation/' + id + '/response', JSON.stringify(await handler())); } })();`;

export function describeInitDuration(name: string, open: () => InitDurationParts, runtime: string): void {
  describe(`init durations of ${name}`, () => {
    const clock = makeSystemClock();
    let parts: InitDurationParts;
    let code: string;
    beforeAll(() => {
      parts = open();
      code = mkdtempSync(join(tmpdir(), 'sls-init-'));
      for (const [file, text] of Object.entries({ ...HANDLERS, client: CLIENT })) {
        mkdirSync(code, { recursive: true });
        writeFileSync(join(code, `${file}.js`), text, { mode: 0o644 });
      }
    });
    afterAll(async () => {
      await parts.close();
      rmSync(code, { recursive: true, force: true });
    });

    const subject = async (file: keyof typeof HANDLERS) => {
      const fn = { ...sampleFunction({ handler: `${file}.handler`, runtime }), codeRoot: code };
      const artifact: Artifact = {
        id: 'built',
        functionId: fn.id,
        dir: code,
        handler: fn.handler,
        inputs: [],
      };
      const placement = await parts.backend.placement();
      const instanceId = randomIds.hex(4);
      const environment = makeEnvironment({
        clock,
        region: 'eu-west-1',
        endpoint: () => 'http://127.0.0.1:1',
      });
      const env = environment.of(fn, artifact, instanceId, placement);
      return { fn, artifact, placement, instanceId, env };
    };
    const frames = () => makeFramesContract({ folder: parts.folder, clock, ids: randomIds });
    const runtimeApi = (): Contract => {
      const contract = makeRuntimeApiContract({ clock, ids: randomIds });
      return {
        ...contract,
        async open(instanceId, fn, artifact, placement, options) {
          const own = { ...fn, image: 'runs-the/client:1' };
          const session = await contract.open(instanceId, own, artifact, placement, options);
          return { ...session, setup: { ...session.setup, command: ['node', join(code, 'client.js')] } };
        },
      };
    };

    /** `startedAt`: when the backend had the instance; `readyAt`: when it was ready. Both by this process. */
    const start = async (file: keyof typeof HANDLERS, contract: Contract) => {
      const { fn, artifact, placement, instanceId, env } = await subject(file);
      let startedAt = 0;
      const backend: Backend = {
        ...parts.backend,
        async start(spec, onLog) {
          const handle = await parts.backend.start(spec, onLog);
          startedAt = performance.now();
          return handle;
        },
      };
      const instance = new Instance({
        ...{ instanceId, fn, artifact, backend, contract, placement, env, clock },
        onIdleLog: () => {},
        onState: () => {},
      });
      const started = await instance.started;
      const readyAt = performance.now();
      if (started.status === 'failed') throw new Error(JSON.stringify(started.outcome));
      instance.take();
      const { end } = await instance.invoke(EVENT, 3000, { onLog: () => {} });
      instance.giveBack();
      await instance.kill();
      return {
        initMs: started.coldStart.initMs,
        sleptMs: Number(payloadOf(begun(end))),
        watchedMs: readyAt - startedAt,
      };
    };

    /** From the word to become the function until it is ready: by this process, without the way of the two words. */
    const assign = async (file: keyof typeof HANDLERS) => {
      const { fn, artifact, placement, instanceId, env } = await subject(file);
      const { prepare: prepareIn } = parts.backend;
      const { prepare: prepareLine } = frames();
      if (!prepareIn || !prepareLine) throw new Error('nothing can be prepared');
      const prepared = await prepareInstance({
        ...{ instanceId, fn, artifact, placement, env, clock, prepareIn, prepareLine, debug: false },
      });
      if (!prepared?.handle.fits(artifact, fn)) throw new Error('it did not come up');
      prepared.handle.provide(artifact, fn);
      const from = performance.now();
      prepared.session.assign(artifact, { env: { LAMBDA_TASK_ROOT: placement.taskRoot ?? code } });
      const ready = await prepared.session.ready;
      const watchedMs = performance.now() - from;
      const { wayMs, unsureMs } = await wayAndBack(prepared.session);
      await prepared.end();
      return { initMs: ready.initMs, watchedMs: watchedMs - wayMs, unsureMs };
    };

    test('a sleeping import over the frame channel is told as long as it was', async () => {
      const { initMs, sleptMs } = await start('sleeps', frames());
      expect(sleptMs).toBeGreaterThanOrEqual(SLEEP_MS - 1);
      expectNear(initMs, sleptMs);
    });

    test('imports in an instance that was prepared are told as the stopwatch saw them', async () => {
      const [slow, quick] = [await assign('sleeps'), await bestOf(() => assign('trivial'))];
      expectNear(slow.initMs, slow.watchedMs);
      expectNear(quick.initMs, quick.watchedMs, quick.unsureMs);
    });

    test('a runtime of its own is told from its start to its first poll', async () => {
      const [slow, quick] = [
        await start('sleeps', runtimeApi()),
        await bestOf(() => start('trivial', runtimeApi())),
      ];
      // Its start is seen a little later than it was, the more so on a busy machine.
      expect(slow.initMs).toBeGreaterThanOrEqual(slow.sleptMs * 0.9);
      expectNear(slow.initMs, slow.watchedMs);
      expectNear(quick.initMs, quick.watchedMs);
    });
  });
}

/** What events that do nothing take: the middle one, and how much more the slowest. A busy machine shows here. */
async function wayAndBack(session: ContractSession) {
  const all: number[] = [];
  for (let n = 0; n < 9; n++) {
    const from = performance.now();
    await session.invoke(EVENT, { onLog: () => {} });
    all.push(performance.now() - from);
  }
  const [middle = 0, slowest = 0] = [4, 8].map((place) => all.sort((a, b) => a - b)[place]);
  return { wayMs: middle, unsureMs: slowest - middle };
}

interface Measured {
  /** How exact the stopwatch is here and now. */
  readonly unsureMs?: number;
  readonly initMs: number;
  readonly watchedMs: number;
}

/** Of eight: between the two stopwatches other programs of the machine may run. */
async function bestOf(measure: () => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = [];
  for (let n = 0; n < 8; n++) all.push(await measure());
  const apart = ({ initMs, watchedMs }: Measured) => Math.abs(initMs - watchedMs);
  return all.reduce((best, one) => (apart(one) < apart(best) ? one : best));
}

/** Within 5 % or 2 ms, as far as the stopwatch can tell. */
function expectNear(initMs: number, stopwatchMs: number, unsureMs = 0): void {
  expect(
    Math.abs(initMs - stopwatchMs),
    `${initMs} ms told, ${stopwatchMs} ms by the stopwatch`,
  ).toBeLessThanOrEqual(Math.max(2, stopwatchMs * 0.05) + unsureMs);
}
