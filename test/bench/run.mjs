// @ts-check
/** All benchmarks that fit in a few minutes; `npm run bench -- --no-docker --no-peers`. The soak runs by itself. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './processes.mjs';

for (const name of ['http', 'start', 'reload', 'step', 'coldstart']) {
  console.log(`\n# ${name}`);
  spawnSync(process.execPath, [join(repository, `test/bench/${name}.mjs`), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
}
