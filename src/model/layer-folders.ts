/** Where the provider's runtimes look for what a layer brings, below /opt; sources: the Lambda guide's "Packaging layers" pages. */

export interface LayerPath {
  /** The variable that names the folders. */
  readonly variable: 'NODE_PATH' | 'PYTHONPATH' | 'RUBYLIB' | 'CLASSPATH';
  /** Below a layer's folder, the one that counts first first. */
  readonly folders: readonly string[];
}

/** `runtime`: `nodejs22.x`. Undefined for those that have none. */
export function layerPathOf(runtime: string): LayerPath | undefined {
  const [, language, version = ''] = /^([a-z]+)(.*)$/.exec(runtime) ?? [];
  switch (language) {
    case 'nodejs':
      return {
        variable: 'NODE_PATH',
        folders: [`nodejs/node${version.replace('.x', '')}/node_modules`, 'nodejs/node_modules'],
      };
    case 'python':
      return {
        variable: 'PYTHONPATH',
        folders: [`python/lib/python${version}/site-packages`, 'python'],
      };
    case 'ruby':
      return { variable: 'RUBYLIB', folders: ['ruby/lib'] };
    case 'java':
      return { variable: 'CLASSPATH', folders: ['java/lib/*'] };
    default:
      return undefined;
  }
}

/** Absolute folders in which a runtime looks for what these layers bring. */
export function layerLookups(layers: readonly string[], runtime: string): readonly string[] {
  const { folders = [] } = layerPathOf(runtime) ?? {};
  return layers.flatMap((layer) => folders.map((folder) => `${layer}/${folder}`));
}

/** Of the provider's environments: where programs look for shared libraries. */
export const LIBRARY_PATH =
  '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib';
