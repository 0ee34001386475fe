/** Runs a configuration file that is a program (TypeScript or JavaScript) and gives what it exports. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type BuildFailure,
  build,
  type Message,
  type Plugin,
  type TransformFailure,
  transform,
} from 'esbuild';
import { messageOf, SlsError } from '../std/errors.ts';

export interface Evaluated {
  /** The default export (or `module.exports`), or all named exports where there is no default. Promises are awaited. */
  readonly value: unknown;
  /** Absolute paths of the files outside node_modules it is made of. */
  readonly inputs: readonly string[];
  /** Calls a function it exports and awaits the answer; a throw becomes `SlsError` `project-program` with its place. */
  call(exported: (argument: unknown) => unknown, argument: unknown): Promise<unknown>;
}

interface Position {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Throws `SlsError`: `project-syntax` (does not parse), `project-import` (an import is not found),
 * `project-program` (throws when run), each with file and line.
 */
export async function evaluateFile(file: string): Promise<Evaluated> {
  const bundle = await bundleOf(file);
  const folder = await mkdtemp(join(tmpdir(), 'sls-local-config-'));
  const program = join(folder, `${basename(file).replace(/\W+/g, '-')}.mjs`);
  const guarded = async <T>(run: () => T | Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (failure) {
      throw failed(failure, file, bundle.positionOf(failure, program));
    }
  };
  try {
    await writeFile(program, bundle.code);
    const value = await guarded(async () => await exported(await import(pathToFileURL(program).href)));
    return {
      value,
      inputs: bundle.inputs,
      call: (program_, argument) => guarded(async () => await program_(argument)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bundle {
  readonly code: string;
  readonly inputs: readonly string[];
  positionOf(failure: unknown, program: string): Position | undefined;
}

/** Everything is bundled, packages too: the program runs in a folder where Node would not find them. */
async function bundleOf(file: string): Promise<Bundle> {
  const folder = dirname(file);
  const result = await build({
    entryPoints: [file],
    absWorkingDir: folder,
    outfile: join(folder, 'config.mjs'),
    bundle: true,
    write: false,
    metafile: true,
    sourcemap: 'external',
    sourcesContent: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    loader: { '.node': 'empty' },
    define: { ...placesOf(file), 'process.cwd': 'slsLocalFolder' },
    banner: { js: bannerFor(file) },
    plugins: [ownPackage, ownPlaces],
  }).catch((failure: BuildFailure) => {
    throw notBundled(failure, file);
  });
  const [map, code] = [/\.map$/, /\.mjs$/].map(
    (name) => result.outputFiles.find((output) => name.test(output.path))?.text ?? '',
  );
  return {
    code: code ?? '',
    inputs: Object.keys(result.metafile.inputs)
      .filter((input) => !input.includes('node_modules/') && !input.startsWith(ownNamespace))
      .map((input) => resolve(folder, input)),
    positionOf: (failure, program) => positionIn(failure, program, map ?? '', folder),
  };
}

/** CommonJS packages call `require` for Node's own modules; configurations take the current folder to be the project's. */
function bannerFor(file: string): string {
  return [
    "import { createRequire as slsLocalRequire } from 'node:module';",
    `var require = slsLocalRequire(${JSON.stringify(file)});`,
    `const slsLocalFolder = () => ${JSON.stringify(dirname(file))};`,
  ].join('');
}

/** What a source says about where it is, as it would be without the bundle. */
function placesOf(file: string): Record<string, string> {
  const [path, folder] = [JSON.stringify(file), JSON.stringify(dirname(file))];
  return {
    __filename: path,
    __dirname: folder,
    'import.meta.url': JSON.stringify(pathToFileURL(file).href),
    'import.meta.dirname': folder,
    'import.meta.filename': path,
  };
}

/** Each of the project's own sources has a place of its own; packages share that of the configuration. */
const ownPlaces: Plugin = {
  name: 'places',
  setup(setup) {
    setup.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
      const text = await readFile(path, 'utf8');
      if (!/__dirname|__filename|import\.meta/.test(text)) return undefined;
      const loader = /ts$/.test(path) ? 'ts' : 'js';
      try {
        const { code } = await transform(text, {
          loader,
          sourcefile: path,
          sourcemap: 'inline',
          define: placesOf(path),
        });
        return { contents: code, loader: 'js' };
      } catch (failure) {
        return { errors: (failure as TransformFailure).errors };
      }
    });
  },
};

const ownNamespace = 'sls-local-config';

/** `import { defineConfig } from 'sls-local'` works without the package being installed in the project. */
const ownPackage: Plugin = {
  name: 'sls-local',
  setup(setup) {
    setup.onResolve({ filter: /^sls-local$/ }, ({ path }) => ({ path, namespace: ownNamespace }));
    setup.onLoad({ filter: /.*/, namespace: ownNamespace }, () => ({
      contents: 'export const defineConfig = (config) => config;',
    }));
  },
};

/** Bundled CommonJS arrives as the default export, with its own default inside where it was compiled from ESM. */
function exported(namespace: Record<string, unknown>): unknown {
  if (!('default' in namespace)) return { ...namespace };
  const whole = namespace.default;
  const compiled = typeof whole === 'object' && whole !== null && '__esModule' in whole;
  return compiled && 'default' in whole ? whole.default : whole;
}

function notBundled(failure: BuildFailure, file: string): unknown {
  const message: Message | undefined = failure.errors?.[0];
  if (!message) return failure;
  const missing = message.text.startsWith('Could not resolve');
  const at = message.location;
  return new SlsError(missing ? 'project-import' : 'project-syntax', message.text, {
    ...(at ? { file: resolve(dirname(file), at.file), line: at.line, column: at.column + 1 } : { file }),
    hint: missing
      ? 'check the path, or install the package in the project'
      : `this file must be valid ${/ts$/.test(at?.file ?? file) ? 'TypeScript' : 'JavaScript'}`,
    cause: failure,
  });
}

function failed(failure: unknown, file: string, position: Position | undefined): SlsError {
  if (failure instanceof SlsError) return failure;
  return new SlsError('project-program', `${basename(file)} failed: ${messageOf(failure)}`, {
    ...(position ?? { file }),
    hint: 'the configuration is a program, and it threw this when it was run',
    cause: failure,
  });
}

function positionIn(failure: unknown, program: string, map: string, folder: string): Position | undefined {
  const stack = failure instanceof Error ? (failure.stack ?? '') : '';
  // The name of the program was made of word characters and dashes only.
  const frame = new RegExp(`${basename(program, '.mjs')}\\.mjs:(\\d+):(\\d+)`).exec(stack);
  if (!frame || map === '') return undefined;
  const source = new SourceMap(JSON.parse(map) as SourceMapPayload);
  const entry = source.findEntry(Number(frame[1]) - 1, Number(frame[2]) - 1);
  if (!('originalSource' in entry)) return undefined;
  return {
    file: resolve(folder, entry.originalSource),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
}
