/** What the operations work with. */
import type { Clock, Ids } from '../../src/model/platform.ts';
import { notFound } from './errors.ts';
import type { RunningPipes } from './running.ts';
import type { PipeRecord, PipeStore } from './store.ts';

export interface PipesService {
  readonly store: PipeStore;
  readonly running: RunningPipes;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
}

export function arnOf({ region, accountId }: PipesService, name: string): string {
  return `arn:aws:pipes:${region}:${accountId}:pipe/${name}`;
}

export function nowOf({ clock }: PipesService): number {
  return Math.floor(clock.now());
}

/** Throws what the service answers when there is none. */
export function needPipe({ store }: PipesService, name: string): PipeRecord {
  const found = store.find(name);
  if (!found) throw notFound(name);
  return found;
}
