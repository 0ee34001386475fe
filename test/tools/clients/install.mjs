/** Installs the libraries into this folder: some ten seconds from the registry, nothing is compiled. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
  cwd: import.meta.dirname,
  stdio: 'inherit',
});
process.exit(status ?? 1);
