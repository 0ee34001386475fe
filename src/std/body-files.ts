/** Bodies too large for the store, a file each below one folder; a finished file never changes. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BodyFiles, Ids } from '../model/platform.ts';
import { openBody, startBody, writeWhole } from './body-file.ts';
import { copyLink } from './body-links.ts';
import { codeOf } from './errors.ts';

export interface BodyFolder extends BodyFiles {
  readonly folder: string;
  /** Nothing is removed until released. */
  hold(): BodyHold;
  /** Settles when nothing is being removed; the folder then counts as left in order. */
  close(): Promise<void>;
}

export interface BodyHold {
  /** Removes what was discarded meanwhile. */
  release(): void;
  /** The store's content was exchanged: what was discarded meanwhile may be named again. What it does not name goes by `recover`. */
  forget(): void;
}

export interface BodyFolderOptions {
  readonly ids: Ids;
  /** Wait for the disk before a file counts as finished. */
  readonly flushes?: boolean;
}

/** Not whole yet, or not named by the store yet. */
const NEW = 'new';
/** About to be removed. */
const GONE = 'gone';
/** There while a session uses the folder: found at a start, it tells that the last one was killed. */
const IN_USE = 'in-use';

/** Makes the folder when the first file is written. */
export function openBodyFolder(folder: string, { ids, flushes = false }: BodyFolderOptions): BodyFolder {
  const made = new Set<string>();
  const retained = new Map<string, number>();
  /** Written or being written in this session, not kept yet. */
  const fresh = new Set<string>();
  const removals = new Set<Promise<void>>();
  let holds = 0;
  let heldBack: string[] = [];
  let wasKilled = existsSync(join(folder, IN_USE));
  let generation = 0;

  const placeIn = (place: string) => {
    const path = join(folder, place);
    if (made.size === 0) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, IN_USE), '');
    }
    if (!made.has(place)) {
      mkdirSync(path, { recursive: true });
      made.add(place);
    }
    return path;
  };
  const newPath = (id: string) => join(folder, NEW, id);
  const gonePath = (id: string) => join(folder, GONE, id);
  const keptPath = (id: string) => join(folder, id.slice(0, 2), id);

  const removeFor = (id: string) => {
    const removal: Promise<void> = unlink(gonePath(id))
      .catch(() => {})
      .finally(() => removals.delete(removal));
    removals.add(removal);
  };

  const discard = (discarded: readonly string[]) => {
    if (discarded.length === 0) return;
    if (holds > 0) return void heldBack.push(...discarded);
    placeIn(GONE);
    for (const id of discarded) {
      fresh.delete(id);
      if (!moved(keptPath(id), gonePath(id)) && !moved(newPath(id), gonePath(id))) continue;
      if (!retained.has(id)) removeFor(id);
    }
  };

  const sweep = async (named: () => AsyncIterable<string>) => {
    const found = [...listed(join(folder, NEW)).filter((id) => !fresh.has(id)), ...keptIn(folder)];
    const before = generation;
    const wanted = new Set<string>();
    for await (const id of named()) wanted.add(id);
    // What a snapshot is restoring must not go; the restore asks for another sweep when it is done.
    if (before !== generation || holds > 0) {
      wasKilled = true;
      return;
    }
    discard(found.filter((id) => !wanted.has(id)));
    const left = listed(join(folder, NEW)).filter((id) => wanted.has(id));
    for (const id of left) {
      placeIn(id.slice(0, 2));
      moved(newPath(id), keptPath(id));
    }
  };

  return {
    folder,
    create() {
      const id = ids.hex(16);
      fresh.add(id);
      placeIn(NEW);
      return startBody(id, newPath(id), { flushes, onAbandon: () => void fresh.delete(id) });
    },
    write(content) {
      const id = ids.hex(16);
      fresh.add(id);
      placeIn(NEW);
      writeWhole(newPath(id), content, flushes);
      return id;
    },
    duplicate(source) {
      const id = ids.hex(16);
      fresh.add(id);
      placeIn(NEW);
      copyLink(existsSync(keptPath(source)) ? keptPath(source) : gonePath(source), newPath(id));
      return id;
    },
    keep(kept) {
      for (const id of kept) {
        placeIn(id.slice(0, 2));
        renameSync(newPath(id), keptPath(id));
        fresh.delete(id);
      }
    },
    discard,
    retain(wanted) {
      for (const id of wanted) retained.set(id, (retained.get(id) ?? 0) + 1);
      return () => {
        for (const id of wanted) {
          const count = (retained.get(id) ?? 1) - 1;
          if (count > 0) retained.set(id, count);
          else {
            retained.delete(id);
            if (existsSync(gonePath(id))) removeFor(id);
          }
        }
      };
    },
    open: (id) => openBody([keptPath(id), gonePath(id), newPath(id)]),
    async recover(named) {
      if (!wasKilled) return;
      wasKilled = false;
      rmSync(join(folder, GONE), { recursive: true, force: true });
      made.delete(GONE);
      await sweep(named);
    },
    hold() {
      holds++;
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        holds--;
        if (holds > 0) return;
        const waiting = heldBack;
        heldBack = [];
        return waiting;
      };
      return {
        release: () => discard(end() ?? []),
        forget() {
          end();
          generation++;
          wasKilled = true;
          placeIn(GONE);
        },
      };
    },
    async close() {
      await Promise.all(removals);
      for (const id of fresh) rmSync(newPath(id), { force: true });
      if (!wasKilled) rmSync(join(folder, IN_USE), { force: true });
    },
  };
}

/** Ids of all files in the folder of a store, whole ones only. */
function keptIn(folder: string): string[] {
  return listed(folder)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) => listed(join(folder, name)));
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (failure) {
    if (codeOf(failure) === 'ENOENT') return false;
    throw failure;
  }
}
