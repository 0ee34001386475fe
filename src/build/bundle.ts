/** One function's incremental bundle: keeps the bundler's memory of unchanged files between builds. */
import { resolve } from 'node:path';
import type { BuildContext, BuildFailure, BuildOptions, BuildResult, Message, Plugin } from 'esbuild';
import type { FunctionSpec } from '../model/project.ts';
import { hasOwnText, pluginsOf, REQUIRE, withOwnOptions } from './bundle-options.ts';
import { buildFailure } from './code-frame.ts';
import { makeDecoratorPlugin } from './decorator-metadata.ts';
import { type BundleFormat, makeDependencyPlugin } from './dependencies.ts';
import type { PackageFiles } from './package-file.ts';

export type Bundler = Pick<typeof import('esbuild'), 'context'>;

export interface BundleSpec {
  readonly fn: FunctionSpec;
  /** Absolute path of the handler's source. */
  readonly entry: string;
  readonly root: string;
  /** Where the output pretends to be; nothing is written. */
  readonly outDir: string;
  readonly packages: PackageFiles;
  readonly provided: readonly string[];
  /** Shared by all bundles of a builder. */
  readonly resolved: Map<string, { file: string; version: string }>;
}

export interface Bundled {
  readonly format: BundleFormat;
  readonly result: BuildResult<{ write: false; metafile: true }>;
  /** Package files the bundle loads at run time. */
  readonly externals: readonly string[];
}

export interface Bundle {
  /** Reads the files as they are now. Throws `SlsError` `build-failed`, or the signal's reason. */
  build(signal: AbortSignal): Promise<Bundled>;
  close(): Promise<void>;
}

/**
 * What the project says; else CommonJS unless it cannot be: it starts faster (V8 can cache its code) and `import.meta.url`,
 * `dirname` and `filename` have stand-ins. It cannot be with top-level await, with the rest of `import.meta`, or when an ES
 * module leaves packages out of the bundle that may be ES modules themselves, or has text of its own around the bundle.
 * The first two show when CommonJS was tried.
 */
