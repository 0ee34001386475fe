/** Keeps the built code of every function current: builds on first need, rebuilds what a changed file touches, newest wins. */
import { type Stats, statSync } from 'node:fs';
import type { DevEvent } from '../model/events.ts';
import type { Clock } from '../model/platform.ts';
import type { FunctionSpec, Project } from '../model/project.ts';
import type { Artifact, Builder } from '../model/runtime.ts';
import { messageOf, placedMessage, SlsError } from '../std/errors.ts';
import { type LatestWins, makeLatestWins } from '../std/latest-wins.ts';
import { bundleKey } from './bundle-options.ts';
import { concerns, isLongShot } from './concern.ts';
import { footprintOf, footprintOfFailure, type Watched, writtenSince } from './footprint.ts';
import { isOwnOutput } from './own-output.ts';
import { isInSight } from './sight.ts';
import { makeSightWatch, type SightWatch } from './sight-watch.ts';
import { type ChangeKind, type FolderWatch, openFolderWatch } from './watch.ts';

export interface BuildServiceOptions {
  /** The first that supports a function builds it. Closed with the service. */
  readonly builders: readonly Builder[];
  readonly project: Project;
  readonly clock: Clock;
  readonly emit: (event: DevEvent) => void;
  /** Without it an artifact stays as it was first built. */
  readonly watch: boolean;
}

export interface BuildService {
  /**
   * The function's code as it is now: waits for a build under way, builds on first need. Rejects with the `SlsError` of a
   * failed build until something changes that may mend it; `function-unknown` for an id the project does not have.
   */
  artifact(functionId: string): Promise<Artifact>;
  /** The same at once, or undefined when it is not built or a change is being built. */
  current(functionId: string): Artifact | undefined;
  /** Builds every function; failures are told as events, never thrown. */
  buildAll(): Promise<void>;
  /** Calls back at the moment a function's code is known to be old. Returns the way to stop that. */
  onStale(listener: (functionId: string) => void): () => void;
  /** Goes on with a reloaded project; functions whose code settings did not change keep what is built. */
  update(project: Project): void;
  close(): Promise<void>;
}

interface Slot {
  fn: FunctionSpec;
  readonly runs: LatestWins<Artifact>;
  artifact: Artifact | undefined;
  failure: unknown;
  pending: Promise<Artifact> | undefined;
  watched: Watched | undefined;
  /** Of the build that is pending. */
  telling: Telling;
  /** Changes of what it sees. */
  edition: number;
}

/**
 * What is told of a build. `news`: only an end that is another than the last one; what is told may go into a file of the
 * project, and change that.
 */
type Telling = 'nothing' | 'news' | 'all';

interface Moment {
  /** By the process's own time: finer than the wall clock, and never set back. */
  readonly own: number;
  /** By which files are dated: epoch ms. */
  readonly wall: number;
}

/** A file that vanished or is empty is most likely being saved: what follows within this time is waited for. */
const SAVING_MS = 50;
/** Of all functions: more would keep no core busier, and the bundler's process does not give back what it took for them. */
const BUILDS_AT_ONCE = 8;

