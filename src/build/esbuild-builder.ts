/** Builds Node functions from TypeScript or JavaScript source: one incremental esbuild bundle per function. */
import { createHash } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isProgramHandler } from '../model/program-handler.ts';
import type { FunctionSpec } from '../model/project.ts';
import { RUNTIME_API_VARIABLE } from '../model/reserved-variables.ts';
import type { Artifact, Builder } from '../model/runtime.ts';
import {
  CACHE_FOLDER,
  type InUse,
  linkSurroundings,
  makeCacheFolder,
  type OutputFile,
  pruneArtifactFolders,
  writeArtifactFolder,
} from './artifact-folder.ts';
import { type Bundle, type Bundled, type Bundler, loadsByName, makeBundle } from './bundle.ts';
import { bundleKey } from './bundle-options.ts';
import { keepCacheBudget } from './cache-budget.ts';
import {
  configFilesOf,
  installRecordsOf,
  nearestNodeModules,
  packageFoldersOf,
  packageFoldersWithName,
} from './config-files.ts';
import { globFoldersOf, withNodeLookup } from './globs.ts';
import { findNodeHandler, type HandlerFile } from './handler-file.ts';
import { makePackageFiles, versionOf } from './package-file.ts';
import { withAbsoluteSources } from './source-map-sources.ts';

export interface EsbuildBuilderOptions {
  /** Absolute folder of the project: paths in messages are relative to it. */
  readonly root: string;
  /** Absolute folder that gets `<functionId>/<content hash>/`. */
  readonly outDir: string;
  readonly inUse: InUse;
  /** node_modules folders to take the AWS SDK from when the project has not installed it. */
  readonly provided?: readonly string[];
}

interface Kept {
  readonly key: string;
  readonly handler: HandlerFile;
  readonly bundle: Bundle;
}

/** Starts the bundler's process, which takes as long as reading the project does. A failure shows with the first build. */
export function startBundler(): void {
  import('esbuild').then(({ initialize }) => initialize({})).catch(() => {});
}

/**
 * Supports `nodejs*` with a handler of source. An artifact is `index.cjs` or `index.mjs`, its source map (absolute sources), and links to what lies
 * beside the handler and at the code root. esbuild begins to load when this is called.
 */
export function makeEsbuildBuilder(options: EsbuildBuilderOptions): Builder {
  const bundler: Promise<Bundler> = import('esbuild');
  bundler.catch(() => {});
  // The bundler names files by their real path; messages are to be relative to the same root.
  const root = realpathSync(options.root);
  const packages = makePackageFiles();
  const resolved = new Map<string, { file: string; version: string }>();
  const bundles = new Map<string, Kept>();
  let isBudgetKept = false;
  const afterwards = new Set<Promise<unknown>>();

  const background = (work: Promise<unknown>) => {
    const tracked = work.catch(() => {}).finally(() => afterwards.delete(tracked));
    afterwards.add(tracked);
  };

  const bundleFor = (fn: FunctionSpec, home: string): Kept => {
    const handler = findNodeHandler(fn);
    const settings = [handler.file, fn.runtime, fn.codeRoot, fn.external, fn.layers];
    const key = JSON.stringify([...settings, bundleKey(fn)]);
    const kept = bundles.get(fn.id);
    if (kept?.key === key) return { ...kept, handler };
    if (kept) background(kept.bundle.close());
    const spec = {
      fn,
      entry: realpathSync(handler.file),
      root,
      outDir: join(home, 'out'),
      packages,
      resolved,
    };
    const bundle = makeBundle(bundler, { ...spec, provided: options.provided ?? [] });
    const fresh = { key, handler, bundle };
    bundles.set(fn.id, fresh);
    return fresh;
  };

  const surroundingsOf = (fn: FunctionSpec, handler: HandlerFile) => ({
    besides: besidesOf(fn, handler),
    nodeModules: nearestNodeModules(dirname(handler.file)),
    outDir: options.outDir,
  });

  /** What we bring along is changed by nobody. */
  const isOfProject = (file: string) =>
    !(options.provided ?? []).some((folder) => file.startsWith(`${folder}/`));

  return {
    name: 'esbuild',
    supports: (fn) => fn.runtime.startsWith('nodejs') && !isProgramHandler(fn),
    async build(fn, signal) {
      const home = join(options.outDir, encodeURIComponent(fn.id));
      const { bundle, handler } = bundleFor(fn, home);
      const bundled = await bundle.build(signal);
      const inputs = inputsOf(bundled, root);
      const nodeModules = nearestNodeModules(dirname(handler.file));
      const installed = packageFoldersOf([...bundled.externals, ...(nodeModules ? [`${nodeModules}/`] : [])]);
      const records = [
        ...installRecordsOf(installed),
        ...bundled.externals.flatMap((file) => packages.nearest(file)?.file ?? []),
      ];
      const files = filesOf(bundled, join(home, 'out'));
      const id = contentId(bundled, records);
      const dir = await writeArtifactFolder(home, id, files);
      linkSurroundings(dir, surroundingsOf(fn, handler));
      const cacheDir = makeCacheFolder(home);
      background(pruneArtifactFolders(home, options.inUse));
      if (!isBudgetKept) background(keepCacheBudget(options.outDir));
      isBudgetKept = true;
      return {
        id,
        functionId: fn.id,
        dir,
        handler: `index.${handler.exportPath}`,
        inputs: [...new Set([...inputs, ...configFilesOf(inputs, fn.bundle?.options.tsconfig), ...records])],
        folders: globFoldersOf(bundled.result.metafile, root),
        sees: [realpathSync(fn.codeRoot), ...packageFoldersWithName(bundled.externals.filter(isOfProject))],
        loadsByName: loadsByName(bundled),
        reads: [...new Set([fn.codeRoot, ...installed, cacheDir])],
        namesRuntimeApi: namesRuntimeApi(files),
        ...(isWorthCaching(bundled) ? { cacheDir, externals: bundled.externals } : {}),
      } satisfies Artifact;
    },
    show(fn, artifact, path) {
      const handler = bundles.get(fn.id)?.handler;
      if (!handler) return;
      try {
        if (besidesOf(fn, handler).some((folder) => realpathSync(folder) === dirname(path)))
          linkSurroundings(artifact.dir, surroundingsOf(fn, handler));
      } catch {
        // The code itself is gone, which its next build tells.
      }
    },
    async forget(functionId) {
      const kept = bundles.get(functionId);
      bundles.delete(functionId);
      const cacheDir = join(options.outDir, encodeURIComponent(functionId), CACHE_FOLDER);
      background(rm(cacheDir, { recursive: true, force: true }));
      await kept?.bundle.close();
    },
    async close() {
      await Promise.all([...bundles.values()].map(({ bundle }) => bundle.close()));
      bundles.clear();
      await Promise.all(afterwards);
    },
  };
}

