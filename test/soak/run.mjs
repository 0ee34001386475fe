// @ts-check
/** Runs a soak script of this folder from its TypeScript source: `node test/soak/run.mjs NAME [arguments]`. */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const [, , name = ''] = process.argv;
// As deep as the tests are, from which they find the repository.
const outfile = join(root, 'node_modules/.cache/soak', `${name}-${process.pid}.mjs`);
await build({
  entryPoints: [join(import.meta.dirname, `${name}.ts`)],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile,
});
process.chdir(root);
process.argv.splice(2, 1);
try {
  await import(outfile);
} finally {
  rmSync(outfile, { force: true });
}
