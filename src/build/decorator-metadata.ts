/**
 * Hands files with decorators to the project's own TypeScript where its tsconfig.json wants their types at run time
 * (`emitDecoratorMetadata`: NestJS, TypeORM, …): the bundler knows no types and would leave out what they inject by.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';
import { configFilesOf } from './config-files.ts';

/** What is used of the `typescript` package, versions 2.4 to 6. */
interface Compiler {
  readonly sys: { fileExists(file: string): boolean; readFile(file: string): string | undefined };
  readonly ModuleKind: { readonly CommonJS: number };
  readonly JsxEmit: { readonly Preserve: number };
  findConfigFile(folder: string, exists: (file: string) => boolean): string | undefined;
  readConfigFile(file: string, read: (file: string) => string | undefined): { readonly config?: unknown };
  parseJsonConfigFileContent(config: unknown, host: object, folder: string): { readonly options: object };
  transpileModule(
    text: string,
    how: { readonly fileName: string; readonly compilerOptions: object },
  ): { readonly outputText: string };
}

const WANTED = /"emitDecoratorMetadata"\s*:\s*true/;
const DECORATOR = /^\s*@[A-Za-z_$]/m;

/** Undefined where the tsconfig.json of `entry` does not ask for it, or the project has no TypeScript that can. */
export function makeDecoratorPlugin(entry: string): Plugin | undefined {
  const configs = configFilesOf([entry]).filter((file) => !file.endsWith('package.json'));
  if (!configs.some((file) => WANTED.test(readFileSync(file, 'utf8')))) return undefined;
  const compiler = compilerOf(entry);
  return (
    compiler && {
      name: 'decorator-metadata',
      setup(build) {
        build.onLoad({ filter: /\.[cm]?tsx?$/ }, async ({ path }) => {
          const text = await readFile(path, 'utf8');
          if (!DECORATOR.test(text)) return undefined;
          return { contents: compiled(compiler, path, text), loader: path.endsWith('x') ? 'jsx' : 'js' };
        });
      },
    }
  );
}

function compilerOf(entry: string): Compiler | undefined {
  try {
    const found = createRequire(entry)('typescript') as Partial<Compiler>;
    return typeof found.transpileModule === 'function' ? (found as Compiler) : undefined;
  } catch {
    return undefined;
  }
}

function compiled(compiler: Compiler, path: string, text: string): string {
  const { ModuleKind, JsxEmit } = compiler;
  const compilerOptions = {
    ...optionsFor(compiler, path),
    // An import that is only a type is a member that is not there, as with tsc; ES modules would have to export it.
    module: ModuleKind.CommonJS,
    jsx: JsxEmit.Preserve,
    sourceMap: false,
    inlineSourceMap: true,
    inlineSources: true,
    declaration: false,
  };
  return compiler.transpileModule(text, { fileName: path, compilerOptions }).outputText;
}

function optionsFor(compiler: Compiler, path: string): object {
  const { sys } = compiler;
  const file = compiler.findConfigFile(dirname(path), (candidate) => sys.fileExists(candidate));
  if (file === undefined) return {};
  const { config } = compiler.readConfigFile(file, (name) => sys.readFile(name));
  // Which files the project has is of no interest, and looking for them takes long.
  const host = { ...sys, readDirectory: () => [] };
  return compiler.parseJsonConfigFileContent(config, host, dirname(file)).options;
}
