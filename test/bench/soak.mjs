// @ts-check
/** Minutes of load on one function; the memory of `dev` every ten seconds. `node test/bench/soak.mjs [minutes]`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './load.mjs';
import { repository, startDev } from './processes.mjs';

const minutes = Number(process.argv[2] ?? 10);
const state = mkdtempSync(join(tmpdir(), 'sls-local-soak-'));
const running = await startDev(join(repository, 'fixtures/projects/hello'), [
  '--backend',
  'process',
  '--no-watch',
  '--state-folder',
  state,
]);
try {
  for (let round = 0; round < minutes * 6; round++) {
    const figures = await load({
      url: `${running.ready.http}/hello`,
      connections: 16,
      seconds: 10,
      expect: 'hello',
    });
    console.log(
      `${((round + 1) / 6).toFixed(2)} min  ${figures.perSecond.toFixed(0)}/s  p99 ${figures.p99.toFixed(1)} ms  failures ${figures.failures}  anonymous memory ${anonymousMb()} MB`,
    );
  }
} finally {
  await running.stop();
  rmSync(state, { recursive: true, force: true });
}

/** Memory that is the process's own; pages of the store's file, which the kernel may drop at any time, do not count. */
function anonymousMb() {
  const status = readFileSync(`/proc/${running.child.pid}/status`, 'utf8');
  return Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
