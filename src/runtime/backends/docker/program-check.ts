/** Looks whether the program of an instance can be run in its container: behind an init process that is only seen as an early exit. */
import { basename, join } from 'node:path';
import { SlsError } from '../../../std/errors.ts';
import { type ScriptInterpreter, scriptInterpreterOf } from '../../script-interpreter.ts';
import type { BindMount, ContainerPlan, Engine } from './engine.ts';

export interface ProgramCheck {
  /** `id` is a container made from the plan. Rejects with `SlsError` `program-missing` or `interpreter-missing`. */
  check(engine: Engine, id: string, plan: ContainerPlan): Promise<void>;
}

/** A program that was found in an image is not looked for again. */
export function makeProgramCheck(): ProgramCheck {
  const found = new Set<string>();
  const has = async (engine: Engine, id: string, image: string, program: string) => {
    const key = `${image} ${program}`;
    if (found.has(key)) return true;
    const isThere = await isInContainer(engine, id, program);
    if (isThere) found.add(key);
    return isThere;
  };
  return {
    async check(engine, id, { command, held, image, mounts }) {
      const program = (held?.command ?? command)?.[0];
      if (program === undefined) return;
      if (!(await has(engine, id, image, program)))
        throw new SlsError('program-missing', `the program "${program}" is not in the image ${image}`, {
          hint: 'check the image of the function; one made here is made anew with sls-local images make --again',
        });
      for (const needed of programsOf(scriptHere(program, mounts))) {
        // What a layer brings is not there for other functions of the image.
        const isThere = isMounted(needed, mounts)
          ? await isInContainer(engine, id, needed)
          : await has(engine, id, image, needed);
        if (!isThere) throw interpreterMissing(program, needed, image);
      }
    },
  };
}

function interpreterMissing(program: string, needed: string, image: string): SlsError {
  const written = needed.replace('\r', '\\r');
  return new SlsError(
    'interpreter-missing',
    `the program "${program}" cannot be run: its interpreter ${written} is not in the image ${image}`,
    {
      hint: needed.endsWith('\r')
        ? `its first line ends with a carriage return: save ${program} with line feeds alone`
        : 'write it for a program that is there (/bin/bash, the runtime’s own), bring the interpreter in a layer, or use an image that has it',
    },
  );
}

/** The interpreter and, where that only looks for another in PATH, that one. */
function programsOf(script: ScriptInterpreter | undefined): readonly string[] {
  if (!script) return [];
  const { program, argument } = script;
  const sought =
    basename(program) === 'env' ? argument.split(/[ \t]+/).find((word) => !/^-|=|^$/.test(word)) : undefined;
  return sought === undefined ? [program] : [program, sought];
}

/** A layer's script lies on this machine too. */
function scriptHere(program: string, mounts: readonly BindMount[]): ScriptInterpreter | undefined {
  const mount = mountOf(program, mounts);
  return mount && scriptInterpreterOf(join(mount.source, program.slice(mount.target.length)));
}

function isMounted(path: string, mounts: readonly BindMount[]): boolean {
  return mountOf(path, mounts) !== undefined;
}

/** The innermost that shows the path. */
function mountOf(path: string, mounts: readonly BindMount[]): BindMount | undefined {
  return mounts
    .filter(({ target }) => path === target || path.startsWith(`${target}/`))
    .sort((a, b) => b.target.length - a.target.length)[0];
}

async function isInContainer(engine: Engine, id: string, program: string): Promise<boolean> {
  if (program.includes('/')) return engine.hasFile(id, program);
  for (const folder of await engine.searchPath(id))
    if (await engine.hasFile(id, join(folder, program))) return true;
  return false;
}
