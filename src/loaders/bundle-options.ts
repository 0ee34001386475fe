/** Lowers what a project file says of esbuild: to the options that decide what the code does, and to what is said of the others. */
import { resolve } from 'node:path';
import type { BundleOptions } from '../model/bundle.ts';
import { isMap } from './cloudformation/template.ts';
import { esbuildRefusal } from './esbuild-refusal.ts';
import { type Fields, makeFields } from './fields.ts';
import { isUnresolved } from './unresolved.ts';

/** Of a list written as text. */
export const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Passed on as they are. */
const passed = words(`
  define alias banner footer loader mainFields conditions resolveExtensions nodePaths tsconfigRaw
  jsx jsxFactory jsxFragment jsxImportSource jsxDev jsxSideEffects keepNames treeShaking ignoreAnnotations pure drop
  dropLabels supported publicPath`);
const files = ['inject', 'tsconfig'];

/** They decide how large, readable or old-fashioned the code is, where it is written, or what is told meanwhile. */
const withoutEffect = words(`
  minify minifyWhitespace minifyIdentifiers minifySyntax lineLimit charset legalComments sourcemap sourceRoot
  sourcesContent target bundle packages splitting metafile write outfile outdir outbase outExtension entryPoints
  entryNames chunkNames allowOverwrite color logLevel logLimit logOverride logStyle absPaths globalName incremental`);

const notEmulated: Readonly<Record<string, string>> = {
  mangleProps: 'properties keep their names',
  reserveProps: 'properties keep their names',
  mangleQuoted: 'properties keep their names',
  mangleCache: 'properties keep their names',
  assetNames: 'files of the loaders "file" and "copy" lie beside the code, named for their content',
  preserveSymlinks: 'files are known by their real path',
  absWorkingDir: 'paths are relative to the project folder',
  stdin: 'the code is that of the handler',
};

export interface BundleWriting {
  /** Absolute folder that paths are relative to. */
  readonly folder: string;
  /** How the file spells an option of esbuild; absent = as esbuild does. */
  readonly spelled?: (option: string) => string;
  /** Further keys of the map, by this file's spelling. */
  readonly others: readonly string[];
}

/** Keys that have to be read for `lowerBundleOptions`, by esbuild's spelling. */
export const bundleKeys: readonly string[] = [...passed, ...files, 'format', 'platform'];

/** What esbuild does not take is reported and left out. */
export function lowerBundleOptions(written: Fields, writing: BundleWriting): BundleOptions {
  const { folder, spelled = (option) => option } = writing;
  tellOfOthers(written, writing, spelled);
  const format = written.choice(spelled('format'), ['cjs', 'esm']);
  const [inject, tsconfig] = files.map((option) => filesOf(spelled(option), written));
  return {
    ...withAbsolutePaths(accepted(written, spelled), folder),
    ...(format === undefined ? {} : { format }),
    ...(tsconfig?.[0] === undefined ? {} : { tsconfig: resolve(folder, tsconfig[0]) }),
    ...(inject === undefined ? {} : { inject: inject.map((file) => resolve(folder, file)) }),
  };
}

/** One that is not there (yet) fails the build, until it comes. */
function filesOf(key: string, written: Fields): readonly string[] | undefined {
  return isUnresolved(written.values[key]) ? undefined : written.texts(key);
}

function tellOfOthers(written: Fields, { others }: BundleWriting, spelled: (option: string) => string): void {
  for (const [option, consequence] of Object.entries(notEmulated))
    warnOf(spelled(option), consequence, written);
  if (written.values[spelled('platform')] !== 'node')
    warnOf(spelled('platform'), 'functions are built for Node', written);
  const known = [...bundleKeys, ...withoutEffect, ...Object.keys(notEmulated)].map(spelled);
  written.unknownKeys(new Set([...known, ...others]));
}

function warnOf(key: string, consequence: string, written: Fields): void {
  if (written.has(key))
    written.warn({
      code: 'not-emulated',
      key,
      message: `${written.subject}.${key} is not emulated: ${consequence}`,
    });
}

/** All at once where nothing is wrong with them; else one by one, to know which it is. */
function accepted(written: Fields, spelled: (option: string) => string): Record<string, unknown> {
  const options = Object.fromEntries(
    passed.flatMap((option) => {
      const value = asText(option, settled(written.values[spelled(option)]));
      return value === undefined ? [] : [[option, value] as const];
    }),
  );
  if (Object.keys(options).length === 0 || esbuildRefusal(options) === undefined) return options;
  const single = Object.entries(options).map(
    ([option, value]) => [option, acceptedPart(option, value, spelled(option), written)] as const,
  );
  return Object.fromEntries(single.filter(([, value]) => value !== undefined));
}

function acceptedPart(option: string, value: unknown, key: string, written: Fields): unknown {
  const refusal = esbuildRefusal({ [option]: value });
  if (refusal === undefined) return value;
  if (!isMap(value) || option === 'tsconfigRaw') {
    refuse(written, key, refusal, undefined);
    return undefined;
  }
  const section = makeFields(value, [...written.path, key], written.context);
  const entries = Object.entries(value).filter(([name, one]) => {
    const wrong = esbuildRefusal({ [option]: { [name]: one } });
    if (wrong !== undefined) refuse(section, name, wrong, hintFor(option, one));
    return wrong === undefined;
  });
  return Object.fromEntries(entries);
}

function refuse(section: Fields, key: string, refusal: string, hint: string | undefined): void {
  section.error({
    code: 'invalid-value',
    key,
    message: `${section.subject}.${key} is nothing esbuild takes: ${refusal}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function hintFor(option: string, value: unknown): string | undefined {
  return option === 'define'
    ? `values are JavaScript, written as text: '${JSON.stringify(value)}'`
    : undefined;
}

/** `define: { 'require.resolve': undefined }` is in the framework's own template: what esbuild has made of it is the word. */
function asText(option: string, value: unknown): unknown {
  if (option !== 'define' || !isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, one === undefined ? 'undefined' : one]),
  );
}

/** What is unresolved has been reported where it stands. */
function settled(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (!isUnresolved(value)) return value;
  if (!isMap(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isUnresolved(one)));
}

function withAbsolutePaths(options: Record<string, unknown>, folder: string): BundleOptions {
  const { alias, nodePaths, ...rest } = options as BundleOptions;
  return {
    ...rest,
    ...(alias === undefined ? {} : { alias: absoluteAliases(alias, folder) }),
    ...(nodePaths === undefined ? {} : { nodePaths: nodePaths.map((path) => resolve(folder, path)) }),
  };
}

function absoluteAliases(
  alias: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(alias).map(([name, path]) => [
      name,
      /^\.\.?(?:\/|$)/.test(path) ? resolve(folder, path) : path,
    ]),
  );
}
