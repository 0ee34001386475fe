/** Extensions beside a runtime that talks to the Runtime API, on real child processes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../../../src/std/clock.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { fixtures, payloadOf, startSample } from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

/** Answers each event with itself; says so when it is asked to end. */
const BOOTSTRAP = `#!/usr/bin/env node
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation';
process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0); });
(async () => {
  for (;;) {
    const event = await fetch(base + '/next');
    const id = event.headers.get('lambda-runtime-aws-request-id');
    await fetch(base + '/' + id + '/response', { method: 'POST', body: await event.text() });
  }
})();
`;

test('an event is over when the runtime and its extension have asked for the next one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(join(dir, 'bootstrap'), BOOTSTRAP, { mode: 0o755 });
  const parts = openProcessParts();
  const contract = makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds });
  const sample = await startSample(
    { ...parts, contract },
    {
      runtime: 'provided.al2023',
      handler: 'any',
      dir,
      layers: [join(fixtures, '../extensions/agent')],
      env: { AGENT_WORK_MS: '50' },
    },
  );
  onTestFinished(async () => {
    await sample.instance.kill();
    await parts.close();
    rmSync(dir, { recursive: true });
  });
  const started = await sample.started;
  expect(started.coldStart.logs.map(({ text }) => text)).toContain(
    'EXTENSION\tName: agent\tState: Ready\tEvents: [INVOKE, SHUTDOWN]',
  );
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
