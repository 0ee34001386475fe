/** Bodies in a snapshot: the very files of the session, under a second name, since a finished file never changes. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyLink } from './body-links.ts';

/** Files linked before the event loop turns. */
const STEP = 200;

/** Brings the files of these ids from one body folder into another. Those there already stay. Throws where one is missing. */
export async function linkBodies(from: string, to: string, ids: AsyncIterable<string>): Promise<void> {
  const made = new Set<string>();
  let linked = 0;
  for await (const id of ids) {
    const place = id.slice(0, 2);
    if (!made.has(place)) mkdirSync(join(to, place), { recursive: true });
    made.add(place);
    const target = join(to, place, id);
    if (!existsSync(target)) copyLink(pathOf(from, id), target);
    if (++linked % STEP === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** A file the store names is in place, or was about to be when its session was killed. */
function pathOf(folder: string, id: string): string {
  const kept = join(folder, id.slice(0, 2), id);
  return existsSync(kept) ? kept : join(folder, 'new', id);
}

/** Ids of the files in a snapshot's folder of bodies; none where it has no such folder. */
export async function* bodiesIn(folder: string): AsyncIterable<string> {
  if (!existsSync(folder)) return;
  for (const place of readdirSync(folder)) yield* readdirSync(join(folder, place));
}