function besidesOf(fn: FunctionSpec, handler: HandlerFile): readonly string[] {
  return [...new Set([fn.codeRoot, dirname(handler.file)])];
}

/** What lies beside the bundle is mostly no part of the function: its code is what was bundled. */
function namesRuntimeApi(files: readonly OutputFile[]): boolean {
  return files.some(
    ({ name, contents: { buffer, byteOffset, byteLength } }) =>
      !name.endsWith('.map') && Buffer.from(buffer, byteOffset, byteLength).includes(RUNTIME_API_VARIABLE),
  );
}

/** Without packages, and less than compiles in a millisecond: looking for compiled code would take longer. */
function isWorthCaching({ externals, result }: Bundled): boolean {
  const code = result.outputFiles.filter(({ path }) => !path.endsWith('.map'));
  return externals.length > 0 || code.some(({ contents }) => contents.length > 64 * 1024);
}

/** Source files in the bundle, absolute; stand-ins of ours are no files. */
function inputsOf({ result }: Bundled, root: string): readonly string[] {
  return (
    Object.keys(result.metafile.inputs)
      .filter((path) => !path.startsWith('sls-'))
      .map((path) => resolve(root, path))
      // What a plugin made up, or a value that stands in place of a name.
      .filter((path) => !path.includes(':') || existsSync(path))
  );
}

function filesOf({ result }: Bundled, folder: string): readonly OutputFile[] {
  return result.outputFiles.map(({ path, contents }) => ({
    name: basename(path),
    contents: contentsOf(path, contents, folder),
  }));
}

/** Of code, its source map, or a file that is copied as it is. */
function contentsOf(path: string, contents: Uint8Array, folder: string): Uint8Array {
  if (path.endsWith('.map')) return withAbsoluteSources(contents, folder);
  return /\.[cm]js$/.test(path) ? withFirstStatement(withNodeLookup(contents)) : contents;
}

const COMMENT = Buffer.from('//');
const FIRST_STATEMENT = Buffer.from('var __slsEntry = 0; ');

/**
 * A debugger stops before the code at its first statement. A bundle that opens with the comment naming a source may have
 * a function there, and the stop would be inside it; on the comment's line a statement moves nothing in the source map.
 */
function withFirstStatement(contents: Uint8Array): Uint8Array {
  if (Buffer.compare(contents.subarray(0, COMMENT.length), COMMENT) !== 0) return contents;
  return Buffer.concat([FIRST_STATEMENT, contents]);
}

/** Of the output, and of which versions of the packages it will load: an install must reach running functions too. */
function contentId({ result }: Bundled, records: readonly string[]): string {
  const hash = createHash('sha256');
  for (const { path, hash: contents } of result.outputFiles) hash.update(`${basename(path)}\0${contents}\0`);
  for (const file of records) {
    const stats = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file}\0${stats ? versionOf(stats) : ''}\0`);
  }
  return hash.digest('hex').slice(0, 12);
}
