/** Bundles the command line and the library into dist/, and copies what instances load as it is. */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const require_ =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

rmSync('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  sourcemap: process.argv.includes('--sourcemap'),
  metafile: true,
  minifySyntax: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  // Native code and the engine client stay packages; everything else starts faster as one file.
  external: ['lmdb', 'esbuild', 'dockerode', 'react-devtools-core'],
  banner: { js: require_ },
  logLevel: 'warning',
});
mkdirSync('dist/bootstrap', { recursive: true });
cpSync('src/runtime/bootstrap', 'dist/bootstrap', {
  recursive: true,
  filter: (path) => !path.endsWith('.ts') && !path.includes('__pycache__'),
});
if (existsSync('src/loaders/native/sls-local.schema.json'))
  cpSync('src/loaders/native/sls-local.schema.json', 'dist/sls-local.schema.json');
if (process.argv.includes('--metafile')) writeFileSync('dist/meta.json', JSON.stringify(result.metafile));
