/** The Runtime API with the official client as the program of the instance, for the suite every contract runs. */
import { join } from 'node:path';
import type { Contract } from '../../../../../src/model/runtime.ts';
import { makeRuntimeApiContract } from '../../../../../src/runtime/contracts/runtime-api/contract.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';

/** `ric` is the folder of the package, `node` the program in the instance. */
export function makeRicContract(ric: string, node: string): Contract {
  const contract = makeRuntimeApiContract({ clock: makeSystemClock(), ids: randomIds });
  return {
    ...contract,
    async open(instanceId, fn, artifact, placement, options) {
      // As a function with an image of its own: nothing of ours decides which program runs.
      const own = { ...fn, image: 'runs-the/client:1' };
      const session = await contract.open(instanceId, own, artifact, placement, options);
      const mounts = [{ source: ric, target: ric, readOnly: true }];
      const command = [node, join(ric, 'index.mjs')];
      return { ...session, setup: { ...session.setup, mounts, command } };
    },
  };
}
