/** What a function's own bundle settings are to the bundler. */
import type { BuildOptions, Plugin } from 'esbuild';
import type { BundleOptions } from '../model/bundle.ts';
import type { FunctionSpec } from '../model/project.ts';

type Spec = Pick<FunctionSpec, 'bundle'>;

/** Another one whenever the bundle could come out different. */
export function bundleKey({ bundle }: Spec): string {
  return JSON.stringify([bundle?.options, bundle?.entry, bundle?.plugins?.revision]);
}

/** Of settings by which imports may mean other files. */
export function resolutionKey({ bundle }: Spec): string {
  if (!bundle) return '';
  const { alias, conditions, mainFields, resolveExtensions, nodePaths, tsconfig, tsconfigRaw } =
    bundle.options;
  const resolution = { alias, conditions, mainFields, resolveExtensions, nodePaths, tsconfig, tsconfigRaw };
  return JSON.stringify([resolution, bundle.plugins?.revision]);
}

/** Whether the file of a package may be another than Node would load. */
export function changesPackageFiles({ bundle }: Spec): boolean {
  return bundle?.options.mainFields !== undefined || bundle?.options.conditions !== undefined;
}

/** Whether code was written that stands around the bundle as it is, in one of the two formats. */
export function hasOwnText({ bundle }: Spec): boolean {
  return bundle?.options.banner?.js !== undefined || bundle?.options.footer?.js !== undefined;
}

export function pluginsOf({ bundle }: Spec): readonly Plugin[] {
  return (bundle?.plugins?.list ?? []) as readonly Plugin[];
}

/** `ours` with what the function says besides; what it says of the same thing wins, code of both stays. */
export function withOwnOptions(ours: BuildOptions, { bundle }: Spec): BuildOptions {
  if (!bundle) return ours;
  const { format: _, ...own } = mutable(bundle.options);
  return {
    ...ours,
    ...own,
    loader: { ...ours.loader, ...own.loader },
    define: { ...ours.define, ...own.define },
    inject: [...(ours.inject ?? []), ...(own.inject ?? [])],
    banner: { ...own.banner, js: bannerOf(ours.banner?.js, own.banner?.js) },
  };
}

/** What of our own text around an ES module gives it a `require`. */
export const REQUIRE = 'const require = __slsRequire;';
const DECLARES_REQUIRE = /\b(?:const|let|var|as)\s+require\b|,\s*require\s*=[^=]/;

/** ES modules make a `require` of their own where CommonJS packages are in the bundle; one name cannot be declared twice. */
function bannerOf(ours = '', own = ''): string {
  const text = DECLARES_REQUIRE.test(own) ? ours.replace(REQUIRE, '') : ours;
  return [text, own].filter((part) => part !== '').join('\n');
}

/** The bundler's types ask for lists that could be changed. */
function mutable(options: BundleOptions): BuildOptions {
  return options as BuildOptions;
}