export function openBuildService(options: BuildServiceOptions): BuildService {
  const { builders, clock, emit } = options;
  const slots = new Map<string, Slot>();
  const listeners = new Set<(functionId: string) => void>();
  let project = options.project;
  let watch: FolderWatch | undefined;
  let sightWatch: SightWatch | undefined;
  /** By the process's own time. */
  const watchedSince = new Map<string, number>();
  let closed = false;

  const builderOf = (fn: FunctionSpec): Builder => {
    const builder = builders.find((candidate) => candidate.supports(fn));
    if (builder) return builder;
    throw new SlsError(
      'unknown-runtime',
      `no builder knows the runtime "${fn.runtime}" of ${fn.id}`,
      fn.place,
    );
  };

  /** The watch opens with the first finished build: until then nobody waits for it. */
  const watchFor = (slot: Slot, watched: Watched): void => {
    slot.watched = watched;
    if (!options.watch || closed) return;
    watch ??= openFolderWatch({
      root: project.root,
      onChange: changed,
      onLimit: (message) => emit({ type: 'notice', level: 'warning', message }),
    });
    note(watch.want(slot.fn.id, watched.watch));
    const sights = sightWatch ?? makeSightWatch(watch, tellOfManyFolders);
    sightWatch = sights;
    // Big trees take a moment: whoever waits for the build goes first.
    setImmediate(() => {
      if (!closed) note(sights.add(watched.sight));
    });
  };

  const note = (fresh: Iterable<string>) => {
    for (const folder of fresh) watchedSince.set(folder, performance.now());
  };

  const tellOfManyFolders = (root: string, most: number) =>
    emit({
      type: 'notice',
      level: 'warning',
      message: `${root} has more than ${most} folders: changes in those beyond are seen with the next edit of a function's own source`,
    });

  /** Files read before their folder was watched may have changed unseen. */
  const hasChangedUnseen = (watched: Watched, { own, wall }: Moment) =>
    writtenSince(watched, (folder) => (watchedSince.get(folder) ?? 0) > own, wall);

  const buildOnce = async (slot: Slot, signal: AbortSignal): Promise<Artifact> => {
    const began = { own: performance.now(), wall: Date.now() };
    try {
      const artifact = await builderOf(slot.fn).build(slot.fn, signal);
      signal.throwIfAborted();
      const watched = footprintOf(artifact, slot.fn);
      watchFor(slot, watched);
      if (!hasChangedUnseen(watched, began)) return renewed(artifact, slot.edition);
    } catch (failure) {
      signal.throwIfAborted();
      const watched = footprintOfFailure(failure, slot.fn, project.root, slot.watched);
      watchFor(slot, watched);
      if (!hasChangedUnseen(watched, began)) throw failure;
    }
    return buildOnce(slot, signal);
  };

  const start = (
    slot: Slot,
    before: (signal: AbortSignal) => Promise<unknown> | undefined,
    telling: Telling = 'all',
  ) => {
    const run = slot.runs.run(async (signal) => {
      await before(signal);
      return buildOnce(slot, signal);
    });
    follow(slot, run, telling);
    return run;
  };

  /** One start and one end are told for each wait, however often a newer change began it again. */
  const follow = (slot: Slot, run: Promise<Artifact>, telling: Telling) => {
    const functionId = slot.fn.id;
    const isNew = slot.pending !== run;
    const toldBefore = isNew ? 'nothing' : slot.telling;
    slot.telling = mostOf(toldBefore, telling);
    slot.pending = run;
    if (slot.telling === 'all' && toldBefore !== 'all')
      emit({ type: 'build', functionId, status: 'started' });
    if (!isNew) return;
    const startedAt = clock.now();
    run.then(
      (artifact) => {
        if (slot.pending !== run) return;
        Object.assign(slot, { artifact, failure: undefined, pending: undefined });
        if (slots.get(functionId) !== slot) return;
        const ms = clock.now() - startedAt;
        tellEnd(slot, { type: 'build', functionId, status: 'ok', ms, artifactId: artifact.id });
      },
      (failure: unknown) => {
        if (slot.pending !== run) return;
        const message = explain(failure);
        const isKnown = slot.failure !== undefined && explain(slot.failure) === message;
        Object.assign(slot, { artifact: undefined, failure, pending: undefined });
        if (slots.get(functionId) !== slot || closed || (slot.telling === 'news' && isKnown)) return;
        tellEnd(slot, { type: 'build', functionId, status: 'failed', message });
      },
    );
  };

  const tellEnd = (slot: Slot, end: DevEvent) => {
    if (slot.telling === 'nothing') return;
    if (slot.telling === 'news') emit({ type: 'build', functionId: slot.fn.id, status: 'started' });
    emit(end);
  };

  const changed = (path: string, kind: ChangeKind) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && isOwnOutput(stats)) return;
    // Before anything is told: what is told may start a build.
    const concerned = [...slots.values()].filter(({ watched }) => watched && concerns(watched, path, kind));
    const seeing = seeingOf(path, stats);
    const isNews = seeing.length > 0 && sightWatch?.isNews(path, kind, stats);
    for (const slot of concerned) invalidate(slot, path);
    for (const slot of isNews ? seeing : []) renew(slot, path, kind);
  };

  /** Functions that may have loaded or read the file. */
  const seeingOf = (path: string, stats: Stats | undefined): readonly Slot[] => {
    if (path === project.file) return [];
    const all = [...slots.values()];
    const isSource = all.some(({ watched }) => watched?.inputs.has(path));
    return all.filter(({ watched }) => watched && isInSight(watched.sight, path, stats, isSource));
  };

  /** The code is what it was; instances that run may have loaded or read what is no more. */
  const renew = (slot: Slot, path: string, kind: ChangeKind) => {
    slot.edition++;
    const { artifact, fn } = slot;
    // A build under way takes the new edition when it ends.
    if (artifact && !slot.pending) {
      if (kind === 'entry') builderOf(fn).show?.(fn, artifact, path);
      slot.artifact = renewed(artifact, slot.edition);
      if (isBeingSaved(path)) waitForSave(slot);
    }
    // Its package stays in force.
    if (!fn.deployed) tellStale(fn.id);
  };

  const waitForSave = (slot: Slot) => {
    const run = slot.runs.run(async (signal) => {
      await clock.sleep(SAVING_MS, signal);
      return slot.artifact ?? buildOnce(slot, signal);
    });
    follow(slot, run, 'nothing');
  };

  const invalidate = (slot: Slot, path: string) => {
    const saving = isBeingSaved(path);
    const telling = slot.watched && isLongShot(slot.watched, path) ? 'news' : 'all';
    // Not before the other events of the same save, which are already waiting to be told, are through.
    void start(slot, (signal) => (saving ? clock.sleep(SAVING_MS, signal) : nextTurn()), telling);
    tellStale(slot.fn.id);
  };

  const tellStale = (functionId: string) => {
    for (const listener of listeners) listener(functionId);
  };

  const addSlot = (fn: FunctionSpec) => {
    slots.set(fn.id, {
      fn,
      runs: makeLatestWins(),
      artifact: undefined,
      failure: undefined,
      pending: undefined,
      watched: undefined,
      telling: 'nothing',
      edition: 0,
    });
  };

  const removeSlot = (slot: Slot) => {
    slots.delete(slot.fn.id);
    watch?.want(slot.fn.id, []);
    abandon(slot, unknownFunction(slot.fn.id, project));
    for (const builder of builders) void builder.forget?.(slot.fn.id);
  };

  const artifactOf = async (functionId: string): Promise<Artifact> => {
    const slot = slots.get(functionId);
    if (!slot) throw unknownFunction(functionId, project);
    if (slot.pending) return slot.pending;
    if (slot.artifact) return slot.artifact;
    if (slot.failure !== undefined) throw slot.failure;
    return start(slot, () => undefined);
  };

  for (const fn of project.functions) addSlot(fn);

  return {
    artifact: artifactOf,
    current(functionId) {
      const slot = slots.get(functionId);
      return slot && !slot.pending ? slot.artifact : undefined;
    },
    async buildAll() {
      const waiting = [...slots.keys()];
      const buildNext = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
          await artifactOf(id).catch(() => {});
      };
      await Promise.all(Array.from({ length: BUILDS_AT_ONCE }, buildNext));
    },
    onStale(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    update(next) {
      project = next;
      const ids = new Set(next.functions.map((fn) => fn.id));
      for (const slot of [...slots.values()]) if (!ids.has(slot.fn.id)) removeSlot(slot);
      for (const fn of next.functions) {
        const slot = slots.get(fn.id);
        if (!slot) {
          addSlot(fn);
          continue;
        }
        const isSame = codeSettings(slot.fn) === codeSettings(fn);
        slot.fn = fn;
        if (isSame || !(slot.pending || slot.artifact || slot.failure !== undefined)) continue;
        void start(slot, () => undefined);
        tellStale(fn.id);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      watch?.close();
      for (const slot of slots.values()) abandon(slot, new SlsError('closed', 'the session has ended'));
      await Promise.all(builders.map((builder) => builder.close()));
    },
  };
}

