/** Opens a configuration that may be a document or a program, and gives its value with what can point into it. */
import { extname } from 'node:path';
import { SlsError } from '../std/errors.ts';
import { isMap, type Values } from './cloudformation/template.ts';
import { type Evaluated, evaluateFile } from './evaluate.ts';
import { describe } from './fields.ts';
import { programPlaces } from './program-places.ts';
import { type ParsedFile, readProjectYaml } from './yaml.ts';

export interface Opened {
  readonly value: Values;
  readonly origin: Pick<ParsedFile, 'file' | 'place'>;
  /** Absolute paths of the files it is made of. */
  readonly sources: readonly string[];
  /** Calls a function that is part of the value. */
  readonly call: Evaluated['call'];
}

/**
 * YAML, JSON, TypeScript or JavaScript; an exported function is called with `argument`.
 * Throws `SlsError` when no map can be had; `expected` says which: `a map with service, provider and functions`.
 */
export async function openConfig(file: string, argument: unknown, expected: string): Promise<Opened> {
  const { value, ...rest } = await open(file, argument);
  if (isMap(value)) return { value, ...rest };
  throw new SlsError('project-invalid', `expected ${expected}, found ${describe(value)}`, {
    file,
    line: 1,
    hint: isProgram(file)
      ? 'export it as default (or as module.exports)'
      : 'see the samples in the documentation',
  });
}

async function open(file: string, argument: unknown): Promise<Omit<Opened, 'value'> & { value: unknown }> {
  if (!isProgram(file)) {
    const parsed = await readProjectYaml(file);
    return {
      value: parsed.value,
      origin: parsed,
      sources: [file],
      call: async (exported, given) => exported(given),
    };
  }
  const { value, inputs, call } = await evaluateFile(file);
  return {
    value: isFunction(value) ? await call(value, argument) : value,
    origin: { file, place: programPlaces(file, inputs) },
    sources: inputs,
    call,
  };
}

function isProgram(file: string): boolean {
  return /^\.[cm]?[jt]s$/.test(extname(file));
}

export function isFunction(value: unknown): value is (argument: unknown) => unknown {
  return typeof value === 'function';
}