export function makeBundle(bundler: Promise<Bundler>, spec: BundleSpec): Bundle {
  const externals = new Set<string>();
  const written = spec.fn.bundle?.options.format;
  let format = written ?? firstFormat(spec);
  let context: BuildContext<{ write: false; metafile: true }> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let cancelled: Promise<void> | undefined;

  const open = async () => {
    const plugin = makeDependencyPlugin(
      { ...spec, format, onExternal: (file) => externals.add(file) },
      spec.resolved,
    );
    const decorators = makeDecoratorPlugin(spec.entry);
    const plugins = [...pluginsOf(spec.fn), plugin, ...(decorators ? [decorators] : [])];
    return (await bundler)
      .context({
        ...withOwnOptions(optionsFor(spec, format, plugins), spec.fn),
        write: false,
        metafile: true,
      })
      .catch((failure: unknown) => {
        throw failed(failure);
      });
  };

  /** What is wrong with the settings themselves has no place in a source. */
  const failed = (failure: unknown) => {
    const errors = errorsOf(failure);
    return buildFailure(spec.fn.id, errors, spec.root, spec.fn.bundle?.place);
  };

  const cancel = (running: BuildContext | undefined) => {
    cancelled = Promise.allSettled([cancelled, running?.cancel()]).then(() => {});
  };

  /** The bundler's process crashes when a context goes that it is still told to cancel. */
  const dispose = async () => {
    await cancelled;
    await context?.dispose();
    context = undefined;
  };

  const attempt = async (signal: AbortSignal): Promise<Bundled> => {
    context ??= await open();
    // One that is still on its way ends whatever the bundler does when it arrives.
    await cancelled;
    signal.throwIfAborted();
    const running = context;
    const onAbort = () => cancel(running);
    signal.addEventListener('abort', onAbort, { once: true });
    externals.clear();
    try {
      const result = await running.rebuild();
      signal.throwIfAborted();
      if (format === (written ?? 'esm') || !wantsEsm(result, spec))
        return { format, result, externals: [...externals] };
    } catch (failure) {
      signal.throwIfAborted();
      if (format === (written ?? 'esm') || !errorsOf(failure).some(isTopLevelAwait)) throw failed(failure);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    format = 'esm';
    await dispose();
    return attempt(signal);
  };

  return {
    build(signal) {
      // A rebuild asked for while one runs would get that one's result, made of files read before the change.
      const mine = turn.then(() => {
        signal.throwIfAborted();
        return attempt(signal);
      });
      turn = mine.catch(() => {});
      return mine;
    },
    async close() {
      cancel(context);
      await turn;
      await dispose();
    },
  };
}

function firstFormat({ fn, packages, entry }: BundleSpec): BundleFormat {
  return (fn.external.length > 0 || hasOwnText(fn)) && packages.isEsModule(entry) ? 'esm' : 'cjs';
}

function optionsFor(spec: BundleSpec, format: BundleFormat, dependencies: readonly Plugin[]) {
  return {
    entryPoints: [{ in: spec.entry, out: 'index' }],
    absWorkingDir: spec.root,
    outdir: spec.outDir,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: targetOf(spec.fn.runtime),
    format,
    outExtension: { '.js': format === 'cjs' ? '.cjs' : '.mjs' },
    sourcemap: 'linked',
    sourcesContent: true,
    legalComments: 'none',
    logLevel: 'silent',
    logOverride: { ...LOADS_BY_NAME },
    loader: {
      '.sql': 'text',
      '.graphql': 'text',
      '.gql': 'text',
      '.html': 'text',
      '.md': 'text',
      '.pem': 'text',
    },
    plugins: [...dependencies, standIns],
    ...(format === 'cjs' ? CJS_STAND_INS : ESM_STAND_INS),
  } satisfies BuildOptions;
}

/** What the bundler says of a module that is asked for by a name that shows only at run time. */
const LOADS_BY_NAME = {
  'unsupported-require-call': 'warning',
  'unsupported-dynamic-import': 'warning',
  'indirect-require': 'warning',
} satisfies BuildOptions['logOverride'];

export function loadsByName({ result }: Bundled): boolean {
  return result.warnings.some(({ id }) => Object.hasOwn(LOADS_BY_NAME, id));
}

/** `nodejs22.x` → `node22`. */
function targetOf(runtime: string): string {
  return `node${/^nodejs(\d+)/.exec(runtime)?.[1] ?? '20'}`;
}

/** Injected only where used: a banner would push a leading "use strict" out of first place. */
const CJS_STAND_INS = {
  inject: ['sls-local:import-meta'],
  define: {
    'import.meta.url': '__slsImportMetaUrl',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
} satisfies BuildOptions;

/** What bundled CommonJS code expects around it. Names of the user's own are renamed by the bundler where they would clash. */
const ESM_STAND_INS = {
  define: { __filename: '__slsFilename', __dirname: '__slsDirname' },
  banner: {
    js: [
      "import { createRequire as __slsCreateRequire } from 'node:module';",
      'const __slsRequire = __slsCreateRequire(import.meta.url),',
      "__slsFilename = __slsRequire('node:url').fileURLToPath(import.meta.url),",
      "__slsDirname = __slsRequire('node:path').dirname(__slsFilename);",
      REQUIRE,
    ].join(' '),
  },
} satisfies BuildOptions;

const standIns: Plugin = {
  name: 'stand-ins',
  setup(build) {
    build.onResolve({ filter: /^sls-local:/ }, ({ path }) => ({ path, namespace: 'sls-local' }));
    build.onLoad({ filter: /./, namespace: 'sls-local' }, () => ({
      contents:
        "export const __slsImportMetaUrl = /* @__PURE__ */ (() => require('node:url').pathToFileURL(__filename).href)();",
    }));
  },
};

/** Something of `import.meta` was left without a stand-in. A CommonJS entry would lose its exports as an ES module. */
function wantsEsm(result: BuildResult<{ metafile: true }>, spec: BundleSpec): boolean {
  if (!result.warnings.some(({ id }) => id === 'empty-import-meta')) return false;
  const entry = Object.entries(result.metafile.inputs).find(
    ([path]) => resolve(spec.root, path) === spec.entry,
  );
  return entry?.[1].format === 'esm';
}

function isTopLevelAwait({ text }: Message): boolean {
  return text.startsWith('Top-level await is');
}

function errorsOf(failure: unknown): readonly Message[] {
  if (failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors))
    return (failure as BuildFailure).errors;
  throw failure;
}
