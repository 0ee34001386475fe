/** Watches what functions are built of and what they see besides when they run, and says whom a change concerns. */
import { type Stats, statSync } from 'node:fs';
import { concerns } from './concern.ts';
import { type Watched, writtenSince } from './footprint.ts';
import { isOwnOutput } from './own-output.ts';
import { isInSight } from './sight.ts';
import { makeSightWatch, type SightWatch } from './sight-watch.ts';
import { type ChangeKind, type FolderWatch, openFolderWatch } from './watch.ts';

export interface CodeChange {
  readonly path: string;
  readonly kind: ChangeKind;
  /** Ids of functions whose build may come out different. */
  readonly builtOf: readonly string[];
  /** Ids of functions that may have loaded or read the file. */
  readonly seenBy: readonly string[];
}

export interface CodeWatchOptions {
  /** Without it nothing is watched. */
  readonly enabled: boolean;
  /** Absolute folder of the project. */
  readonly root: string;
  /** Absolute path of the project file, which whoever reads it watches. */
  readonly projectFile: () => string;
  readonly onChange: (change: CodeChange) => void;
  readonly warn: (message: string) => void;
}

/** When something began. */
export interface Moment {
  /** By the process's own time: finer than the wall clock, and never set back. */
  readonly own: number;
  /** By which files are dated: epoch ms. */
  readonly wall: number;
}

export interface CodeWatch {
  /** What the newest build of the function read, or tried to; undefined before the first has ended. */
  of(functionId: string): Watched | undefined;
  follow(functionId: string, watched: Watched): void;
  forget(functionId: string): void;
  /** Whether files of it that were read since `began`, before their folder was watched, may have changed unseen. */
  hasChangedUnseen(watched: Watched, began: Moment): boolean;
  close(): void;
}

export function now(): Moment {
  return { own: performance.now(), wall: Date.now() };
}

export function makeCodeWatch({ enabled, root, projectFile, onChange, warn }: CodeWatchOptions): CodeWatch {
  const followed = new Map<string, Watched>();
  /** By the process's own time. */
  const watchedSince = new Map<string, number>();
  let watch: FolderWatch | undefined;
  let sights: SightWatch | undefined;
  let closed = false;

  const note = (fresh: Iterable<string>) => {
    for (const folder of fresh) watchedSince.set(folder, performance.now());
  };

  const tellOfManyFolders = (folder: string, most: number) =>
    warn(
      `${folder} has more than ${most} folders: changes in those beyond are seen with the next edit of a function's own source`,
    );

  /** The watch opens with the first finished build: until then nobody waits for it. */
  const open = () => {
    watch ??= openFolderWatch({ root, onChange: changed, onLimit: warn });
    sights ??= makeSightWatch(watch, tellOfManyFolders);
    return { watch, sights };
  };

  const changed = (path: string, kind: ChangeKind) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && isOwnOutput(stats)) return;
    const builtOf = idsOf((watched) => concerns(watched, path, kind));
    const seeing = path === projectFile() ? [] : seeingOf(path, stats);
    const isNews = seeing.length > 0 && sights?.isNews(path, kind, stats);
    const seenBy = isNews ? seeing : [];
    if (builtOf.length > 0 || seenBy.length > 0) onChange({ path, kind, builtOf, seenBy });
  };

  const seeingOf = (path: string, stats: Stats | undefined): readonly string[] => {
    const isSource = [...followed.values()].some(({ inputs }) => inputs.has(path));
    return idsOf(({ sight }) => isInSight(sight, path, stats, isSource));
  };

  const idsOf = (is: (watched: Watched) => boolean): readonly string[] =>
    [...followed].flatMap(([id, watched]) => (is(watched) ? [id] : []));

  return {
    of: (functionId) => followed.get(functionId),
    follow(functionId, watched) {
      followed.set(functionId, watched);
      if (!enabled || closed) return;
      const opened = open();
      note(opened.watch.want(functionId, watched.watch));
      // Big trees take a moment: whoever waits for the build goes first.
      setImmediate(() => {
        if (!closed) note(opened.sights.add(watched.sight));
      });
    },
    forget(functionId) {
      followed.delete(functionId);
      watch?.want(functionId, []);
    },
    hasChangedUnseen: (watched, { own, wall }) =>
      writtenSince(watched, (folder) => (watchedSince.get(folder) ?? 0) > own, wall),
    close() {
      closed = true;
      watch?.close();
    },
  };
}
