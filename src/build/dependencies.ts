/**
 * Keeps installed packages out of the bundle: an import of a package becomes a load of its file by absolute path.
 *
 * Bundling them would cost each edit of a function with one AWS client 85 ms instead of 1 ms and its first build 230 ms
 * instead of 5 (measured), load no faster (58 against 60 ms), and break packages with native add-ons or files of their
 * own. The absolute path makes it the file that the *importing* source sees, whatever the package manager's layout.
 *
 * What Node could not load that way is bundled after all: ES-module-only packages in a CommonJS bundle, TypeScript,
 * packages inside zip archives, and workspace packages (links that lead out of node_modules: they are own source).
 */
import { statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImportKind, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { layerPathOf } from '../model/layer-folders.ts';
import type { FunctionSpec } from '../model/project.ts';
import { changesPackageFiles, resolutionKey } from './bundle-options.ts';
import { packageNameOf } from './code-frame.ts';
import { type PackageFiles, versionOf } from './package-file.ts';

export type BundleFormat = 'cjs' | 'esm';

export interface DependencyOptions {
  readonly fn: FunctionSpec;
  readonly format: BundleFormat;
  readonly packages: PackageFiles;
  /** node_modules folders with what the cloud's runtime brings along (the AWS SDK), searched last. */
  readonly provided: readonly string[];
  /** Called for each package file the bundle will load at run time. */
  readonly onExternal: (file: string) => void;
}

interface Target {
  readonly file: string;
  readonly version: string;
}

/** Marks a resolution that this plugin itself asked for. */
const OWN = Symbol('asked by the dependency plugin');
const LOADABLE = new Set(['.js', '.cjs', '.mjs', '.json', '.node']);
/** Neither relative nor absolute. */
const BARE = /^[^./]/;
const RUNTIME_PROVIDES = /^(?:@aws-sdk|@smithy)\/|^aws-sdk(?:$|\/)/;

/** Resolutions are kept between builds and functions, as long as their target file stands unchanged. */
export function makeDependencyPlugin(
  options: DependencyOptions,
  resolved: Map<string, Target> = new Map(),
): Plugin {
  return {
    name: 'dependencies',
    setup(build) {
      build.onResolve({ filter: BARE }, (args) => resolveBare(args, build, options, resolved));
      build.onResolve({ filter: /\.node$/ }, (args) => resolveAddon(args, build, options));
      // Inside the two shims below the only import is the external file itself.
      build.onResolve({ filter: /./, namespace: 'sls-require' }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter: /./, namespace: 'sls-require' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)});`,
      }));
      build.onLoad({ filter: /./, namespace: 'sls-provided' }, ({ path }) => ({
        contents: requireProvided(path, options.fn.runtime),
      }));
      build.onResolve({ filter: /./, namespace: 'sls-provided' }, ({ path }) => ({ path, external: true }));
    },
  };
}

async function resolveBare(
  args: OnResolveArgs,
  build: PluginBuild,
  options: DependencyOptions,
  resolved: Map<string, Target>,
): Promise<OnResolveResult | undefined> {
  if (args.pluginData === OWN || args.kind === 'entry-point' || isBuiltin(args.path)) return undefined;
  if (args.namespace.startsWith('sls-') || args.path.startsWith('sls-local:')) return undefined;
  const kind = nativeKind(args.kind, options.format);
  if (matchesExternal(args.path, options.fn.external)) {
    // Left out because the cloud has it: here it may be missing.
    const isMissing = RUNTIME_PROVIDES.test(args.path) && (await ask(args, build, kind)) === undefined;
    return isMissing ? resolveMissing(args, options) : { path: args.path, external: true };
  }

  const key = `${kind}\0${args.path}\0${args.resolveDir}\0${resolutionKey(options.fn)}`;
  const kept = resolved.get(key);
  const file =
    kept && versionOfTarget(kept.file, options) === kept.version ? kept.file : await ask(args, build, kind);
  if (file === undefined) return resolveMissing(args, options);
  if (!isLoadable(file, kind, options) || !isNodesOwn(file, args, options.fn)) return undefined;
  resolved.set(key, { file, version: versionOfTarget(file, options) });
  options.onExternal(file);
  return asExternal(file, args.kind, options);
}

async function ask(args: OnResolveArgs, build: PluginBuild, kind: ImportKind): Promise<string | undefined> {
  const { importer, resolveDir, namespace } = args;
  const found = await build.resolve(args.path, { kind, importer, resolveDir, namespace, pluginData: OWN });
  return found.errors.length > 0 || found.external || found.namespace !== 'file' ? undefined : found.path;
}

/** What Node will do with the import once it stands in the bundle: in CommonJS output `import x from` is a `require`. */
function nativeKind(kind: ImportKind, format: BundleFormat): ImportKind {
  return kind === 'import-statement' && format === 'cjs' ? 'require-call' : kind;
}

function isLoadable(file: string, kind: ImportKind, { packages }: DependencyOptions): boolean {
  if (!file.includes('/node_modules/') || file.includes('.zip/') || !LOADABLE.has(extname(file)))
    return false;
  if (packages.nearest(file)?.bundlerOnly) return false;
  const isImport = kind === 'import-statement' || kind === 'dynamic-import';
  return isImport || !packages.isEsModule(file);
}

/** Where the project changes which file of a package is meant, Node has to find the same one: another may be no code for it. */
function isNodesOwn(file: string, { path, resolveDir }: OnResolveArgs, fn: FunctionSpec): boolean {
  if (!changesPackageFiles(fn)) return true;
  return tryRequireResolve(join(resolveDir, 'node_modules'), path) === file;
}

function asExternal(
  file: string,
  kind: ImportKind,
  { format, packages }: DependencyOptions,
): OnResolveResult {
  if (kind === 'dynamic-import') return { path: pathToFileURL(file).href, external: true };
  if (kind !== 'import-statement' || format === 'cjs') return { path: file, external: true };
  if (packages.isEsModule(file)) return { path: pathToFileURL(file).href, external: true };
  // Node finds a CommonJS module's named exports by guessing; through `require` the bundler reads them for certain.
  return { path: file, namespace: 'sls-require' };
}

/** Not installed: perhaps in a layer, or provided by the cloud's runtime. Otherwise the bundler reports it. */
function resolveMissing(args: OnResolveArgs, options: DependencyOptions): OnResolveResult | undefined {
  const name = packageNameOf(args.path);
  const folders = [...(layerPathOf(options.fn.runtime)?.folders ?? []), 'node_modules'];
  const inLayer = options.fn.layers.some((layer) =>
    folders.some((folder) => exists(join(layer, folder, name))),
  );
  if (inLayer) return { path: args.path, external: true };
  if (!RUNTIME_PROVIDES.test(args.path)) return undefined;
  const file = options.provided.map((folder) => tryRequireResolve(folder, args.path)).find((f) => f);
  if (file) {
    options.onExternal(file);
    return { path: file, namespace: 'sls-require' };
  }
  return { path: args.path, namespace: 'sls-provided' };
}

function tryRequireResolve(nodeModules: string, specifier: string): string | undefined {
  try {
    return createRequire(join(nodeModules, '..', 'index.js')).resolve(specifier);
  } catch {
    return undefined;
  }
}

/** The provider's own image has the AWS SDK; elsewhere the first use says what to do. */
function requireProvided(specifier: string, runtime: string): string {
  const name = packageNameOf(specifier);
  const message = `Cannot find module '${specifier}': ${whereItIs(name, runtime)}: npm install --save-dev ${name}`;
  const quoted = JSON.stringify(specifier);
  return `try { module.exports = require(${quoted}); } catch (cause) {
    if (!String(cause && cause.message).includes(${quoted.replace(/^"|"$/g, "'")})) throw cause;
    throw Object.assign(new Error(${JSON.stringify(message)}), { code: 'MODULE_NOT_FOUND' });
  }`;
}

/** Version 2 of the SDK left the runtimes with nodejs18.x, version 3 came with it. */
function whereItIs(name: string, runtime: string): string {
  const major = Number(/^nodejs(\d+)/.exec(runtime)?.[1]);
  if (name === 'aws-sdk' ? major < 18 : major >= 18)
    return `the cloud's ${runtime} brings it along, this machine does not. Install it for local runs`;
  return `the cloud's ${runtime} does not have it either. Install it`;
}

/** A native add-on of the project's own cannot be bundled either. */
async function resolveAddon(
  args: OnResolveArgs,
  build: PluginBuild,
  options: DependencyOptions,
): Promise<OnResolveResult | undefined> {
  if (args.pluginData === OWN || args.namespace.startsWith('sls-')) return undefined;
  const file = await ask(args, build, 'require-call');
  if (file === undefined) return undefined;
  options.onExternal(file);
  return args.kind === 'import-statement' && options.format === 'esm'
    ? { path: file, namespace: 'sls-require' }
    : { path: file, external: true };
}

/** `name` covers `name/deep`; one `*` stands for any text. */
function matchesExternal(specifier: string, externals: readonly string[]): boolean {
  return externals.some((external) => {
    const [head = '', tail] = external.split('*');
    if (tail === undefined) return specifier === external || specifier.startsWith(`${external}/`);
    return specifier.startsWith(head) && specifier.endsWith(tail);
  });
}

/** Changes when the file or its package.json (whose `exports` led to it) does. */
function versionOfTarget(file: string, { packages }: DependencyOptions): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${versionOf(stats)} ${packages.nearest(file)?.version}` : '';
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
