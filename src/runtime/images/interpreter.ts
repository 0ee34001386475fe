/** The program of this machine an image is made from. */
import { statSync } from 'node:fs';
import { SlsError } from '../../std/errors.ts';
import {
  type DotnetRuntime,
  dotnetVersionOf,
  findDotnet,
  runtimesOf,
} from '../backends/process/find-dotnet.ts';
import { findPython, findRuby } from '../backends/process/find-interpreter.ts';
import { findJava } from '../backends/process/find-java.ts';
import { findNode } from '../backends/process/find-node.ts';
import { publicImageOf } from './public-images.ts';

export type Interpreter =
  | { readonly kind: 'node' | 'python' | 'ruby' | 'java'; readonly file: string }
  | { readonly kind: 'dotnet'; readonly file: string; readonly runtime: DotnetRuntime }
  /** Functions that bring their own program. */
  | { readonly kind: 'none' };

export interface InterpreterSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder whose node_modules may have the package `node-linux-…`. */
  readonly root: string;
  readonly notice: (message: string) => void;
}

/**
 * The interpreter of the runtime's own version where this machine has it, else the nearest (with a notice).
 * Throws `SlsError` `runtime-missing`.
 */
export async function findInterpreter(runtime: string, search: InterpreterSearch): Promise<Interpreter> {
  const { env, notice } = search;
  if (runtime.startsWith('provided')) return { kind: 'none' };
  if (runtime.startsWith('nodejs')) return { kind: 'node', file: findNode(runtime, search).file };
  if (runtime.startsWith('python')) return { kind: 'python', file: await findPython(runtime, env, notice) };
  if (runtime.startsWith('ruby')) return { kind: 'ruby', file: await findRuby(runtime, env, notice) };
  if (runtime.startsWith('java')) return { kind: 'java', file: await findJava(runtime, env, notice) };
  if (runtime.startsWith('dotnet')) return findDotnetRuntime(runtime, search);
  throw new SlsError('runtime-missing', `no image can be made for the runtime "${runtime}"`, {
    hint: `images are made for nodejs…, python…, ruby…, java…, dotnet… and provided…; others need the image of the provider in the engine: docker pull ${publicImageOf(runtime) ?? 'it'}`,
  });
}

async function findDotnetRuntime(runtime: string, { env, notice }: InterpreterSearch): Promise<Interpreter> {
  const file = await findDotnet(runtime, env, notice);
  const wanted = dotnetVersionOf(runtime);
  const [nearest, ...others] = (await runtimesOf(file, env)).filter(({ major }) => major >= wanted);
  if (!nearest) throw new SlsError('runtime-missing', `${file} has no .NET ${wanted} any more`);
  const newest = others.filter(({ major }) => major === nearest.major).at(-1) ?? nearest;
  return { kind: 'dotnet', file, runtime: newest };
}

/** What tells an interpreter from another one: its file, size and time. */
export function identityOfInterpreter(interpreter: Interpreter): string {
  if (interpreter.kind === 'none') return 'none';
  const { size, mtimeMs } = statSync(interpreter.file);
  const version = interpreter.kind === 'dotnet' ? ` ${interpreter.runtime.version}` : '';
  return `${interpreter.file} ${size} ${mtimeMs}${version}`;
}
