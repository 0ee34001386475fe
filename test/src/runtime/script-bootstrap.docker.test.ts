/** A custom runtime written as a shell script, as the provider's guide has it. */
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { makeRuntimeApiContract } from '../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { payloadOf, startSample } from '../../suites/running-instance.ts';
import { openDockerParts } from './backends/docker/docker-parts.ts';
import { makeProject } from './backends/docker/docker-under-test.ts';

const BOOTSTRAP = `#!/bin/sh
set -euo pipefail
source "$LAMBDA_TASK_ROOT/$(echo "$_HANDLER" | cut -d. -f1).sh"
API="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  HEADERS="$(mktemp)"
  EVENT=$(curl -sS -LD "$HEADERS" "$API/next")
  ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS "$API/$ID/response" -d "$($(echo "$_HANDLER" | cut -d. -f2) "$EVENT")"
done
`;

await describeWithTool('docker', 'custom runtimes that are scripts', () => {
  test.runIf(existsSync('/usr/bin/curl'))('run with the tools of the image', async () => {
    const parts = openDockerParts();
    const contract = makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds });
    const dir = makeProject({
      bootstrap: BOOTSTRAP,
      'function.sh': 'handler() { echo "$1" | sed s/ping/pong/; }\n',
    });
    const sample = await startSample(
      { ...parts, contract },
      { runtime: 'provided.al2023', handler: 'function.handler', dir },
    );
    onTestFinished(async () => {
      await sample.instance.kill();
      await parts.close();
    });
    expect(await sample.started).toMatchObject({ status: 'ready' });
    expect(payloadOf((await sample.invoke({ say: 'ping' })).outcome)).toEqual({ say: 'pong' });
  });
});
