/** How the functions of a service are bundled: `build.esbuild` of the framework's version 4, `custom.esbuild` of serverless-esbuild. */
import type { BundleOptions, BundlePlugins, BundleSettings } from '../../model/bundle.ts';
import { bundleKeys, lowerBundleOptions, words } from '../bundle-options.ts';
import { isMap, listOf, mapOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import { type BundlingContext, type EsbuildFiles, openEsbuildFiles } from './esbuild-files.ts';
import type { Variables } from './variables/resolver.ts';

export interface Bundling {
  /** Modules left out of bundles. */
  readonly external: readonly string[];
  readonly bundle?: BundleSettings;
  /** Absolute paths of the files it says that in, besides the project file. */
  readonly sources: readonly string[];
}

/** Keys of the framework and of the plugin: read here, or about packaging and the speed of builds. */
const others = words(`
  external exclude plugins config configFile buildConcurrency concurrency zipConcurrency nativeZip packager
  packagePath packagerOptions installExtraArgs installDeps watch keepOutputDirectory outputFileExtension
  outputBuildFolder outputWorkFolder nodeExternals skipBuild skipRebuild skipBuildExcludeFns
  stripEntryResolveExtensions disposeContext disableIncremental`);
const readHere = ['external', 'exclude', 'config', 'configFile', ...bundleKeys];
const paths: readonly Path[] = [
  ['build', 'esbuild'],
  ['custom', 'esbuild'],
];

interface Section {
  readonly external: readonly string[];
  readonly options: BundleOptions;
  readonly plugins: BundlePlugins | undefined;
  readonly fields: Fields;
}

export async function readBundling(context: BundlingContext, report: Report): Promise<Bundling> {
  const files = openEsbuildFiles(context);
  const sections: Section[] = [];
  for (const path of paths) {
    const written = await readSection(path, context.variables, report);
    if (written) sections.push(await lowerSection(written, files, context));
  }
  const options = Object.assign({}, ...sections.map((section) => section.options)) as BundleOptions;
  const plugins = sections.findLast((section) => section.plugins)?.plugins;
  const place = sections.at(-1)?.fields.place;
  const says = plugins !== undefined || Object.keys(options).length > 0;
  return {
    external: [...new Set(sections.flatMap(({ external }) => external))],
    ...(says ? { bundle: { options, ...(plugins && { plugins }), ...(place && { place }) } } : {}),
    sources: files.sources(),
  };
}

/** What is not needed stays as written: a variable in it cannot fail. */
async function readSection(path: Path, variables: Variables, report: Report): Promise<Fields | undefined> {
  const whole = await variables.shallow(path, report);
  if (!isMap(whole)) return undefined;
  const values: Record<string, unknown> = { ...whole };
  for (const key of [...readHere, ...(Array.isArray(whole.plugins) ? [] : ['plugins'])])
    if (key in whole) values[key] = await variables.deep([...path, key], report);
  return makeFields(values, path, { place: variables.place, report });
}

async function lowerSection(
  written: Fields,
  files: EsbuildFiles,
  { root }: BundlingContext,
): Promise<Section> {
  const fields = await withConfigFile(written, files);
  return {
    external: ['external', 'exclude'].flatMap((key) =>
      Array.isArray(fields.values[key]) ? (fields.texts(key) ?? []) : [],
    ),
    options: lowerBundleOptions(fields, { folder: root, others }),
    plugins: await files.plugins(fields),
    fields,
  };
}

/** The framework's `configFile` goes below what is written, the plugin's `config` stands in place of it. */
async function withConfigFile(written: Fields, files: EsbuildFiles): Promise<Fields> {
  const key = ['configFile', 'config'].find((name) => textOf(written.values[name]) !== undefined);
  if (key === undefined) return written;
  const found = await files.config(written, key);
  if (!found) return written;
  const own = key === 'config' ? {} : written.values;
  const { place, report } = written.context;
  return makeFields(merged(found.values, own), written.path, {
    place: (path) => (String(path[written.path.length]) in own ? place(path) : { file: found.file }),
    report,
  });
}

function merged(below: unknown, above: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = { ...mapOf(below) };
  for (const [key, value] of Object.entries(mapOf(above))) {
    const under = result[key];
    if (isMap(under) && isMap(value)) result[key] = merged(under, value);
    else result[key] = Array.isArray(under) && Array.isArray(value) ? [...under, ...listOf(value)] : value;
  }
  return result;
}
