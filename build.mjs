/** Bundles the command line and the library into dist/, and copies what instances load as it is. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { writeDeclarations } from './declarations.mjs';

/**
 * Modules of the option parser that only its help needs. Loading them compiles the regular expression of all emoji, which
 * takes longer than the rest of the parser, so they run when they are called.
 */
const whenCalled = {
  name: 'when-called',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve(
      { filter: /^(cliui|string-width)$/ },
      async ({ path, importer, resolveDir, pluginData }) => {
        if (pluginData === 'resolved' || !/node_modules.yargs./.test(importer)) return undefined;
        const found = await build.resolve(path, {
          kind: 'import-statement',
          importer,
          resolveDir,
          pluginData: 'resolved',
        });
        return { path: found.path, namespace: 'when-called' };
      },
    );
    build.onLoad({ filter: /.*/, namespace: 'when-called' }, ({ path }) => ({
      contents: `export default (...given) => require(${JSON.stringify(path)}).default(...given);`,
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Native code and the engine client stay packages. They are loaded with `require`: Node's way of importing them first reads
 * each for its exports.
 */
const required = {
  name: 'required',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^(lmdb|esbuild|dockerode)$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'required' },
    );
    build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** Big parts that not every command needs are files of their own: the screen, and the server of the control API. See src/cli/import.cjs. */
const apart = {
  name: 'apart',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^(express|.*\/screen\.ts)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import'
        ? { path: path === 'express' ? './express.js' : './screen.js', external: true }
        : undefined,
    );
  },
};

/**
 * What ink imports where the variable DEV is `true`, and else says how to install. It is no part of ours: an import at the
 * head of the file would be looked for by everyone.
 */
const withoutDevtools = {
  name: 'without-devtools',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'devtools' }));
    build.onLoad({ filter: /.*/, namespace: 'devtools' }, () => ({
      contents:
        "throw Object.assign(new Error('no devtools'), { code: 'ERR_MODULE_NOT_FOUND' }); export default {};",
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  sourcemap: process.argv.includes('--sourcemap'),
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
};
const production = { 'process.env.NODE_ENV': '"production"' };
const require_ =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

rmSync('dist', { recursive: true, force: true });
// One file whose compiled form can be kept: see src/cli/start.cjs.
const result = await build({
  ...common,
  entryPoints: { cli: 'src/cli/main.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  define: { ...production, 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [whenCalled, required, apart],
  metafile: true,
});
await build({
  ...common,
  entryPoints: { index: 'src/index.ts', screen: 'src/cli/screen.ts', express: 'express' },
  format: 'esm',
  define: production,
  banner: { js: require_ },
  plugins: [withoutDevtools],
});
// For tests of projects: all that the command line has but its commands.
await build({
  ...common,
  entryPoints: { testing: 'src/testing.ts' },
  format: 'esm',
  define: production,
  banner: { js: require_ },
  plugins: [apart],
  external: ['lmdb', 'esbuild', 'dockerode'],
});
writeDeclarations(['index.ts', 'testing.ts'], 'dist/types');
const program = readFileSync('dist/cli.cjs', 'utf8');
writeFileSync('dist/cli.cjs', program.replace(/(?<=\bawait )import\(/g, 'require("./import.cjs")('));
for (const file of ['start.cjs', 'import.cjs']) cpSync(`src/cli/${file}`, `dist/${file}`);
mkdirSync('dist/bootstrap', { recursive: true });
cpSync('src/runtime/bootstrap', 'dist/bootstrap', {
  recursive: true,
  filter: (path) => !path.endsWith('.ts') && !path.includes('__pycache__'),
});
if (existsSync('src/loaders/native/sls-local.schema.json'))
  cpSync('src/loaders/native/sls-local.schema.json', 'dist/sls-local.schema.json');
if (process.argv.includes('--metafile')) writeFileSync('dist/meta.json', JSON.stringify(result.metafile));
