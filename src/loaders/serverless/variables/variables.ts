/** The variables of one serverless configuration, ready to be asked. */

import { makeCallValue, type Surroundings } from './calls.ts';
import { makeConfigFiles } from './files.ts';
import type { Origin } from './located.ts';
import { makeResolver, type Variables } from './resolver.ts';

export interface VariablesOptions extends Omit<Surroundings, 'files'> {
  /** The configuration as parsed. */
  readonly value: unknown;
  readonly origin: Origin;
  /** Absolute project folder. */
  readonly root: string;
}

export interface OpenVariables extends Variables {
  /** Absolute paths of the files included so far. */
  sources(): readonly string[];
}

export function makeVariables({ value, origin, root, ...around }: VariablesOptions): OpenVariables {
  const silent = { chain: [], report: () => {} };
  const files = makeConfigFiles(root, {
    options: around.options,
    async resolveVariable(variable) {
      const scratch = { value: `\${${variable}}`, origin: { ...origin, file: `\${${variable}}` }, path: [] };
      return (await resolver.resolve(scratch, silent)).value;
    },
    resolveConfigurationProperty: (path) => resolver.deep(path, silent.report),
  });
  const resolver = makeResolver(
    { value, origin, path: [] },
    makeCallValue({ ...around, files }, () => resolver),
  );
  return { ...resolver, sources: files.sources };
}
