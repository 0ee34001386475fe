/** Extensions beside a runtime that talks to the Runtime API: one suite for child processes and for containers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Backend } from '../../src/model/runtime.ts';
import { makeRuntimeApiContract } from '../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../src/std/clock.ts';
import { randomIds } from '../../src/std/ids.ts';
import { fixtures, linesWith, payloadOf, startSample } from './running-instance.ts';

/** Answers each event with itself, or dies of one; says so when it begins and when it is asked to end. */
const BOOTSTRAP = `#!/usr/bin/env node
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation';
console.log('the runtime begins');
process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0); });
(async () => {
  for (;;) {
    const event = await fetch(base + '/next');
    const id = event.headers.get('lambda-runtime-aws-request-id');
    const body = await event.text();
    if (body === '"die"') process.exit(4);
    await fetch(base + '/' + id + '/response', { method: 'POST', body });
  }
})();
`;

interface CustomRuntimeParts {
  readonly backend: Backend;
  close(): Promise<void>;
}

/** `open`: a backend whose `provided.al2023` has Node.js in its PATH. */
export function describeCustomRuntime(name: string, open: () => CustomRuntimeParts): void {
  describe(name, () => {
    const parts = open();
    const contract = makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds });
    let dir: string;
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
      writeFileSync(join(dir, 'bootstrap'), BOOTSTRAP, { mode: 0o755 });
    });
    afterAll(async () => {
      await parts.close();
      rmSync(dir, { recursive: true });
    });

    const start = async (env: Readonly<Record<string, string>> = {}) => {
      const sample = await startSample(
        { ...parts, contract },
        {
          runtime: 'provided.al2023',
          handler: 'any',
          dir,
          layers: [join(fixtures, '../extensions/agent')],
          env,
        },
      );
      onTestFinished(() => sample.instance.kill());
      const started = await sample.started;
      return { ...sample, started, initLogs: started.coldStart.logs.map(({ text }) => text) };
    };

    test('an extension has registered before the runtime begins', async () => {
      const lines = await linesWith(await start(), ({ text }) => text === 'the runtime begins');
      const said = lines.map(({ text }) => text);
      const registered = said.findIndex((text) => text.startsWith('AGENT {"registered"'));
      expect(registered).toBeGreaterThanOrEqual(0);
      expect(said.indexOf('the runtime begins')).toBeGreaterThan(registered);
    });

    test('a runtime whose extension never registers is not begun', async () => {
      const { started, initLogs } = await start({ AGENT_FAIL: 'crash' });
      expect(started).toMatchObject({
        status: 'failed',
        outcome: { phase: 'init', error: { errorType: 'Extension.Crash' } },
      });
      expect(initLogs).not.toContain('the runtime begins');
    });

    test('an event is over when the runtime and its extension have asked for the next one', async () => {
      const sample = await start({ AGENT_WORK_MS: '50' });
      expect(sample.initLogs).toContain('EXTENSION\tName: agent\tState: Ready\tEvents: [INVOKE, SHUTDOWN]');
      const logs = [];
      for (const n of [1, 2]) {
        const invoked = await sample.invoke({ n });
        expect(payloadOf(invoked.outcome)).toEqual({ n });
        logs.push(invoked.logs);
        await sample.instance.settled();
      }
      await sample.instance.kill();
      // What is printed right after an event counts as its own.
      const said = [...sample.looseLines, ...logs.flat()].map(({ text }) => text);
      expect(said).toContain('asked to end');
      expect(said.some((text) => text.includes('"shutdownReason":"spindown"'))).toBe(true);
    });

    test('an extension is told when its runtime died', async () => {
      const sample = await start();
      const { outcome } = await sample.invoke('"die"');
      expect(outcome).toMatchObject({ status: 'crash', exitCode: 4 });
      while (!sample.looseLines.some(({ text }) => text.includes('"shutdownReason":"failure"')))
        await sample.nextLooseLine();
    });
  });
}
