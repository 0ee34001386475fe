/** SAM's `Metadata: { BuildMethod: esbuild, BuildProperties }` of a function → how it is bundled. */
import { dirname, join, relative, resolve } from 'node:path';
import type { BundleSettings } from '../../model/bundle.ts';
import { lowerBundleOptions } from '../bundle-options.ts';
import { type Fields, makeFields } from '../fields.ts';
import { isUnresolved } from '../unresolved.ts';
import type { CodeContext } from './code.ts';
import { listOf, mapOf, type TemplateResource, textOf, type Values } from './template.ts';

/** Of SAM's own, and those that other parts read. */
const others = ['UseNpmCi', 'External', 'EntryPoints'];
/** Written as a list of `name=value`, as on esbuild's command line. */
const maps = ['Loader', 'Define', 'Banner', 'Footer', 'Alias', 'Supported'];
/** Written as one text with commas. */
const lists = ['MainFields', 'Conditions', 'ResolveExtensions', 'Drop', 'DropLabels'];

const ENDING = /\.[cm]?[jt]sx?$/;

/** `folder` is the absolute code folder, which `sam build` runs esbuild in. Undefined where another tool builds it. */
export function bundleSettings(
  resource: TemplateResource,
  handler: string,
  folder: string,
  { intrinsics, report }: CodeContext,
): BundleSettings | undefined {
  if (textOf(resource.metadata.BuildMethod) !== 'esbuild') return undefined;
  const path = [...resource.path, 'Metadata', 'BuildProperties'];
  const properties = mapOf(intrinsics.resolve(resource.metadata.BuildProperties, path));
  if (Object.keys(properties).length === 0) return undefined;
  const written = makeFields(asMaps(properties), path, { place: intrinsics.place, report });
  const options = lowerBundleOptions(written, { folder, spelled, others });
  const entry = entryOf(written, handler, folder);
  if (entry === undefined && Object.keys(options).length === 0) return undefined;
  return { options, ...(entry === undefined ? {} : { entry }), place: written.place };
}

/** `mainFields` → `MainFields`. */
function spelled(option: string): string {
  return option.charAt(0).toUpperCase() + option.slice(1);
}

function asMaps(properties: Values): Values {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      if (maps.includes(key) && Array.isArray(value)) return [key, pairs(value)];
      if (lists.includes(key) && typeof value === 'string') return [key, value.split(/\s*,\s*/)];
      return [key, value];
    }),
  );
}

function pairs(values: readonly unknown[]): Values {
  return Object.fromEntries(
    values.map((value) => {
      const [, name = '', rest = ''] = /^([^=]*)=?(.*)$/s.exec(String(value)) ?? [];
      return [name, rest];
    }),
  );
}

/**
 * The entry point that becomes the handler's file: outputs lie at the top of the artifact as the sources lie in the folder
 * they have in common. Undefined where the handler names it itself, and where none does, which is told.
 */
function entryOf(written: Fields, handler: string, folder: string): string | undefined {
  const entries = (written.texts('EntryPoints') ?? []).filter((entry) => !isUnresolved(entry));
  if (entries.length === 0) return undefined;
  const paths = entries.map((entry) => resolve(folder, entry));
  const base = paths.map((path) => dirname(path)).reduce(commonFolder);
  const outputs = paths.map((path) => relative(base, path).replace(ENDING, ''));
  const stem = join('.', handler.replace(/\.[^/]*$/, ''));
  const found = paths[outputs.indexOf(stem)];
  if (found !== undefined) return relative(folder, found).replace(ENDING, '') === stem ? undefined : found;
  written.warn({
    code: 'handler-not-built',
    key: 'EntryPoints',
    message: `the handler "${handler}" is none of what the build makes of its entry points: ${outputs.map((output) => `${output}.js`).join(', ')}`,
    hint: `write Handler: ${outputs[0]}${/\.[^/]*$/.exec(handler)?.[0] ?? '.handler'}`,
  });
  return undefined;
}

function commonFolder(one: string, other: string): string {
  const steps = one.split('/');
  const end = steps.findIndex((step, index) => step !== other.split('/')[index]);
  return (end < 0 ? steps : steps.slice(0, end)).join('/') || '/';
}

/** Modules that are left out of the bundle. */
export function externalModules(resource: TemplateResource, { intrinsics }: CodeContext): string[] {
  const path = [...resource.path, 'Metadata', 'BuildProperties', 'External'];
  const { External: external } = mapOf(resource.metadata.BuildProperties);
  return listOf(intrinsics.resolve(external, path)).flatMap((name) => textOf(name) ?? []);
}
