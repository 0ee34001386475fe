/** Installs the official Lambda client into this folder, building its native part with the headers of the Node.js in use. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const prefix = dirname(dirname(process.execPath));
const hasHeaders = existsSync(join(prefix, 'include/node/node_api.h'));
const { status } = spawnSync('npm', ['install', '--foreground-scripts'], {
  cwd: import.meta.dirname,
  stdio: 'inherit',
  // Else node-gyp downloads the headers.
  env: { ...process.env, ...(hasHeaders && { npm_config_nodedir: prefix }) },
});
process.exit(status ?? 1);
