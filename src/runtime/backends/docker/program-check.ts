/** Looks whether the program of an instance is in its container: behind an init process a missing one is only seen as an early exit. */
import { join } from 'node:path';
import { SlsError } from '../../../std/errors.ts';
import type { ContainerPlan, Engine } from './engine.ts';

export interface ProgramCheck {
  /** `id` is a container made from the plan. Rejects with `SlsError` `program-missing`. */
  check(engine: Engine, id: string, plan: ContainerPlan): Promise<void>;
}

/** A program that was found in an image is not looked for again. */
export function makeProgramCheck(): ProgramCheck {
  const found = new Set<string>();
  return {
    async check(engine, id, { command, held, image }) {
      const program = (held?.command ?? command)?.[0];
      if (program === undefined || found.has(`${image} ${program}`)) return;
      if (!(await isInContainer(engine, id, program)))
        throw new SlsError('program-missing', `the program "${program}" is not in the image ${image}`, {
          hint: 'check the image of the function; one made here is made anew with sls-local images make --again',
        });
      found.add(`${image} ${program}`);
    },
  };
}

async function isInContainer(engine: Engine, id: string, program: string): Promise<boolean> {
  if (program.includes('/')) return engine.hasFile(id, program);
  for (const folder of await engine.searchPath(id))
    if (await engine.hasFile(id, join(folder, program))) return true;
  return false;
}
