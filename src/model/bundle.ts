/** What a project says of how its functions are bundled, as far as it decides what their code does. */
import type { Place } from './place.ts';

export interface BundleSettings {
  readonly options: BundleOptions;
  /** Absolute path of the source the handler's file is made of, perhaps without its ending; absent = where the handler says. */
  readonly entry?: string;
  readonly plugins?: BundlePlugins;
  /** Where the project file says it. */
  readonly place?: Place;
}

/** Options of esbuild by their names there, which it takes as they are. Paths are absolute. */
export interface BundleOptions {
  readonly format?: 'cjs' | 'esm';
  readonly define?: Readonly<Record<string, string>>;
  readonly alias?: Readonly<Record<string, string>>;
  readonly banner?: { readonly js?: string; readonly css?: string };
  readonly footer?: { readonly js?: string; readonly css?: string };
  /** By ending: `{ '.png': 'dataurl' }`. */
  readonly loader?: Readonly<Record<string, string>>;
  readonly inject?: readonly string[];
  readonly mainFields?: readonly string[];
  readonly conditions?: readonly string[];
  readonly resolveExtensions?: readonly string[];
  readonly nodePaths?: readonly string[];
  readonly tsconfig?: string;
  readonly tsconfigRaw?: string | object;
  readonly jsx?: 'transform' | 'preserve' | 'automatic';
  readonly jsxFactory?: string;
  readonly jsxFragment?: string;
  readonly jsxImportSource?: string;
  readonly jsxDev?: boolean;
  readonly jsxSideEffects?: boolean;
  readonly keepNames?: boolean;
  readonly treeShaking?: boolean;
  readonly ignoreAnnotations?: boolean;
  readonly pure?: readonly string[];
  readonly drop?: readonly ('console' | 'debugger')[];
  readonly dropLabels?: readonly string[];
  readonly supported?: Readonly<Record<string, boolean>>;
  readonly publicPath?: string;
}

export interface BundlePlugins {
  /** Another one whenever a file they are made of has another text. */
  readonly revision: string;
  readonly list: readonly BundlePlugin[];
}

/** A plugin of esbuild: the one part of a project that is a program and not plain data. */
export interface BundlePlugin {
  readonly name: string;
  readonly setup: (build: never) => unknown;
}
