/** The engine of a session: found when first needed, and found again after it has been away. */
import { SlsError } from '../../../std/errors.ts';
import { openEngine } from './dockerode-engine.ts';
import type { Engine } from './engine.ts';
import type { Surroundings } from './engine-places.ts';
import { type EngineSearch, findEngine } from './find-engine.ts';

export interface Connection {
  /** Looks for an engine, without loading the client. */
  search(): Promise<EngineSearch>;
  /** Rejects with `SlsError` `engine-missing` when none answers. */
  engine(): Promise<Engine>;
  /** The engine if one is connected already; never looks for one. */
  readonly current: Promise<Engine> | undefined;
  /** The engine did not answer: the next `engine()` looks again. */
  drop(): void;
}

export function makeConnection(surroundings: Surroundings): Connection {
  let searched: Promise<EngineSearch> | undefined;
  let connected: Promise<Engine> | undefined;

  const connect = async (): Promise<Engine> => {
    const found = await (searched ?? findEngine(surroundings));
    if (found.status === 'found') return openEngine(found.address, found.from);
    throw new SlsError('engine-missing', found.reason, {
      hint: 'start the container engine, or run the functions as processes with --backend process',
    });
  };

  const drop = () => {
    searched = undefined;
    connected = undefined;
  };

  return {
    search() {
      searched = findEngine(surroundings);
      return searched;
    },
    engine() {
      if (!connected) {
        const connecting = connect();
        connected = connecting;
        connecting.catch(drop);
      }
      return connected;
    },
    get current() {
      return connected;
    },
    drop,
  };
}
