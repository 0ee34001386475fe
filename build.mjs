/** Bundles the command line and the library into dist/, with the library's types, and copies what instances load as it is. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { build } from 'esbuild';

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
 * The store's JavaScript is part of the program, so that it is kept compiled with it; its native code is looked for from
 * where its packages are.
 */
const storeInside = {
  name: 'store-inside',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    const { resolve } = createRequire(import.meta.url);
    build.onResolve({ filter: /^lmdb$/ }, ({ kind }) =>
      kind === 'require-resolve' ? { path: 'lmdb', external: true } : { path: resolve('lmdb') },
    );
    build.onLoad({ filter: /.lmdb.dist.index\.cjs$/ }, ({ path }) => ({
      contents: `const __filename = require.resolve('lmdb');\n${readFileSync(path, 'utf8')}`,
    }));
    build.onLoad({ filter: /.msgpackr-extract.index\.js$/ }, () => ({
      contents: `const { createRequire } = require('node:module');
        const inStore = createRequire(require.resolve('lmdb'));
        const inFormat = createRequire(inStore.resolve('msgpackr'));
        const { dirname } = require('node:path');
        module.exports = require('node-gyp-build-optional-packages')(dirname(inFormat.resolve('msgpackr-extract')));`,
    }));
  },
};

/**
 * The engine client and the bundler stay packages. They are loaded with `require`: Node's way of importing them first reads
 * each for its exports.
 */
const required = {
  name: 'required',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^(esbuild|dockerode)$/ }, ({ path, kind }) =>
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

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const IMPORT = /(?<=\bfrom ')(\.[^']*)\.ts(?=')/g;

rmSync('dist', { recursive: true, force: true });
// One file whose compiled form can be kept: see src/cli/start.cjs.
const result = await build({
  ...common,
  entryPoints: { cli: 'src/cli/main.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  define: { ...production, 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [whenCalled, storeInside, required, apart],
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
for (const file of ['start.cjs', 'first-runtime.cjs', 'import.cjs'])
  cpSync(`src/cli/${file}`, `dist/${file}`);
mkdirSync('dist/bootstrap', { recursive: true });
cpSync('src/runtime/bootstrap', 'dist/bootstrap', {
  recursive: true,
  filter: (path) => !path.endsWith('.ts') && !path.includes('__pycache__'),
});
if (existsSync('src/loaders/native/sls-local.schema.json'))
  cpSync('src/loaders/native/sls-local.schema.json', 'dist/sls-local.schema.json');
if (process.argv.includes('--metafile')) writeFileSync('dist/meta.json', JSON.stringify(result.metafile));

/**
 * Types of what projects import: declarations of the entry points and of all they are made of, nothing else. Each file in two forms, for importers that are ES modules and for those that are not.
 * @param {readonly string[]} entries paths in `src`
 * @param {string} folder that it writes to
 */
function writeDeclarations(entries, folder) {
  const emitted = mkdtempSync(join(tmpdir(), 'sls-local-types-'));
  try {
    const written = new Set();
    for (let wave = entries; wave.length > 0; ) {
      emitDeclarations(wave, emitted);
      for (const file of wave) written.add(file);
      wave = [...new Set(wave.flatMap((file) => importsOf(file, declarationOf(file, emitted))))];
      wave = wave.filter((file) => !written.has(file));
    }
    for (const file of written) writeForms(file, declarationOf(file, emitted), folder);
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/**
 * Without what they import, which is most of the program: a declaration that follows from another file's must be written down.
 * @param {readonly string[]} files
 * @param {string} outDir
 */
function emitDeclarations(files, outDir) {
  const options = [
    ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--noCheck', '--noResolve'],
    ...['--target', 'es2023', '--module', 'nodenext', '--allowImportingTsExtensions', '--types', ''],
    ...['--rewriteRelativeImportExtensions', '--strict', '--exactOptionalPropertyTypes'],
    ...['--rootDir', 'src', '--outDir', outDir],
  ];
  const sources = files.map((file) => join('src', file));
  execFileSync(process.execPath, [compiler, ...options, ...sources], { stdio: 'inherit' });
}

/** @param {string} file @param {string} folder */
function declarationOf(file, folder) {
  const text = readFileSync(join(folder, file.replace(/\.ts$/, '.d.ts')), 'utf8');
  if (/[:|<] any\b|\bimport\("/.test(text))
    throw new Error(`src/${file}: a type is left to be found out from another file; write it down`);
  return text;
}

/** @param {string} file @param {string} text */
function importsOf(file, text) {
  return [...text.matchAll(IMPORT)].map(([, path]) => normalize(join(dirname(file), `${path}.ts`)));
}

/** @param {string} file @param {string} text @param {string} folder */
function writeForms(file, text, folder) {
  const path = join(folder, file.replace(/\.ts$/, ''));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.d.ts`, text.replace(IMPORT, '$1.js'));
  writeFileSync(`${path}.d.cts`, text.replace(IMPORT, '$1.cjs'));
}