function mostOf(one: Telling, other: Telling): Telling {
  const order: readonly Telling[] = ['nothing', 'news', 'all'];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

function renewed(artifact: Artifact, edition: number): Artifact {
  if (edition === 0) return artifact;
  const builtId = artifact.renewal?.builtId ?? artifact.id;
  return { ...artifact, id: `${builtId}-${edition}`, renewal: { builtId, edition } };
}

function explain(failure: unknown): string {
  if (!(failure instanceof SlsError)) return messageOf(failure);
  const message = placedMessage(failure);
  return failure.hint === undefined ? message : `${message}\n  hint ${failure.hint}`;
}

/** Ends a build under way; whoever waits for it gets `reason`. */
function abandon(slot: Slot, reason: SlsError): void {
  if (slot.pending) void slot.runs.run(() => Promise.reject(reason));
}

/** Everything of a function that its code depends on. */
function codeSettings({
  handler,
  runtime,
  codeRoot,
  external,
  layers,
  build,
  ...rest
}: FunctionSpec): string {
  const { image, imageBuild } = rest;
  const bundle = bundleKey(rest);
  return JSON.stringify([handler, runtime, codeRoot, external, layers, build, bundle, image, imageBuild]);
}

function unknownFunction(functionId: string, project: Project): SlsError {
  return new SlsError('function-unknown', `the project has no function "${functionId}"`, {
    hint: `it has ${project.functions.map((fn) => fn.id).join(', ') || 'none'}`,
  });
}

function isBeingSaved(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return !stats || (stats.isFile() && stats.size === 0);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
