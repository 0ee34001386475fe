/** The files a configuration includes with `${file(…)}`: YAML and JSON, programs, and plain text. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, resolve } from 'node:path';
import { SlsError } from '../../../std/errors.ts';
import { type Evaluated, evaluateFile } from '../../evaluate.ts';
import { isFunction } from '../../open-config.ts';
import { problemOf } from '../../problems.ts';
import { readProjectYaml, readText } from '../../yaml.ts';
import { childOf, type Located } from './located.ts';
import type { Scope } from './resolver.ts';

/** What a program's exported function is called with. */
export interface ProgramContext {
  readonly options: Readonly<Record<string, string>>;
  /** `resolveVariable('self:custom.x')`. */
  resolveVariable(variable: string): Promise<unknown>;
  resolveConfigurationProperty(path: readonly (string | number)[]): Promise<unknown>;
}

export interface ConfigFiles {
  /**
   * The value at `address` of the file; undefined when the file has no such key.
   * `failed` = the file is broken, and that was reported.
   */
  read(
    path: string,
    address: string | undefined,
    scope: Scope,
  ): Promise<Located | 'missing' | 'failed' | undefined>;
  /** Absolute paths of everything read so far. */
  sources(): readonly string[];
}

/** A value of a program, which can still call the program's functions. */
interface OpenNode extends Located {
  readonly call?: Evaluated['call'];
}

const programs = new Set(['.js', '.cjs', '.mjs', '.ts', '.cts', '.mts']);
const documents = new Set(['.yml', '.yaml', '.json']);

/** Paths are relative to `root`, also inside of included files. */
export function makeConfigFiles(root: string, context: ProgramContext): ConfigFiles {
  const sources = new Set<string>();
  const opened = new Map<string, Promise<OpenNode>>();

  const open = (file: string): Promise<OpenNode> => {
    const known = opened.get(file);
    if (known) return known;
    const node = read(file, (inputs) => {
      for (const input of inputs) sources.add(input);
    });
    opened.set(file, node);
    return node;
  };

  return {
    sources: () => [...sources],
    async read(path, address, scope) {
      const file = resolve(root, path.replace(/^~(?=\/)/, homedir()));
      // A file that is missing now is watched too: creating it mends the project.
      sources.add(file);
      if (!existsSync(file)) return 'missing';
      try {
        const whole = await open(file);
        const steps = address && typeof whole.value !== 'string' ? address.split('.') : [];
        return await walk(whole, steps, context);
      } catch (failure) {
        if (!(failure instanceof SlsError)) throw failure;
        scope.report(problemOf(failure));
        return 'failed';
      }
    },
  };
}

async function read(file: string, addSources: (inputs: readonly string[]) => void): Promise<OpenNode> {
  const extension = extname(file);
  if (documents.has(extension)) {
    const parsed = await readProjectYaml(file);
    return { value: parsed.value, origin: parsed, path: [] };
  }
  const origin = { file, place: () => ({ file }) };
  if (!programs.has(extension)) return { value: await readText(file), origin, path: [] };
  const { value, inputs, call } = await evaluateFile(file);
  addSources(inputs);
  return { value, origin, path: [], call };
}

/** Functions on the way are called, as the framework does. */
async function walk(
  whole: OpenNode,
  steps: readonly string[],
  context: ProgramContext,
): Promise<OpenNode | undefined> {
  let node = await called(whole, context);
  for (const step of steps) {
    const child = childOf(node, step);
    if (!child) return undefined;
    node = await called({ ...child, ...(whole.call ? { call: whole.call } : {}) }, context);
  }
  return node;
}

async function called(node: OpenNode, context: ProgramContext): Promise<OpenNode> {
  if (!isFunction(node.value)) return node;
  return { ...node, value: await node.call?.(node.value, context) };
}
