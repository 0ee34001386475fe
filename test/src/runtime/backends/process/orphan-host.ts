/** A host that starts one instance, gives it an event, and waits to be killed. Arguments: export, port to watch, folder of sessions, runtime. */
import { makeProcessBackend } from '../../../../../src/runtime/backends/process/process.ts';
import { makeFramesContract } from '../../../../../src/runtime/contracts/frames/frames.ts';
import { openSessionFolder } from '../../../../../src/runtime/session-folder.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';
import { sampleArtifact, sampleFunction } from '../../../../suites/running-instance.ts';

const [export_ = '', watchPort = '', sessions = '', runtime = ''] = process.argv.slice(2);
const clock = makeSystemClock();
const folder = openSessionFolder(randomIds, sessions);
const backend = makeProcessBackend({ folder: folder.path, clock, env: process.env });
const contract = makeFramesContract({ folder: folder.path, clock, ids: randomIds });
const given = sampleFunction({ runtime, handler: `connects.${export_}` });
const codeRoot = process.env.FIXTURES ?? given.codeRoot;
const artifact = { ...sampleArtifact(given), dir: codeRoot };
const placement = await backend.placement();
const session = await contract.open('i1', given, artifact, placement, { debug: false, onLog: () => {} });
await backend.start(
  {
    instanceId: 'i1',
    fn: given,
    artifact,
    env: { ...session.setup.env, LAMBDA_TASK_ROOT: codeRoot, WATCH_PORT: watchPort },
    mounts: session.setup.mounts,
    ...(session.setup.command ? { command: session.setup.command } : {}),
  },
  () => {},
);
await session.ready;
console.log(folder.path);
await session.invoke(
  {
    requestId: 'q1',
    event: '{}',
    deadlineAt: Date.now() + 600_000,
    invokedFunctionArn: given.arn,
    traceHeader: 'Root=1-0-0',
  },
  { onLog: () => {} },
);
