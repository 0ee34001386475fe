/** Programs of the project that configure esbuild: files of plugins, and files that make the whole configuration. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BundlePlugin, BundlePlugins } from '../../model/bundle.ts';
import { SlsError } from '../../std/errors.ts';
import { isMap, textOf, type Values } from '../cloudformation/template.ts';
import { evaluateFile } from '../evaluate.ts';
import { describe, type Fields } from '../fields.ts';
import { isFunction } from '../open-config.ts';
import { problemOf } from '../problems.ts';
import type { Variables } from './variables/resolver.ts';

export interface BundlingContext {
  readonly variables: Variables;
  /** Absolute project folder. */
  readonly root: string;
  /** Absolute paths of the project file and what it imports. */
  readonly sources: readonly string[];
  readonly name: string;
  readonly stage: string;
  readonly region: string;
  readonly runtime: string | undefined;
}

export interface EsbuildFiles {
  /** The options the file named by `key` makes; undefined when there are none to be had, which is reported. */
  config(
    written: Fields,
    key: string,
  ): Promise<{ readonly file: string; readonly values: Values } | undefined>;
  /** Those of `plugins`: a file of them, or they themselves where the configuration is a program. */
  plugins(written: Fields): Promise<BundlePlugins | undefined>;
  /** Absolute paths of the files read. */
  sources(): readonly string[];
}

export function openEsbuildFiles(context: BundlingContext): EsbuildFiles {
  const read = new Set<string>();

  /** What the file exports, called where it is a function; undefined after telling what is wrong. */
  const exportOf = async (written: Fields, key: string): Promise<unknown> => {
    const name = textOf(written.values[key]) ?? '';
    const file = resolve(context.root, name);
    read.add(file);
    if (!existsSync(file)) {
      written.error({
        code: 'esbuild-file-not-found',
        key,
        message: `${written.subject}.${key}: there is no file "${name}"`,
        hint: `looked for ${file}`,
      });
      return undefined;
    }
    try {
      const { value, inputs, call } = await evaluateFile(file);
      for (const input of inputs) read.add(input);
      return isFunction(value) ? await call(value, await serverlessOf(context)) : value;
    } catch (failure) {
      if (!(failure instanceof SlsError)) throw failure;
      written.context.report(problemOf(failure));
      return undefined;
    }
  };

  const wrong = (written: Fields, key: string, expected: string, found: unknown) => {
    const name = textOf(written.values[key]);
    written.error({
      code: 'invalid-value',
      key,
      message: `${written.subject}.${key}: expected ${expected}${name === undefined ? '' : ` from ${name}`}, found ${describe(found)}`,
    });
    return undefined;
  };

  return {
    async config(written, key) {
      const value = await exportOf(written, key);
      const file = resolve(context.root, textOf(written.values[key]) ?? '');
      if (value === undefined || isMap(value)) return isMap(value) ? { file, values: value } : undefined;
      return wrong(written, key, 'options of esbuild, or a function that returns them,', value);
    },
    async plugins(written) {
      const { plugins } = written.values;
      if (plugins === undefined || plugins === null) return undefined;
      const list = textOf(plugins) === undefined ? plugins : await exportOf(written, 'plugins');
      if (list === undefined) return undefined;
      if (!Array.isArray(list) || !list.every(isPlugin))
        return wrong(written, 'plugins', "a list of esbuild's plugins, or a function that returns it,", list);
      return { revision: revisionOf([...read, ...context.sources]), list };
    },
    sources: () => [...read],
  };
}

function isPlugin(value: unknown): value is BundlePlugin {
  return isMap(value) && typeof value.name === 'string' && typeof value.setup === 'function';
}

function revisionOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(existsSync(file) ? readFileSync(file) : '');
  return hash.digest('hex').slice(0, 12);
}

/** What such a program usually looks at of the framework's object. */
async function serverlessOf({ variables, root, name, stage, region, runtime }: BundlingContext) {
  const custom = await variables.deep(['custom'], () => {});
  const provider = { name: 'aws', stage, region, ...(runtime === undefined ? {} : { runtime }) };
  return {
    service: { service: name, provider, custom },
    serviceDir: root,
    config: { serviceDir: root, servicePath: root },
  };
}
